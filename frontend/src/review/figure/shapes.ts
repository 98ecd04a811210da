import type { Look } from './dress'
import type { Palette } from './palette'
import type { FigureOut } from './types'
import { drawnAt } from './zone'

/** What lies behind the values: phases, time in which nobody watched; and what is selected. */
export function shapesOf(figure: FigureOut, look: Look, colours: Palette): object[] {
  const given = (figure.layout['shapes'] ?? []) as Record<string, unknown>[]
  const shapes: object[] = given.flatMap((shape) => {
    const name = String(shape['name'] ?? '')
    if (name.startsWith('phase:')) return [stretch(shape, phaseColour(name.slice(6), colours), 'below')]
    if (name.startsWith('gap')) return [stretch(shape, colours.gap, 'below')]
    return []
  })
  if (look.endMs !== null) shapes.push(upright(look.endMs, colours.now, 1, 'dot'))
  if (look.selectedMs !== null) shapes.push(upright(look.selectedMs, colours.focus, 1.5, 'solid'))
  return shapes
}

function phaseColour(phase: string, colours: Palette): string | undefined {
  return colours.phase[phase] ?? colours.phase['other']
}

function stretch(shape: Record<string, unknown>, fillcolor: string | undefined, layer: string): object {
  return {
    type: 'rect',
    xref: 'x',
    yref: 'paper',
    x0: moved(shape['x0']),
    x1: moved(shape['x1']),
    y0: 0,
    y1: 1,
    layer,
    fillcolor,
    line: { width: 0 },
  }
}

function upright(at: number, color: string, width: number, dash: string): object {
  const x = drawnAt(at)
  return { type: 'line', xref: 'x', yref: 'paper', x0: x, x1: x, y0: 0, y1: 1, line: { color, width, dash } }
}

function moved(at: unknown): number {
  return drawnAt(typeof at === 'number' ? at : Date.parse(String(at)))
}
