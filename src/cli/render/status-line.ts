import type { Io } from '../io.ts'
import { cutEnd } from './cut.ts'
import { liveArea } from './live-area.ts'

const redrawMs = 100

export interface StatusLine extends Disposable {
  /** A line for the user, above the status. */
  print(line: string): void
  /** Takes the status off the screen, until it is drawn again: to be called before standard output is written to. */
  clear(): void
  end(): void
}

/**
 * How far a command is, on standard error: on a terminal a line that is redrawn, else one every `everyMs` milliseconds, or none where
 * that is absent.
 */
export function statusLine(io: Io, line: () => string, everyMs?: number): StatusLine {
  const isTerminal = io.stderr.isTTY === true && io.env.TERM !== 'dumb'
  const area = liveArea(io.stderr)
  const show = () => (isTerminal ? area.draw([cutEnd(line(), area.columns())]) : io.stderr.write(`${line()}\n`))
  const intervalMs = isTerminal ? redrawMs : everyMs
  const timer = intervalMs === undefined ? undefined : setInterval(show, intervalMs).unref()

  function end(): void {
    clearInterval(timer)
    area.clear()
  }

  return { print: area.print, clear: area.clear, end, [Symbol.dispose]: end }
}
