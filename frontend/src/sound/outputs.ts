/** What this page has learned of where its sound goes. */
export interface Outputs {
  /** `unknown`: none was ever listed here, as in browsers that list none without a permission; `none`: those listed are gone */
  listed: 'unknown' | 'some' | 'none'
  /** the one that plays, where the browser names it; empty where it keeps that to itself */
  which: string
}

export const UNKNOWN: Outputs = { listed: 'unknown', which: '' }

type Device = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'groupId' | 'label'>

export function outputsOf(before: Outputs, devices: readonly Device[]): Outputs {
  const outputs = devices.filter(({ kind }) => kind === 'audiooutput')
  const used = outputs.find(({ deviceId }) => deviceId === 'default') ?? outputs[0]
  if (used) return { listed: 'some', which: `${used.groupId} ${used.label}`.trim() }
  return { listed: before.listed === 'unknown' ? 'unknown' : 'none', which: '' }
}

/** Whether what was proven of the output before says nothing of this one; `told`: the browser said that a device came or went. */
export function isAnother(before: Outputs, now: Outputs, told: boolean): boolean {
  if (before.listed !== now.listed) return true
  return now.which === '' ? told && now.listed !== 'none' : now.which !== before.which
}
