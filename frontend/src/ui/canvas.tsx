import { useEffect, useMemo, useRef } from 'preact/hooks'
import { theme } from '../theme'

export type Draw = (
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  style: CSSStyleDeclaration,
) => void

/** A drawing that follows its box, the screen's density and the theme; drawn at most once a frame. */
export function Canvas({ draw, label, class: extra }: { draw: Draw; label: string; class: string }) {
  const element = useRef<HTMLCanvasElement>(null)
  const painter = useMemo(() => new Painter(), [])
  const shade = theme.value
  useEffect(() => painter.attach(element.current), [painter])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is another drawing
  useEffect(() => painter.show(draw, shade), [painter, draw, shade])
  return <canvas ref={element} class={extra} role="img" aria-label={label} />
}

/**
 * Asks the page for nothing while it paints: the box is told by the observer and colours are read once for a theme, for
 * either question would make the browser lay out the whole page, once for every trend on the board.
 */
class Painter {
  #canvas: HTMLCanvasElement | null = null
  #draw: Draw | null = null
  #frame = 0
  #width = 0
  #height = 0
  #shade = ''
  #style: CSSStyleDeclaration | null = null

  attach(canvas: HTMLCanvasElement | null): () => void {
    this.#canvas = canvas
    const observer = new ResizeObserver((entries) => {
      const box = entries[entries.length - 1]?.contentRect
      if (!box) return
      this.#width = box.width
      this.#height = box.height
      this.#request()
    })
    if (canvas) observer.observe(canvas)
    return () => {
      observer.disconnect()
      cancelAnimationFrame(this.#frame)
      this.#frame = 0
      this.#canvas = null
    }
  }

  show(draw: Draw, shade: string): void {
    if (shade !== this.#shade) this.#style = null
    this.#shade = shade
    this.#draw = draw
    this.#request()
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint())
  }

  #paint(): void {
    this.#frame = 0
    const canvas = this.#canvas
    const [width, height] = [this.#width, this.#height]
    if (!canvas || width <= 0 || height <= 0) return
    const context = canvas.getContext('2d')
    if (!context) return
    const density = window.devicePixelRatio || 1
    const [columns, lines] = [Math.round(width * density), Math.round(height * density)]
    if (canvas.width !== columns) canvas.width = columns
    if (canvas.height !== lines) canvas.height = lines
    context.setTransform(density, 0, 0, density, 0, 0)
    context.clearRect(0, 0, width, height)
    this.#style ??= remembered(getComputedStyle(canvas))
    this.#draw?.(context, width, height, this.#style)
  }
}

/** What drawings read of a style, each asked for once. */
function remembered(style: CSSStyleDeclaration): CSSStyleDeclaration {
  const known = new Map<string, string>()
  return {
    color: style.color,
    fontFamily: style.fontFamily,
    getPropertyValue(name: string): string {
      const held = known.get(name) ?? style.getPropertyValue(name)
      known.set(name, held)
      return held
    },
  } as CSSStyleDeclaration
}
