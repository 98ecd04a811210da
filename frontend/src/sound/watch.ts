import { isAnother, type Outputs, outputsOf, UNKNOWN } from './outputs'

/**
 * Tells when sound may go elsewhere than before. What it returns looks whether that is so: Chromium says that a device came
 * or went only to pages that may use a microphone. Over plain http there is nothing to look at.
 */
export function watchOutputs(another: (now: Outputs) => void): () => void {
  const media: MediaDevices | undefined = navigator.mediaDevices
  if (!media?.enumerateDevices) return () => undefined
  let known = UNKNOWN
  let told = false
  let asking = false // some browsers answer only when the page is in front again

  const look = async () => {
    if (asking) return
    asking = true
    do {
      const because = told
      told = false
      const devices = await media.enumerateDevices().catch(() => null)
      if (devices === null) continue // it says nothing now: what was known stays known
      const before = known
      known = outputsOf(before, devices)
      if (isAnother(before, known, because)) another(known)
    } while (told)
    asking = false
  }
  media.addEventListener('devicechange', () => {
    told = true
    void look()
  })
  return () => void look()
}
