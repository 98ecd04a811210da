import type { MadeFile } from '../../api/file'

const KEPT_MS = 60_000 // a browser that asks where to save needs it a while longer

/** Gives a file to the browser under the name that the server chose. */
export function save({ blob, name }: MadeFile): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS)
}
