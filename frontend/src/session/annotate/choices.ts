import type { NewAnnotation } from '../../api/care'
import type { AnnotationData, Severity, SideEffect } from '../../live/types'
import { sessionText } from '../../text-session'

/** What the first tap chooses. */
export const FIRST = [
  'nausea',
  'dizziness',
  'dissociation',
  'anxiety',
  'medication',
  'oxygen',
  'rate',
  'site',
  'note',
] as const

export type First = (typeof FIRST)[number] | 'help'

type Without<T> = T extends unknown ? Omit<T, 'id' | 'at'> : never

/** What is charted, but for its id and time. */
export type Said = Without<NewAnnotation>

/** What the second tap charts, whole. */
export type Choice = { key: string; label: string } & Said

export interface ChoiceRow {
  legend: string
  choices: Choice[]
}

const words = sessionText.annotate
const SEVERITIES: readonly Severity[] = ['mild', 'moderate', 'severe']
const SITES = ['ok', 'replaced', 'infiltrated', 'other'] as const

/** What commonly comes with a symptom stands below it, so that it needs no button of its own. */
const EFFECTS: Partial<Record<First, readonly SideEffect[]>> = {
  nausea: ['nausea', 'vomiting'],
  dizziness: ['dizziness', 'headache'],
  dissociation: ['dissociation'],
  anxiety: ['anxiety', 'agitation'],
}

type Drug = Required<AnnotationData['medication']>

/** What such clinics give most (clinical.md 1.6), as it is usually given: a list to chart from, no advice. */
const DRUGS: readonly Drug[] = [
  { drug: 'Ondansetron', dose: 4, unit: 'mg', route: 'iv' },
  { drug: 'Ondansetron', dose: 8, unit: 'mg', route: 'po' },
  { drug: 'Metoclopramide', dose: 10, unit: 'mg', route: 'iv' },
  { drug: 'Midazolam', dose: 1, unit: 'mg', route: 'iv' },
  { drug: 'Midazolam', dose: 2, unit: 'mg', route: 'iv' },
  { drug: 'Lorazepam', dose: 1, unit: 'mg', route: 'sl' },
  { drug: 'Labetalol', dose: 10, unit: 'mg', route: 'iv' },
  { drug: 'Hydralazine', dose: 5, unit: 'mg', route: 'iv' },
  { drug: 'Glycopyrrolate', dose: 0.2, unit: 'mg', route: 'iv' },
  { drug: 'Acetaminophen', dose: 650, unit: 'mg', route: 'po' },
]

const FLOWS = [0, 1, 2, 3, 4, 6, 10] // L/min; up to 4 by cannula, more by mask
const MASK_FROM = 5 // L/min: a nasal cannula dries the nose above

export function rowsOf(first: First): ChoiceRow[] {
  switch (first) {
    case 'medication':
      return [{ legend: words.once, choices: DRUGS.map(drugChoice) }]
    case 'oxygen':
      return [{ legend: words.once, choices: FLOWS.map(flowChoice) }]
    case 'rate':
      return [{ legend: words.once, choices: words.rates.map((text) => quick('rate_change', text)) }]
    case 'site':
      return [
        {
          legend: words.once,
          choices: SITES.map(
            (state): Choice => ({
              key: `site-${state}`,
              label: words.site(state),
              kind: 'iv_site',
              data: { state },
            }),
          ),
        },
      ]
    case 'note':
      return [{ legend: words.once, choices: words.quick.map((text) => quick('note', text)) }]
    case 'help':
      return [{ legend: words.once, choices: words.quickHelp.map((text) => quick('note', text)) }]
    default:
      return (EFFECTS[first] ?? []).map((effect, index) => ({
        legend: words.severityLegend(words.effect(effect)),
        choices: SEVERITIES.map(
          (severity): Choice => ({
            key: index === 0 ? `severity-${severity}` : `severity-${effect}-${severity}`,
            label: words.severity(severity),
            kind: 'side_effect',
            data: { effect, severity },
          }),
        ),
      }))
  }
}

function drugChoice({ drug, dose, unit, route }: Drug): Choice {
  const key = `drug-${drug.toLowerCase()}-${dose}-${route}`
  const label = `${drug} ${dose} ${unit} ${words.routeName(route)}`
  return { key, label, kind: 'medication', data: { drug, dose, unit, route } }
}

function flowChoice(flow: number): Choice {
  if (flow === 0) return { key: 'flow-0', label: words.flow(0), kind: 'oxygen', data: { flow_l_min: 0 } }
  const device = flow >= MASK_FROM ? 'mask' : 'nasal'
  const label = `${words.flow(flow)}, ${words.oxygenDevice(device)}`
  return { key: `flow-${flow}`, label, kind: 'oxygen', data: { flow_l_min: flow, device } }
}

function quick(kind: 'note' | 'rate_change', text: string): Choice {
  const key = `quick-${text.toLowerCase().replace(/[^a-z]+/g, '-')}`
  return { key, label: text, kind, text }
}

/** A number above 0 as people type it; null for anything else. */
export function amountOf(typed: string): number | null {
  const value = Number(typed.trim().replace(',', '.'))
  return typed.trim() !== '' && Number.isFinite(value) && value > 0 ? value : null
}

/** What a choice charts, without what it is called here. */
export function saidOf({ key: _key, label: _label, ...said }: Choice): Said {
  return said as Said
}
