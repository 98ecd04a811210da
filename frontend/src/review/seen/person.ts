import { clock, ms } from '../../model/time'
import { text } from '../../text'
import { seenText as words } from '../../text-seen'
import type { SeenPerson, SeenSignIn } from './types'

/** "Nurse · 10:02", and of several screens each: "Nurse, 2 screens: own · 10:02; shared screen, Room 1, locked · 10:15". */
export function personText({ role, sign_ins: signIns }: SeenPerson): string {
  const known = text.access.role(role)
  if (signIns.length === 1) return signIns.map((one) => timed([known, ...facts(one)], one)).join('')
  const each = signIns.map((one) => timed(one.shared ? facts(one) : [words.own, ...facts(one)], one))
  return `${known}, ${words.signIns(signIns.length)}: ${each.join('; ')}`
}

function facts({ shared, station, locked }: SeenSignIn): string[] {
  return [...(shared ? [words.shared(station)] : []), ...(locked ? [words.locked] : [])]
}

function timed(said: readonly string[], { since }: SeenSignIn): string {
  return `${said.join(', ')} · ${clock(ms(since))}`
}
