import type { ClinicOut } from '../clinic/view'
import { get } from './http'

export const clinicOver = (query: URLSearchParams) => get<ClinicOut>(`/api/clinic?${query}`)
