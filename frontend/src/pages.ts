import type { ComponentType } from 'preact'
import type { Permission } from './access/permissions'
import { unreviewed } from './admin/unreviewed'
import { places } from './text-places'
import type { IconName } from './ui/icon'

/** A page beside the board: in the menu and opened only for whom it is. */
export interface OwnPage {
  /** its address; what lies below it is its own too */
  path: string
  label: string
  icon: IconName
  needs: Permission
  load: () => Promise<{ default: ComponentType<{ rest: string }> }>
  /** in the menu, but not where anybody lands */
  aside?: true
  /** how much waits there, behind its label while it is not 0 */
  badge?: { readonly value: number }
}

/** In the order of the menu. The first that is not aside is where one lands who has no board. */
export const PAGES: readonly OwnPage[] = [
  {
    path: '/sessions',
    label: places.sessions,
    icon: 'old',
    needs: 'session.read',
    aside: true,
    load: () => import('./find/page'),
  },
  {
    path: '/clinic',
    label: places.clinic,
    icon: 'pulse',
    needs: 'review.read',
    aside: true,
    load: () => import('./clinic/page'),
  },
  {
    path: '/admin/users',
    label: places.users,
    icon: 'person',
    needs: 'user.manage',
    load: () => import('./admin/users/page'),
  },
  {
    path: '/admin/tokens',
    label: places.tokens,
    icon: 'key',
    needs: 'token.manage',
    load: () => import('./admin/tokens/page'),
  },
  {
    path: '/admin/emergencies',
    label: places.emergencies,
    icon: 'warn',
    needs: 'emergency.review',
    badge: unreviewed,
    load: () => import('./admin/emergencies/page'),
  },
  {
    path: '/audit',
    label: places.audit,
    icon: 'old',
    needs: 'access_log.read',
    load: () => import('./audit/page'),
  },
]

export interface Opened {
  entry: OwnPage
  /** what lies below the page's path */
  rest: string
}

/** The page that an address belongs to, the longest path first. */
export function ownPage(path: string, pages: readonly OwnPage[] = PAGES): Opened | null {
  const clean = path.replace(/\/+$/, '')
  const entry = [...pages]
    .sort((a, b) => b.path.length - a.path.length)
    .find((page) => clean === page.path || clean.startsWith(`${page.path}/`))
  return entry ? { entry, rest: clean.slice(entry.path.length + 1) } : null
}
