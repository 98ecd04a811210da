import type { WithSecret } from '../../api/admin'
import { clock } from '../../model/time'
import { admin } from '../../text-admin'
import { SecretDialog } from '../secret-dialog'
import type { Token } from '../types'
import { now } from '../when'
import { kindOf } from './kinds'

const LINK_MS = 15 * 60_000 // as long as the server keeps a link
const words = admin.tokens

/** What was made: a token for a program, or the address that a wall screen opens once. */
export function TokenSecret({ made, onClose }: { made: WithSecret<Token>; onClose: () => void }) {
  const { item, secret } = made
  if (kindOf(item) !== 'screen') {
    return (
      <SecretDialog
        title={words.shown(item.name)}
        hint={words.shownHint}
        kind="token"
        secret={secret}
        onClose={onClose}
      />
    )
  }
  return (
    <SecretDialog
      title={words.linkShown(item.name)}
      hint={words.linkHint(clock(now() + LINK_MS))}
      kind="link"
      secret={secret}
      whole={wallAddress}
      onClose={onClose}
    />
  )
}

/** The whole address to open; the secret stands behind the #, so that no server or proxy ever hears it. */
export function wallAddress(link: string): string {
  return new URL(link, location.origin).href
}
