const LATER_MS = 1_000 // what is on the page comes first
const AGAIN_MS = 3_000 // a server that went just now is back about then

/**
 * Loads what the page can do without at first, and begins it; again and again while the server does not answer, for what
 * waits in this browser must not wait for the next visit. The function that is returned gives up.
 */
export function later<Part>(load: () => Promise<Part>, begin: (part: Part) => void): () => void {
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
  wait(LATER_MS)
  return () => {
    over = true
    clearTimeout(timer)
  }
}
