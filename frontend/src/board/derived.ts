import { computed, type ReadonlySignal } from '@preact/signals'
import type { HeldBoard } from '../boards'
import { standing } from '../model/alarms'
import { alikeIds } from './alike'

/** What a board as a whole says of its rows. Who reads it is drawn again when it changes, not at each reading. */
export interface Derived {
  anySimulated: ReadonlySignal<boolean>
  /** sessions with a high alarm that nobody has seen */
  unseenHigh: ReadonlySignal<number>
  /** ids of sessions whose patients have the same initials */
  alike: ReadonlySignal<ReadonlySet<string>>
  /** changes when an alarm, an answer to one, a stop prompt or a notice does: what needs someone is then said at once */
  alarmsKey: ReadonlySignal<string>
}

const known = new WeakMap<HeldBoard, Derived>()

export function derived(board: HeldBoard): Derived {
  const kept = known.get(board)
  if (kept) return kept
  const made = derive(board)
  known.set(board, made)
  return made
}

function derive({ all }: HeldBoard): Derived {
  const alikeKey = computed(() => [...alikeIds(all())].join('\n'))
  return {
    anySimulated: computed(() => all().some((row) => row.simulated)),
    unseenHigh: computed(
      () =>
        all().filter((row) =>
          standing(row).some((alarm) => alarm.priority === 'high' && alarm.state !== 'acknowledged'),
        ).length,
    ),
    alike: computed(() => new Set(alikeKey.value.split('\n'))),
    alarmsKey: computed(() =>
      all()
        .flatMap((row) => [
          ...standing(row).map(
            ({ id, rev, state, acknowledgements, escalation }) =>
              `${id} ${rev} ${state} ${acknowledgements.length} ${escalation?.level}`,
          ),
          ...Object.keys(row.stop_prompts ?? {}).map((vital) => `${row.id} ${vital}`),
        ])
        .join('\n'),
    ),
  }
}
