import { count, counted, pictures } from '../../app/text/quantities.ts'
import type { CheckEvent } from '../../engine/check/compare-account.ts'
import type { Io } from '../io.ts'
import { type StatusLine, statusLine } from './status-line.ts'

/** Shows on standard error how far `check` is, where that is a terminal; a file or pipe gets only what is reported. */
export function checkProgress(io: Io): StatusLine & { on(event: CheckEvent): void } {
  let albums = 0
  let planned: number | undefined
  let images = 0

  const line = () =>
    planned === undefined
      ? 'Reading the folders and albums'
      : `${count(albums)} of ${counted(planned, 'album')} · ${pictures(images)} compared`

  return {
    ...statusLine(io, line),
    on(event) {
      if (event.type === 'account') planned = event.albums
      if (event.type === 'album') albums += 1
      if (event.type === 'item') images += 1
    },
  }
}
