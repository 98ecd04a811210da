import type { Look } from './dress'
import type { Palette } from './palette'
import type { FigureOut } from './types'

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
    x0: momentOf(shape['x0']),
    x1: momentOf(shape['x1']),
    y0: 0,
    y1: 1,
    layer,
    fillcolor,
    line: { width: 0 },
  }
}

function upright(at: number, color: string, width: number, dash: string): object {
  return {
    type: 'line',
    xref: 'x',
    yref: 'paper',
    x0: at,
    x1: at,
    y0: 0,
    y1: 1,
    line: { color, width, dash },
  }
}

function momentOf(at: unknown): number {
  return typeof at === 'number' ? at : Date.parse(String(at))
}
