import { useEffect, useRef } from 'preact/hooks'
import { openWindows } from '../ui/dialog'

/**
 * Escape by hand: a browser that was kept from closing a window once closes it at the second Escape without asking. A window
 * over this one keeps its own.
 */
export function useEscape(run: () => void): void {
  const latest = useRef(run)
  latest.current = run
  const self = useRef<symbol | undefined>(undefined)
  useEffect(() => {
    self.current = openWindows.peek().at(-1)
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || openWindows.peek().at(-1) !== self.current) return
      event.preventDefault()
      event.stopPropagation()
      latest.current()
    }
    document.addEventListener('keydown', pressed, { capture: true })
    return () => document.removeEventListener('keydown', pressed, { capture: true })
  }, [])
}
