import { bytes, count, counted, duration } from '../../app/text/quantities.ts'
import type { VerifyEvent } from '../../engine/verify/verify.ts'
import type { Io } from '../io.ts'
import { rate } from './rate.ts'
import { type StatusLine, statusLine } from './status-line.ts'

const everyMs = 30_000

/** Shows on standard error how far `verify` is: on a terminal a line that is redrawn, else one every 30 seconds. */
export function verifyProgress(io: Io): StatusLine & { on(event: VerifyEvent): void } {
  const speed = rate(io.now)
  const expected = { items: 0, bytes: 0 }
  const done = { items: 0, bytes: 0 }

  function line(): string {
    const share = expected.bytes === 0 ? 1 : Math.min(1, done.bytes / expected.bytes)
    const msLeft = speed.msFor(expected.bytes - done.bytes)
    return [
      `${count(done.items)} of ${counted(Math.max(expected.items, done.items), 'item')}`,
      `${bytes(done.bytes)} of ${bytes(Math.max(expected.bytes, done.bytes))}`,
      `${Math.floor(share * 100)} %`,
      `${bytes(speed.perSecond())}/s`,
      ...(msLeft === undefined ? [] : [`about ${duration(msLeft)} left`]),
    ].join(' · ')
  }

  const status = statusLine(io, line, everyMs)
  return {
    ...status,
    on(event) {
      if (event.type === 'verify.started') Object.assign(expected, { items: event.items, bytes: event.bytes })
      if (event.type === 'notice') status.print(event.text)
      if (event.type !== 'verify.item') return
      done.items += 1
      done.bytes += event.bytes
      speed.add(event.bytes)
    },
  }
}
