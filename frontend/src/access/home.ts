import type { Me } from '../api/auth'
import { type OwnPage, PAGES } from '../pages'

/** Where somebody belongs who says nothing else: their work first. */
export function homeOf(who: Pick<Me, 'role' | 'permissions'>, pages: readonly OwnPage[] = PAGES): string {
  const own = pages.find((page) => !page.aside && who.permissions.includes(page.needs))
  const board = who.permissions.includes('board.watch')
  if (own && (who.role === 'auditor' || !board)) return own.path
  return board ? '/' : '/wall'
}
