import { sessionText } from '../../text-session'

const words = sessionText.annotate

/** "Nausea, mild", "Ondansetron 4 mg IV", "Oxygen 2 L/min, nasal cannula": an entry as one says it. */
export function annotationTitle(
  kind: string,
  text: string | null | undefined,
  data: object | null | undefined,
): string {
  const held = (data ?? {}) as Record<string, unknown>
  const said = (key: string) => (held[key] === undefined || held[key] === null ? '' : String(held[key]))
  const listed = (...parts: string[]) => parts.filter((part) => part !== '').join(', ')
  switch (kind) {
    case 'side_effect':
      return listed(words.effect(said('effect')), said('severity'))
    case 'medication': {
      const dose = said('dose') === '' ? '' : ` ${said('dose')} ${said('unit')}`.trimEnd()
      const route = said('route') === '' ? '' : ` ${words.routeName(said('route'))}`
      return `${said('drug')}${dose}${route}`
    }
    case 'rate_change': {
      const rate = said('rate') === '' ? '' : `${said('rate')} ${said('unit')}`.trimEnd()
      const head = words.window.rate
      return rate === '' ? `${head}${text ? `: ${text}` : ''}` : `${head}: ${rate}`
    }
    case 'oxygen': {
      const flow = Number(held['flow_l_min'] ?? 0)
      if (flow === 0) return words.flow(0)
      const by = said('device') === '' ? '' : words.oxygenDevice(said('device'))
      return listed(`${words.first.oxygen} ${words.flow(flow)}`, by)
    }
    case 'iv_site':
      return words.site(said('state'))
    case 'assessment':
      return said('result') === '' ? said('what') : `${said('what')}: ${said('result')}`
    default:
      return text ?? words.first.note
  }
}

/** What was written beside it, where the title does not say it already. */
export function annotationDetail(
  kind: string,
  text: string | null | undefined,
  data: object | null | undefined,
): string {
  if (!text || kind === 'note') return ''
  return kind === 'rate_change' && !('rate' in (data ?? {})) ? '' : text
}
