import type { Actor } from '../live/types'
import { text } from '../text'

/** Who it was, as far as this screen is told: by name, else by role. */
export function nameOf({ name, role, kind }: Actor): string {
  return name ?? text.access.somebody(role ?? kind)
}
