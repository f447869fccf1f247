import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, duration } from '../../app/text/quantities.ts'
import type { VerifyEvent } from '../../engine/verify/verify.ts'
import type { Io } from '../io.ts'
import { cutEnd } from './cut.ts'
import { liveArea } from './live-area.ts'
import { rate } from './rate.ts'

const redrawMs = 100
const everyMs = 30_000

/** Shows on standard error how far `verify` is: on a terminal a line that is redrawn, else one every 30 seconds. */
export function verifyProgress(io: Io): Disposable & { on(event: VerifyEvent): void; end(): void } {
  const isTerminal = io.stderr.isTTY === true && io.env.TERM !== 'dumb'
  const area = liveArea(io.stderr)
  const speed = rate(io.now)
  const expected = { items: 0, bytes: 0 }
  const done = { items: 0, bytes: 0 }

  function line(): string {
    const share = expected.bytes === 0 ? 1 : Math.min(1, done.bytes / expected.bytes)
    const perSecond = speed.perSecond()
    const left = perSecond > 0 ? ((expected.bytes - done.bytes) / perSecond) * 1000 : 0
    return [
      `${count(done.items)} of ${counted(Math.max(expected.items, done.items), 'item')}`,
      `${bytes(done.bytes)} of ${bytes(Math.max(expected.bytes, done.bytes))}`,
      `${Math.floor(share * 100)} %`,
      `${bytes(perSecond)}/s`,
      ...(left > 0 ? [`about ${duration(left)} left`] : []),
    ].join(' · ')
  }

  const report = () => (isTerminal ? area.draw([cutEnd(line(), area.columns())]) : io.stderr.write(`${line()}\n`))
  const timer = setInterval(report, isTerminal ? redrawMs : everyMs).unref()

  function end(): void {
    clearInterval(timer)
    area.clear()
  }

  return {
    on(event) {
      if (event.type === 'verify.started') Object.assign(expected, { items: event.items, bytes: event.bytes })
      if (event.type === 'notice') area.print(printable(event.text))
      if (event.type !== 'verify.item') return
      done.items += 1
      done.bytes += event.bytes
      speed.add(event.bytes)
    },
    end,
    [Symbol.dispose]: end,
  }
}
