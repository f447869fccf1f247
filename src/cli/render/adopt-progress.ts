import { bytes, count, counted, duration, pictures } from '../../app/text/quantities.ts'
import type { AdoptEvent } from '../../engine/adopt/adopt.ts'
import type { Io } from '../io.ts'
import { rate } from './rate.ts'
import { type StatusLine, statusLine } from './status-line.ts'

const everyMs = 30_000

/** Shows on standard error how far `adopt` is: on a terminal a line that is redrawn, else one every 30 seconds. */
export function adoptProgress(io: Io): StatusLine & { on(event: AdoptEvent): void } {
  const speed = rate(io.now)
  const toRead = { files: 0, bytes: 0 }
  const read = { files: 0, bytes: 0 }
  const albums = { done: 0, inAll: 0 }
  const images = { listed: 0, atHome: 0 }
  let phase: 'listing' | 'looking' | 'reading' | 'placing' = 'listing'

  function line(): string {
    if (phase === 'listing') return 'Asking SmugMug for the albums'
    if (phase === 'looking') return 'Looking for files'
    if (phase === 'placing')
      return `${count(albums.done)} of ${counted(albums.inAll, 'album')} compared · ${pictures(images.listed)} listed · ${count(images.atHome)} at home`
    const msLeft = speed.msFor(toRead.bytes - read.bytes)
    return [
      `${count(read.files)} of ${counted(toRead.files, 'file')} read`,
      `${bytes(read.bytes)} of ${bytes(toRead.bytes)}`,
      `${bytes(speed.perSecond())}/s`,
      ...(msLeft === undefined ? [] : [`about ${duration(msLeft)} left`]),
    ].join(' · ')
  }

  return {
    ...statusLine(io, line, everyMs),
    on(event) {
      switch (event.type) {
        case 'walk.finished':
          phase = 'looking'
          albums.inAll = event.albums
          return
        case 'adopt.looked':
          phase = 'reading'
          Object.assign(toRead, { files: event.files, bytes: event.bytes })
          return
        case 'adopt.read':
          read.files += 1
          read.bytes += event.bytes
          return speed.add(event.bytes)
        case 'album.started':
          phase = 'placing'
          return
        case 'album.planned':
          images.listed += event.images
          return
        case 'image.finished':
          images.atHome += 1
          return
        case 'album.finished':
          albums.done += 1
      }
    },
  }
}
