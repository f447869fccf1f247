import { bytes, count, counted, duration } from '../../app/text/quantities.ts'
import type { Progress } from './progress.ts'

/** How far the run is: `142 of 300 files · 1.2 GB of 3.4 GB · 35 % · 2 not safe`. */
export function amountText({ files, bytes: size, listed, estimated, fraction }: Progress): string {
  const of = estimated ? 'of about' : 'of'
  const known = fraction !== undefined
  return [
    known ? `${count(files.done)} ${of} ${counted(files.planned, 'file')}` : counted(files.done, 'file'),
    known ? `${bytes(size.done)} ${of} ${bytes(size.planned)}` : bytes(size.done),
    known ? `${percent(fraction)} %` : `${counted(listed, 'image')} listed so far`,
    ...(files.failed === 0 ? [] : [`${count(files.failed)} not safe`]),
  ].join(' · ')
}

/** How fast it goes: `8.1 MB/s · 12.3 files/s · 6 of 15 albums · about 4 min 10 s left`. */
export function paceText({ albums, files, bytes: size, msLeft }: Progress): string {
  return [
    `${bytes(size.perSecond)}/s`,
    `${files.perSecond.toFixed(1)} files/s`,
    albums.total === undefined
      ? `${counted(albums.finished, 'album')} done`
      : `${count(albums.finished)} of ${counted(albums.total, 'album')}`,
    ...(msLeft === undefined ? [] : [`about ${duration(msLeft)} left`]),
  ].join(' · ')
}

/** Whole percents, rounded down, so that 100 means all of it. The grain makes up for binary fractions: 0.29 is 29 %. */
function percent(fraction: number): number {
  return Math.floor(fraction * 100 + 1e-9)
}
