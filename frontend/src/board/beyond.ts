import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

/** How many entries end outside the box, at its far edge: nothing waits there unseen. */
export function countBeyond(
  box: { right: number; bottom: number },
  entries: readonly { right: number; bottom: number }[],
): number {
  const NEARLY = 2 // px: a border that is cut is no hidden entry
  return entries.filter(({ right, bottom }) => right > box.right + NEARLY || bottom > box.bottom + NEARLY)
    .length
}

/**
 * Where the list is a strip or longer than its place, says how many entries lie beyond its edge and whether all are laid
 * open. Closes with Escape and by itself when everything fits again.
 */
export function useBeyond(box: { current: HTMLElement | null }, keys: string) {
  const [beyond, setBeyond] = useState(0)
  const [open, setOpen] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted again for other entries
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const count = () => {
      const entries = [...element.querySelectorAll('.attention-item')]
      setBeyond(
        countBeyond(
          element.getBoundingClientRect(),
          entries.map((entry) => entry.getBoundingClientRect()),
        ),
      )
    }
    const observer = new ResizeObserver(count)
    observer.observe(element)
    element.addEventListener('scroll', count, { passive: true })
    count()
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', count)
    }
  }, [box, keys, open])
  useEffect(() => {
    if (!open) return
    const close = (press: KeyboardEvent) => {
      if (press.key === 'Escape') setOpen(false)
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [open])
  return { beyond, open, setOpen }
}
