/** The theme's colours, as the style sheet has them: the server's figure has none. */

export interface Palette {
  text: string
  dim: string
  faint: string
  ground: string
  panel: string
  grid: string
  line: string
  now: string
  font: string
  token: Readonly<Record<string, string>>
  tier: Readonly<Record<string, string>>
  flag: { warning: string; critical: string }
  alarm: Readonly<Record<string, string>>
  alarmText: Readonly<Record<string, string>>
  phase: Readonly<Record<string, string>>
  gap: string
  focus: string
}

const TOKENS = ['hr', 'spo2', 'bp', 'rr', 'etco2', 'temp', 'score', 'dose'] as const

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    text: of('text'),
    dim: of('text-dim'),
    faint: of('text-faint'),
    ground: of('ground'),
    panel: of('panel'),
    grid: of('trend-grid'),
    line: of('line'),
    now: of('trend-now'),
    font: of('font'),
    token: Object.fromEntries(TOKENS.map((token) => [token, of(`v-${token}`)])),
    tier: { critical: of('trend-critical'), warning: of('trend-warning'), relative: of('trend-limit') },
    flag: { warning: of('flag-warning-text'), critical: of('flag-critical-text') },
    alarm: {
      high: of('alarm-high'),
      medium: of('alarm-medium'),
      low: of('alarm-low'),
    },
    alarmText: {
      high: of('alarm-high-text'),
      medium: of('alarm-medium-text'),
      low: of('alarm-low-text'),
    },
    phase: {
      infusing: of('phase-infusing'),
      paused: of('phase-paused'),
      other: of('phase-other'),
    },
    gap: of('trend-alarm-high'),
    focus: of('focus'),
  }
}

/** A colour with less of itself, in any notation that the style sheet uses. */
export function faded(colour: string, share: number): string {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  if (!hex) return colour
  const [red, green, blue] = hex.slice(1).map((part) => Number.parseInt(part, 16))
  return `rgba(${red}, ${green}, ${blue}, ${share})`
}
