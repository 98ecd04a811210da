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
  useEffect(() => painter.show(draw), [painter, draw, shade])
  return <canvas ref={element} class={extra} role="img" aria-label={label} />
}

class Painter {
  #canvas: HTMLCanvasElement | null = null
  #draw: Draw | null = null
  #frame = 0

  attach(canvas: HTMLCanvasElement | null): () => void {
    this.#canvas = canvas
    const observer = new ResizeObserver(() => this.#request())
    if (canvas) observer.observe(canvas)
    return () => {
      observer.disconnect()
      cancelAnimationFrame(this.#frame)
      this.#canvas = null
    }
  }

  show(draw: Draw): void {
    this.#draw = draw
    this.#request()
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint())
  }

  #paint(): void {
    this.#frame = 0
    const canvas = this.#canvas
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const { clientWidth: width, clientHeight: height } = canvas
    const density = window.devicePixelRatio || 1
    const [columns, lines] = [Math.round(width * density), Math.round(height * density)]
    if (canvas.width !== columns) canvas.width = columns
    if (canvas.height !== lines) canvas.height = lines
    context.setTransform(density, 0, 0, density, 0, 0)
    context.clearRect(0, 0, width, height)
    if (width > 0 && height > 0) this.#draw?.(context, width, height, getComputedStyle(canvas))
  }
}
