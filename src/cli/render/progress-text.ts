import { bytes, count, counted, duration, pictures } from '../../app/text/quantities.ts'
import type { Progress } from './progress.ts'

/** Under this it would be wrong by the time it is read. */
const nearlyDoneMs = 10_000

/** How far the run is, what matters most first: `35 % · about 4 min 10 s left · 357 of 1,200 home · 1.2 GB of 3.4 GB · 8.1 MB/s · 2 not safe`. */
export function amountText({ files, bytes: size, uploaded, listed, estimated, fraction, msLeft }: Progress): string {
  const about = estimated ? 'about ' : ''
  const speed = `${bytes(size.perSecond)}/s`
  const known = fraction !== undefined
  return [
    ...(known ? [`${Math.min(percent(fraction), files.home < files.planned ? 99 : 100)} %`] : []),
    ...(msLeft === undefined ? [] : [msLeft < nearlyDoneMs ? 'nearly done' : `about ${duration(msLeft)} left`]),
    known
      ? `${count(files.home)} of ${about}${counted(files.planned, 'file')} home`
      : `${counted(files.home, 'file')} home · ${pictures(listed)} listed so far`,
    ...(known
      ? size.planned === 0
        ? []
        : [`${bytes(size.done)} of ${about}${bytes(size.planned)}`]
      : [bytes(size.done)]),
    ...(size.planned === 0 ? [] : [speed]),
    ...(uploaded.bytes === 0 ? [] : [`${bytes(uploaded.bytes)} uploaded · ${bytes(uploaded.perSecond)}/s`]),
    ...(files.failed === 0 ? [] : [`${count(files.failed)} not safe`]),
  ].join(' · ')
}

/** `6 of 15 albums`. */
export function albumsText({ albums }: Progress): string {
  if (albums.total === undefined) return `${counted(albums.finished, 'album')} done`
  return `${count(albums.finished)} of ${counted(albums.total, 'album')}`
}

/** Whole percents, rounded down, so that 100 means all of it. The grain makes up for binary fractions: 0.29 is 29 %. */
function percent(fraction: number): number {
  return Math.floor(fraction * 100 + 1e-9)
}
