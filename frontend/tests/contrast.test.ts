import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Every pair of tokens that stands on each other, in both themes: text of 4.5 to 1, what is only drawn of 3 to 1. */

const sheet = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf-8')

function tokensOf(selector: string): Record<string, string> {
  const begin = sheet.indexOf(`${selector} {`)
  const block = sheet.slice(begin, sheet.indexOf('}', begin))
  return Object.fromEntries(
    [...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]),
  )
}

const dark = tokensOf(':root')
const themes = { dark, light: { ...dark, ...tokensOf(":root[data-theme='light']") } }

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const GROUNDS = ['--ground', '--side', '--panel', '--raised']
const SOFT = ['--alarm-high-soft', '--alarm-medium-soft', '--alarm-low-soft']
const VITALS = ['hr', 'spo2', 'bp', 'rr', 'etco2', 'temp', 'score', 'dose'].map((vital) => `--v-${vital}`)
/** What a tile and the wall write on, calm or coloured by an alarm. */
const TILES = ['--panel', ...SOFT]

/** Text, and all that it is written on. */
const TEXTS: [string, string[]][] = [
  ['--text', [...GROUNDS, '--raised-hover', ...SOFT]],
  ['--text-dim', [...GROUNDS, ...SOFT]],
  ['--text-faint', ['--ground', '--side', '--panel']],
  ['--stale', TILES.slice(0, 1)],
  ...VITALS.map((vital): [string, string[]] => [vital, TILES]),
  ['--recovery', TILES],
  ['--primary-text', ['--primary']],
  ['--sim-text', ['--sim']],
  ['--alarm-high-text', ['--alarm-high']],
  ['--alarm-medium-text', ['--alarm-medium']],
  ['--alarm-low-text', ['--alarm-low']],
  ['--alarm-high-line', ['--alarm-high-soft', '--panel']],
  ['--alarm-medium-line', ['--alarm-medium-soft', '--panel']],
  ['--alarm-low-line', ['--alarm-low-soft', '--panel']],
  ['--flag-warning-text', [...GROUNDS, '--alarm-medium-soft']],
  ['--flag-critical-text', [...GROUNDS, '--alarm-high-soft']],
]
/** Edges, marks and rings, which have to be seen and not read; a stale number is at least 24 px large on a coloured tile. */
const DRAWN: [string, string[]][] = [
  ['--focus', GROUNDS],
  ['--live', GROUNDS],
  ['--alarm-high', ['--ground', '--panel']],
  ['--alarm-medium-line', ['--ground', '--panel', '--side']],
  ['--alarm-low-line', ['--ground', '--panel', '--side']],
  ['--stale', SOFT],
]

describe.each(Object.entries(themes))('in the %s theme', (_, tokens) => {
  const pairs = (list: [string, string[]][]) =>
    list.flatMap(([front, backs]) => backs.map((back): [string, string] => [front, back]))
  test.each(pairs(TEXTS))('%s can be read on %s', (front, back) => {
    expect(contrast(tokens[front] ?? '', tokens[back] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
  test.each(pairs(DRAWN))('%s can be seen on %s', (front, back) => {
    expect(contrast(tokens[front] ?? '', tokens[back] ?? '')).toBeGreaterThanOrEqual(3)
  })
})
