import { admin } from '../../text-admin'
import type { Role } from '../types'

const ROLES: readonly Role[] = ['nurse', 'clinician', 'administrator', 'auditor', 'viewer']

interface Props {
  value: Role | null
  wrong?: string | undefined
  /** nobody takes the role from themselves */
  fixed?: boolean
  onRole: (role: Role) => void
}

/** What a person may do, chosen by what it means and not by a word alone. */
export function RoleField({ value, wrong, fixed, onRole }: Props) {
  return (
    <fieldset class="options" disabled={fixed === true}>
      <legend>{admin.user.role}</legend>
      {ROLES.map((role) => (
        <label key={role} class="option">
          <input
            type="radio"
            name="role"
            value={role}
            checked={value === role}
            onChange={() => onRole(role)}
          />
          <span>
            <b>{admin.role(role)}</b>
            <small>{admin.roleMay(role)}</small>
          </span>
        </label>
      ))}
      <small class="field-said">{wrong}</small>
    </fieldset>
  )
}
