const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** Arrows go from row to row, from the first on up to what is searched for. */
export function walk(press: KeyboardEvent): void {
  const here = press.target instanceof HTMLElement ? press.target.closest<HTMLElement>('.row-open') : null
  const step = STEPS[press.key]
  if (here === null || step === undefined) return
  press.preventDefault()
  press.stopPropagation()
  const rows = [...document.querySelectorAll<HTMLElement>('.find-table .row-open')]
  const next = rows.indexOf(here) + step
  if (next < 0 && press.key === 'ArrowUp') document.querySelector<HTMLElement>('.find input[name=q]')?.focus()
  else rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus()
}
