/** Copies what an element says; where the browser does not let a page do that (no TLS), it is selected, to be copied by hand. */
export async function copyFrom(element: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(element.textContent ?? '')
    return true
  } catch {
    const selection = window.getSelection()
    selection?.selectAllChildren(element)
    return false
  }
}
