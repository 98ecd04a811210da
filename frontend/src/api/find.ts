import type { Asked, SessionItem } from '../find/list'
import type { Page } from './calls'
import { post } from './http'

/** In a body: what is typed may be a name. */
export const findSessions = (asked: Asked) => post<Page<SessionItem>>('/api/sessions/search', asked)
