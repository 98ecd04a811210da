import { signText as words } from '../../text-sign'
import type { RecordOut } from '../types'

const GROUP = /.{1,8}/g // read out and compared by people, eight at a time

/** The record's place in its chain, to compare with what is printed. */
export function Hash({ record }: { record: Pick<RecordOut, 'hash' | 'seq'> }) {
  return (
    <dl class="record-hash">
      <dt title={words.hashHint}>
        {words.hash}, {words.seq(record.seq)}
      </dt>
      <dd>
        <code data-testid="record-hash" data-hash={record.hash} translate={false}>
          {(record.hash.match(GROUP) ?? []).map((part) => (
            <span key={part}>{part} </span>
          ))}
        </code>
        <small>{words.hashHint}</small>
      </dd>
    </dl>
  )
}
