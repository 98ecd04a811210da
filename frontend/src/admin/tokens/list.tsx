import { useState } from 'preact/hooks'
import { admin } from '../../text-admin'
import { Icon, type IconName } from '../../ui/icon'
import { Filter } from '../filter'
import { Nothing } from '../parts'
import type { Token } from '../types'
import { ago, date, now } from '../when'
import {
  boundTo,
  found,
  hasEnded,
  inGroup,
  KINDS,
  ofKind,
  stateOf,
  type TokenGroup,
  type TokenKind,
  whyEnded,
} from './kinds'

const words = admin.tokens
const GROUPS: readonly TokenGroup[] = ['all', 'live', 'ended']
const ICONS: Record<TokenKind, IconName> = {
  device: 'pulse',
  simulator: 'chip',
  integration: 'person',
  screen: 'screen',
}

interface Does {
  onRevoke: (token: Token) => void
  onLink: (token: Token) => void
}

export function TokenList({ tokens, ...does }: Does & { tokens: readonly Token[] }) {
  const [query, setQuery] = useState('')
  const [group, setGroup] = useState<TokenGroup>('all')
  if (tokens.length === 0) return <Nothing title={words.empty} hint={words.emptyHint} />
  const nowMs = now()
  const shown = tokens.filter((token) => inGroup(token, group, nowMs) && found(token, query))
  return (
    <>
      <Filter
        label={words.search}
        query={query}
        groups={GROUPS.map((name) => ({
          name,
          label: words.group[name],
          count: tokens.filter((token) => inGroup(token, name, nowMs)).length,
        }))}
        chosen={group}
        shown={shown.length}
        of={tokens.length}
        onQuery={setQuery}
        onGroup={setGroup}
      />
      {shown.length === 0 && (
        <Nothing title={admin.noMatch} hint={admin.noMatchHint}>
          <button
            type="button"
            class="button"
            onClick={() => {
              setQuery('')
              setGroup('all')
            }}
          >
            {admin.clear}
          </button>
        </Nothing>
      )}
      {shown.length > 0 && (
        <table class="admin-table tokens-table" data-testid="tokens">
          <thead>
            <tr>
              <th scope="col">{words.column.name}</th>
              <th scope="col">{words.column.bound}</th>
              <th scope="col">{words.column.state}</th>
              <th scope="col">{words.column.expires}</th>
              <th scope="col">{words.column.used}</th>
              <td />
            </tr>
          </thead>
          {KINDS.map((kind) => (
            <Kind key={kind} kind={kind} tokens={ofKind(shown, kind, nowMs)} nowMs={nowMs} {...does} />
          ))}
        </table>
      )}
    </>
  )
}

interface KindProps extends Does {
  kind: TokenKind
  tokens: readonly Token[]
  nowMs: number
}

function Kind({ kind, tokens, nowMs, ...does }: KindProps) {
  if (tokens.length === 0) return null
  return (
    <tbody data-testid={`tokens-${kind}`}>
      <tr class="kind-row">
        <th scope="rowgroup" colSpan={6}>
          <h2>
            <Icon name={ICONS[kind]} />
            {words.kind[kind]}
          </h2>
        </th>
      </tr>
      {tokens.map((token) => (
        <Row key={token.id} token={token} nowMs={nowMs} {...does} />
      ))}
    </tbody>
  )
}

function Row({ token, nowMs, onRevoke, onLink }: Does & { token: Token; nowMs: number }) {
  const state = stateOf(token, nowMs)
  const made = date(token.created_at, nowMs)
  return (
    <tr data-testid="token" data-token-name={token.name} data-state={state}>
      <th scope="row">
        <b>{token.name}</b>
        <small>
          <code>{token.prefix}</code> · {words.madeBy(token.created_by.name, made)}
        </small>
      </th>
      <td>{boundTo(token)}</td>
      <td data-tone={state}>{whyEnded(token, nowMs) ?? words.state[state]}</td>
      <td data-head={words.column.expires} class={token.expires_at ? '' : 'dim'}>
        {token.expires_at ? date(token.expires_at, nowMs) : words.neverExpires}
      </td>
      <td data-head={words.column.used} class={token.last_used_at ? '' : 'dim'}>
        {token.last_used_at ? ago(token.last_used_at, nowMs) : admin.never}
      </td>
      <td class="row-buttons">
        {!hasEnded(token, nowMs) && (
          <>
            {token.role === 'viewer' && token.user === null && (
              <button
                type="button"
                class="button"
                aria-label={words.linkName(token.name)}
                data-testid="link-token"
                onClick={() => onLink(token)}
              >
                {words.link}
              </button>
            )}
            <button
              type="button"
              class="button"
              aria-label={words.revokeName(token.name)}
              data-testid="revoke"
              onClick={() => onRevoke(token)}
            >
              {words.revoke}
            </button>
          </>
        )}
      </td>
    </tr>
  )
}
