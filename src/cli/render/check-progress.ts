import { count, counted } from '../../app/text/quantities.ts'
import type { CheckEvent } from '../../engine/check/compare-account.ts'
import type { Io } from '../io.ts'
import { cutEnd } from './cut.ts'
import { liveArea } from './live-area.ts'

const redrawMs = 100

export interface CheckProgress extends Disposable {
  on(event: CheckEvent): void
  /** A line for the user, above the progress. */
  print(line: string): void
  /** Takes the progress off the screen, until it is drawn again: to be called before standard output is written to. */
  clear(): void
  end(): void
}

/** Shows on standard error how far `check` is, where that is a terminal; a file or pipe gets only what is reported. */
export function checkProgress(io: Io): CheckProgress {
  const isTerminal = io.stderr.isTTY === true && io.env.TERM !== 'dumb'
  const area = liveArea(io.stderr)
  let albums = 0
  let planned: number | undefined
  let images = 0

  const line = () =>
    planned === undefined
      ? 'Reading the folders and albums'
      : `${count(albums)} of ${counted(planned, 'album')} · ${counted(images, 'image')} compared`
  const draw = () => area.draw([cutEnd(line(), area.columns())])
  const timer = isTerminal ? setInterval(draw, redrawMs).unref() : undefined

  function end(): void {
    clearInterval(timer)
    area.clear()
  }

  return {
    on(event) {
      if (event.type === 'account') planned = event.albums
      if (event.type === 'album') albums += 1
      if (event.type === 'item') images += 1
    },
    print: area.print,
    clear: area.clear,
    end,
    [Symbol.dispose]: end,
  }
}
