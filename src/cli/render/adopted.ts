import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, duration } from '../../app/text/quantities.ts'
import type { AdoptSummary } from '../../engine/adopt/adopt.ts'
import { failures } from './failures.ts'
import { when } from './when.ts'

/**
 * The text after `smugdl adopt`, its last two lines sums that add up. `videos`: the number of the files that match nothing are videos by
 * their names.
 */
export function adoptedLines(summary: AdoptSummary, videos: number): string[] {
  const { run, unmatched, left, leftBytes, withoutMd5, output } = summary
  return [
    '',
    ...run.notices.map((notice) => `Notice: ${notice}`),
    ...when(
      unmatched,
      `${counted(unmatched, 'file matches', 'files match')} nothing on SmugMug and ${unmatched === 1 ? 'stays' : 'stay'} where ${unmatched === 1 ? 'it is' : 'they are'} (-v lists them): edited since, or never there.`,
    ),
    ...when(
      Math.min(videos, unmatched),
      `  ${counted(videos, 'of them is a video', 'of them are videos')}: SmugMug keeps only its own conversion of a video, so an upload cannot be recognised.`,
    ),
    ...when(
      left,
      `${counted(left, 'picture or video is', 'pictures and videos are')} left for "smugdl -o ${output}" to download (${bytes(leftBytes)}).`,
    ),
    ...when(
      withoutMd5,
      `  Of ${count(withoutMd5)} of them SmugMug provides no MD5, so no file can be recognised as theirs.`,
    ),
    ...failures(run, 100),
    filesLine(summary),
    imagesLine(summary),
  ].map(printable)
}

/** `files: 1,234 = 1,200 matched + 30 unmatched + 4 unreadable (in 42 s)`. */
function filesLine({ files, matched, unmatched, unreadable, startedAt, endedAt }: AdoptSummary): string {
  return `files: ${count(files)} = ${count(matched)} matched + ${count(unmatched)} unmatched + ${count(unreadable)} unreadable (in ${duration(endedAt - startedAt)})`
}

/** `pictures and videos: 1,300 = 900 in place + 350 placed + 0 at home before + 50 left (4 GB placed)`. */
function imagesLine({ images, inPlace, placed, known, left, placedBytes }: AdoptSummary): string {
  return `pictures and videos: ${count(images)} = ${count(inPlace)} in place + ${count(placed)} placed + ${count(known)} at home before + ${count(left)} left (${bytes(placedBytes)} placed)`
}

/** The last line of `smugdl adopt --json`; the lines before it are of single files. */
export function adoptedJson({ run, startedAt, endedAt, ...counts }: AdoptSummary): object {
  return {
    type: 'adopt.finished',
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    ...counts,
    apiRequests: run.apiRequests,
    failedInAll: run.failedInAll,
    failed: run.failed,
    notices: run.notices,
  }
}
