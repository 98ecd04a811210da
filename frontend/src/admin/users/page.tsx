import '../../styles/admin.css'
import '../../styles/admin-windows.css'
import { useMemo, useState } from 'preact/hooks'
import { me } from '../../access/me'
import { users as readUsers } from '../../api/admin'
import { admin } from '../../text-admin'
import { Icon } from '../../ui/icon'
import { Filter } from '../filter'
import { Head, Loaded, Nothing } from '../parts'
import { useResource } from '../resource'
import type { User } from '../types'
import { ago, moment, now } from '../when'
import { found, inGroup, sorted, stateOf, type UserGroup } from './list'
import { type UserWindow, UserWindows } from './windows'

const words = admin.users
const GROUPS: readonly UserGroup[] = ['all', 'locked', 'inactive']

/** Who may sign in, and everything that is done about it. */
export default function UsersPage() {
  const list = useResource(readUsers)
  const [opened, setOpened] = useState<UserWindow | null>(null)
  return (
    <div class="admin">
      <Head intro={words.intro}>
        <button
          type="button"
          class="button primary"
          data-testid="new-user"
          onClick={() => setOpened({ kind: 'new' })}
        >
          <Icon name="plus" />
          {words.create}
        </button>
      </Head>
      <Loaded from={list}>
        {(users) => <UserList users={users} onOpen={(id) => setOpened({ kind: 'manage', id })} />}
      </Loaded>
      {opened && (
        <UserWindows
          opened={opened}
          users={list.value.value ?? []}
          onOpen={setOpened}
          onChanged={() => void list.reload()}
        />
      )}
    </div>
  )
}

function UserList({ users, onOpen }: { users: readonly User[]; onOpen: (id: string) => void }) {
  const [query, setQuery] = useState('')
  const [group, setGroup] = useState<UserGroup>('all')
  const nowMs = now()
  const ordered = useMemo(() => sorted(users), [users])
  const shown = ordered.filter((user) => inGroup(user, group, nowMs) && found(user, query))
  return (
    <>
      <Filter
        label={words.search}
        query={query}
        groups={GROUPS.map((name) => ({
          name,
          label: words.group[name],
          count: users.filter((user) => inGroup(user, name, nowMs)).length,
        }))}
        chosen={group}
        shown={shown.length}
        of={users.length}
        onQuery={setQuery}
        onGroup={setGroup}
      />
      {shown.length === 0 ? (
        <Nothing
          title={query === '' && group !== 'all' ? words.nobody[group] : admin.noMatch}
          hint={query === '' ? '' : admin.noMatchHint}
        >
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
      ) : (
        <table class="admin-table users-table" data-testid="users">
          <thead>
            <tr>
              <th scope="col">{words.column.person}</th>
              <th scope="col">{words.column.role}</th>
              <th scope="col">{words.column.state}</th>
              <th scope="col">{words.column.pin}</th>
              <th scope="col">{words.column.seen}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((user) => (
              <UserRow key={user.id} user={user} nowMs={nowMs} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function UserRow({ user, nowMs, onOpen }: { user: User; nowMs: number; onOpen: (id: string) => void }) {
  const state = stateOf(user, nowMs)
  return (
    <tr data-testid="user" data-user={user.name} data-state={state}>
      <th scope="row">
        <button
          type="button"
          class="row-open"
          aria-label={words.manage(user.display_name)}
          onClick={() => onOpen(user.id)}
        >
          <b>{user.display_name}</b>
          <small>
            {user.name}
            {user.id === me.value?.user?.id && ` · ${words.you}`}
          </small>
        </button>
      </th>
      <td>{admin.role(user.role)}</td>
      <td data-tone={state}>{stateText(user, nowMs)}</td>
      <td class={user.has_pin ? '' : 'dim'} data-head={words.column.pin}>
        {user.has_pin ? words.pin : words.noPin}
      </td>
      <td class={user.last_seen_at ? '' : 'dim'} data-head={words.column.seen}>
        {user.last_seen_at ? ago(user.last_seen_at, nowMs) : admin.never}
      </td>
    </tr>
  )
}

export function stateText(user: User, nowMs: number): string {
  const state = stateOf(user, nowMs)
  if (state === 'locked') return words.lockedUntil(moment(user.locked_until ?? '', nowMs))
  return state === 'active' ? words.active : words.inactive
}
