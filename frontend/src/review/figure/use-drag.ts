import { useRef, useState } from 'preact/hooks'

const LEAST_PX = 6 // less is a press that trembled

export interface Drag {
  /** from where to where, in pixels of the element */
  fromX: number
  toX: number
}

interface Watched {
  drag: Drag | null
  down: (event: PointerEvent) => void
  move: (event: PointerEvent) => void
  up: (event: PointerEvent) => void
  cancel: () => void
}

interface Place {
  x: number
  y: number
}

/**
 * A stretch that is chosen by dragging over it, and a place that is pressed; also between the rows, where Plotly takes neither.
 * A finger that moves scrolls the page.
 */
export function useDrag(dragged: (drag: Drag) => void, pressed: (at: Place) => void): Watched {
  const began = useRef<Place | null>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const cancel = () => {
    began.current = null
    setDrag(null)
  }
  return {
    drag,
    down: (event) => {
      if (event.button !== 0) return
      began.current = placeOf(event)
      if (event.pointerType !== 'touch')
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    },
    move: (event) => {
      const from = began.current
      if (from === null || event.pointerType === 'touch') return
      if (event.buttons === 0) return cancel() // it was let go outside
      const { x } = placeOf(event)
      if (drag === null && Math.abs(x - from.x) < LEAST_PX) return
      setDrag({ fromX: Math.min(from.x, x), toX: Math.max(from.x, x) })
    },
    up: (event) => {
      const [from, to] = [began.current, placeOf(event)]
      if (drag !== null) dragged(drag)
      else if (from !== null && Math.hypot(to.x - from.x, to.y - from.y) < 2 * LEAST_PX) pressed(to)
      cancel()
    },
    cancel,
  }
}

export function placeOf(event: PointerEvent): Place {
  const own = (event.currentTarget as HTMLElement).getBoundingClientRect()
  return { x: event.clientX - own.left, y: event.clientY - own.top }
}
