import { text } from '../text'
import type { Asked } from './gate'
import { gated, problemOf, sent } from './http'
import { Unreachable } from './problem'

const FILE_LIMIT_MS = 120_000 // the report of a long session is set in seconds, and then comes over a slow line

/** A file that is made when it is asked for; `name` is what the server calls it. */
export interface MadeFile {
  blob: Blob
  name: string
}

export function file(path: string): Promise<MadeFile> {
  const asked: Asked = { method: 'GET', path, body: undefined }
  return gated(asked, async (grant) => {
    const answer = await sent(asked, grant, FILE_LIMIT_MS)
    if (!answer.ok) throw problemOf(answer, await answer.json().catch(() => null))
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1]
    try {
      return { blob: await answer.blob(), name: name ?? 'download' }
    } catch {
      throw new Unreachable(text.problem.unreachable) // it broke off half way
    }
  })
}
