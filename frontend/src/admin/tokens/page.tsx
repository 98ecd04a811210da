import '../../styles/admin.css'
import '../../styles/admin-windows.css'
import { useState } from 'preact/hooks'
import { newLink, tokens as readTokens, revokeToken, type WithSecret } from '../../api/admin'
import { admin } from '../../text-admin'
import { Icon } from '../../ui/icon'
import { ConfirmDialog } from '../confirm'
import { Head, Loaded } from '../parts'
import { useResource } from '../resource'
import type { Token } from '../types'
import { kindOf } from './kinds'
import { TokenList } from './list'
import { NewTokenDialog } from './new'
import { TokenSecret } from './secret'

const words = admin.tokens

type Opened =
  | { kind: 'new' }
  | { kind: 'revoke' | 'link'; token: Token }
  | { kind: 'secret'; made: WithSecret<Token> }

/** What is let in without a person: devices, simulators, integrations, wall screens. */
export default function TokensPage() {
  const list = useResource(readTokens)
  const [opened, setOpened] = useState<Opened | null>(null)
  const close = () => setOpened(null)
  const made = (answer: WithSecret<Token>) => {
    void list.reload()
    setOpened({ kind: 'secret', made: answer })
  }
  return (
    <div class="admin">
      <Head intro={words.intro}>
        <button
          type="button"
          class="button primary"
          data-testid="new-token"
          onClick={() => setOpened({ kind: 'new' })}
        >
          <Icon name="plus" />
          {words.create}
        </button>
      </Head>
      <Loaded from={list}>
        {(tokens) => (
          <TokenList
            tokens={tokens}
            onRevoke={(token) => setOpened({ kind: 'revoke', token })}
            onLink={(token) => setOpened({ kind: 'link', token })}
          />
        )}
      </Loaded>
      {opened?.kind === 'new' && <NewTokenDialog onDone={made} onClose={close} />}
      {opened?.kind === 'secret' && <TokenSecret made={opened.made} onClose={close} />}
      {opened?.kind === 'link' && (
        <ConfirmDialog
          title={words.linkTitle(opened.token.name)}
          testid="new-link"
          lines={[words.linkEnds]}
          label={words.linkDo}
          run={() => newLink(opened.token.id)}
          onDone={made}
          onClose={close}
        />
      )}
      {opened?.kind === 'revoke' && (
        <ConfirmDialog
          title={words.revokeTitle(opened.token.name)}
          testid="revoke-token"
          lines={[words.stops[kindOf(opened.token)], words.noReturn]}
          label={words.revoke}
          run={() => revokeToken(opened.token.id)}
          onDone={() => {
            void list.reload()
            close()
          }}
          onClose={close}
        />
      )}
    </div>
  )
}
