const QUIET_MS = 1_500 // between two letters or presses of somebody at work there is less
const SIGNS_OF_WORK = ['input', 'keydown', 'pointerdown', 'wheel'] as const

/**
 * Does it once when nobody has typed, pressed or turned anything for a moment: for what holds the page for a part of a second,
 * which must not be felt. The function that is returned gives up.
 */
export function whenQuiet(begin: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = () => {
    clearTimeout(timer)
    for (const sign of SIGNS_OF_WORK) window.removeEventListener(sign, again, true)
  }
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      over()
      begin()
    }, QUIET_MS)
  }
  for (const sign of SIGNS_OF_WORK) window.addEventListener(sign, again, { capture: true, passive: true })
  again()
  return over
}
