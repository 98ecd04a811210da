import { computed } from '@preact/signals'
import { standing } from '../model/alarms'
import { allRows } from '../store'
import { alikeIds } from './alike'

/** What the board as a whole says of its rows. Who reads it is drawn again when it changes, not at each reading. */

export const anySimulated = computed(() => allRows().some((row) => row.simulated))

/** Sessions with a high alarm that nobody has seen. */
export const unseenHigh = computed(
  () =>
    allRows().filter((row) =>
      standing(row).some((alarm) => alarm.priority === 'high' && alarm.state !== 'acknowledged'),
    ).length,
)

const alikeKey = computed(() => [...alikeIds(allRows())].join('\n'))
/** Ids of sessions whose patients have the same initials. */
export const alike = computed<ReadonlySet<string>>(() => new Set(alikeKey.value.split('\n')))

/** Changes when an alarm, an answer to one, a stop prompt or a notice does: what needs someone is then said at once. */
export const alarmsKey = computed(() =>
  allRows()
    .flatMap((row) => [
      ...standing(row).map(
        ({ id, rev, state, acknowledgements, escalation }) =>
          `${id} ${rev} ${state} ${acknowledgements.length} ${escalation?.level}`,
      ),
      ...Object.keys(row.stop_prompts ?? {}).map((vital) => `${row.id} ${vital}`),
    ])
    .join('\n'),
)
