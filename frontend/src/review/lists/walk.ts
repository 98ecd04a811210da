/** Arrow keys go from line to line of a list of buttons. */
export function walk(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const lines = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button')]
  const next = lines[lines.indexOf(document.activeElement as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

/** Scrolls the list, and nothing around it, until the line of this entry is seen. */
export function reveal(list: HTMLElement | null, seq: number): void {
  const line = list?.querySelector<HTMLElement>(`[data-seq='${seq}']`)
  const around = scrolling(list)
  if (!line || !around) return
  const [inner, outer] = [line.getBoundingClientRect(), around.getBoundingClientRect()]
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    around.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2
  }
}

function scrolling(from: HTMLElement | null): HTMLElement | null {
  for (let element = from; element; element = element.parentElement) {
    if (element.classList.contains('own-page-main')) return null // the page itself stays where somebody has it
    if (/auto|scroll/.test(getComputedStyle(element).overflowY)) return element
  }
  return null
}
