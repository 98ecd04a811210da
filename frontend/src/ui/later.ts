const AGAIN_MS = 3_000 // a server that went just now is back about then

/**
 * Loads what the page can do without for `firstMs`, and begins it; again and again while the server does not answer, for it
 * must not wait for the next visit. The function that is returned gives up.
 */
export function later<Part>(
  load: () => Promise<Part>,
  begin: (part: Part) => void,
  firstMs: number,
): () => void {
  let timer: ReturnType<typeof setTimeout>
  let over = false
  const wait = (ms: number) => {
    timer = setTimeout(() => {
      load().then(
        (part) => {
          if (!over) begin(part)
        },
        () => {
          if (!over) wait(AGAIN_MS)
        },
      )
    }, ms)
  }
  wait(firstMs)
  return () => {
    over = true
    clearTimeout(timer)
  }
}
