import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, dateAndTime, dateOf, duration, pictures } from '../../app/text/quantities.ts'
import type { RunEvent, RunSummary } from '../../engine/events.ts'
import type { Counts } from '../../exporter/types.ts'
import { failures } from './failures.ts'
import { verdict } from './verdict.ts'
import { when } from './when.ts'

export interface SummaryOptions {
  /** Where home is, absolute; the verdict names it. */
  output?: string
  /** Of items that share a reason at most this number are named, or albums where there are more than twenty items. */
  itemsPerReason?: number
  /** Notices that the user has seen already. */
  reported?: ReadonlySet<string>
  /** What earlier runs named, too, is one line. */
  onlyNew?: boolean
}

/** The summary of a run that is listened to, when it is finished: names the output, and repeats no notice that was `shown` as it came. */
export function summaryAtEnd({
  shown,
  ...given
}: { shown: boolean } & Pick<SummaryOptions, 'itemsPerReason' | 'onlyNew'>) {
  const reported = new Set<string>()
  let output: string | undefined
  return (event: RunEvent): string[] | undefined => {
    if (event.type === 'run.started') output = event.output
    if (event.type === 'notice' && shown) reported.add(event.text)
    // It was not shown as it occurred.
    if (event.type === 'run.stopped' && event.ended === 'stopped' && event.summary.failedInAll > 0)
      return failedLines(event.summary, given).map(printable)
    if (event.type !== 'run.finished') return undefined
    return summaryLines(event.summary, { ...given, reported, ...(output !== undefined && { output }) })
  }
}

/**
 * The text after a run: what happened, each item that is not safe with its reason and what to do, whether all is home, and as the very last
 * lines the sum of each exporter.
 */
export function summaryLines(
  summary: RunSummary,
  { output, reported = new Set(), ...options }: SummaryOptions = {},
): string[] {
  const failed = failedLines(summary, options)
  const said = verdict(summary, output)
  const apart = said.length > 0 && failed.length === 0 ? [''] : []
  return [...facts(summary, reported), ...failed, ...apart, ...said, ...sums(summary), ...listedOnly(summary)].map(
    printable,
  )
}

/** What is not safe. */
function failedLines(
  summary: RunSummary,
  { itemsPerReason = 100, onlyNew = false }: Pick<SummaryOptions, 'itemsPerReason' | 'onlyNew'>,
): string[] {
  const { failed, failedInAll, failedAgain = 0, failedFirstAt } = summary
  if (!onlyNew) return failures(summary, itemsPerReason)
  const fresh = { failed: failed.filter(({ again }) => !again), failedInAll: failedInAll - failedAgain }
  return [
    ...failures(fresh, itemsPerReason),
    ...when(
      failedAgain,
      `Still not safe${sinceText(failedFirstAt, failedAgain)}: ${counted(failedAgain, 'item')} (smugdl runs show names ${failedAgain === 1 ? 'it' : 'them'}).`,
    ),
  ]
}

function sinceText(since: number | undefined, items: number): string {
  if (since === undefined) return ', as in earlier runs'
  const day = dateOf(since)
  return items === 1 ? ` since ${day}` : `, the first since ${day}`
}

/** `folder: 300 listed = 290 new + 0 updated + 8 unchanged + 0 skipped + 2 failed (1.2 GB)`, a line for each exporter. */
function sums({ exporters, recognised = 0 }: RunSummary): string[] {
  const each = Object.entries(exporters)
  return each.map(
    ([name, counts]) => `${name}: ${sum(counts, each.length === 1 ? recognised : 0)} (${bytes(counts.bytes)})`,
  )
}

/** A run without an exporter that wants the pictures must not be taken for a backup. */
function listedOnly({ exporters, listedOnly }: RunSummary): string[] {
  if (listedOnly === undefined) return []
  const names = Object.keys(exporters).join(', ')
  const { filesAtHome } = listedOnly
  if (filesAtHome === 0) return [`Nothing is at home: ${names} only lists. Bring the pictures home with -e folder.`]
  return [`Nothing new came home: ${names} only lists. ${counted(filesAtHome, 'file')} came home in earlier runs.`]
}

/** `recognised`: of those that are new on record. */
function sum(counts: Counts, recognised = 0): string {
  const known = Math.min(recognised, counts.new)
  const parts = Object.entries({
    new: counts.new - known,
    ...(known > 0 && { recognised: known }),
    updated: counts.updated,
    unchanged: counts.unchanged,
    skipped: counts.skipped,
    failed: counts.failed,
  }).map(([part, number]) => `${count(number)} ${part}`)
  return `${count(counts.listed)} listed = ${parts.join(' + ')}`
}

function facts(summary: RunSummary, reported: ReadonlySet<string>): string[] {
  const { albums, downloaded, transcodes, renditions, processing, gone, accepted, recognised = 0 } = summary
  return [
    '',
    ...(summary.dryRun ? ['Dry run: nothing was fetched or written; the sum shows what a run would do.'] : []),
    ...paths(summary),
    ...summary.notices.filter((notice) => !reported.has(notice)).map((notice) => `Notice: ${notice}`),
    `${counted(downloaded.files, 'file')} fetched (${bytes(downloaded.bytes)}) in ${duration(summary.endedAt - summary.startedAt)}; ${counted(summary.apiRequests, 'API request')}, ${counted(summary.retries, 'retry', 'retries')}`,
    ...when(
      atHand(summary),
      `${counted(atHand(summary), 'file')} more needed no download: ${atHand(summary) === 1 ? 'its bytes were' : 'their bytes were'} here already, as those of a picture in two albums are`,
    ),
    ...when(
      recognised,
      `${counted(recognised, 'file')} that no record told of ${recognised === 1 ? 'stood where it belongs' : 'stood where they belong'}: recognised by their bytes, not fetched`,
    ),
    `${counted(albums.listed, 'album')} listed${trust(summary)}${albums.excluded === 0 ? '' : `, ${count(albums.excluded)} excluded`}`,
    ...when(
      transcodes,
      `${counted(transcodes, 'video is', 'videos are')} SmugMug's own conversion: it offers no original of ${transcodes === 1 ? 'it' : 'them'}`,
    ),
    ...when(
      renditions,
      `${counted(renditions, 'picture is a smaller copy', 'pictures are smaller copies')}: the right to the original is missing`,
    ),
    ...Object.entries(summary.made ?? {}).map(
      ([name, made]) =>
        `${counted(made, 'file', 'files')} that ${name} made of the pictures: other bytes than SmugMug's, and so no copies`,
    ),
    ...Object.entries(summary.unkept ?? {}).map(
      ([name, unkept]) => `${counted(unkept, 'picture', 'pictures')} went to ${name}, which keeps nothing: no copies`,
    ),
    ...when(
      processing,
      `${counted(processing, 'item is', 'items are')} still being processed by SmugMug: run again later`,
    ),
    ...described(summary),
    ...edited(summary),
    ...rawFiles(summary),
    ...when(gone, `${pictures(gone)} at home no longer on SmugMug: kept`),
    ...when(
      summary.removed ?? 0,
      `${counted(summary.removed ?? 0, 'file')} no longer on SmugMug ${summary.dryRun ? 'would be ' : ''}moved to the trash (.smugdl/trash)`,
    ),
    ...when(
      summary.leftOut ?? 0,
      `${counted(summary.leftOut ?? 0, 'picture', 'pictures')} left out on purpose (--since, --until, --type or --keyword)`,
    ),
    ...when(accepted, `${pictures(accepted)} left out on purpose (smugdl accept)`),
  ]
}

/** Files that are new but were not fetched, if the counts of one exporter show it. */
function atHand({ dryRun, exporters, downloaded, recognised = 0 }: RunSummary): number {
  const [counts, ...others] = Object.values(exporters)
  if (dryRun || counts === undefined || others.length > 0 || counts.updated > 0 || counts.bytes === 0) return 0
  return Math.max(0, counts.new - recognised - downloaded.files)
}

function paths({ paths = [] }: RunSummary): string[] {
  if (paths.length === 0) return []
  return [
    paths.length < 20 ? 'Pictures would go to:' : 'The first 20 pictures would go to:',
    ...paths.map((path) => `  ${path}`),
  ]
}

/** Whether what was typed on SmugMug is home. */
function described({ sidecars }: RunSummary): string[] {
  if (sidecars === undefined) return []
  const { atHome, written, yours } = sidecars
  const now = written === 0 ? '' : `, ${count(written)} written now`
  const theirs = yours === 0 ? '' : `; ${count(yours)} more are yours and stay as they are`
  return [
    `Captions, keywords, places, and dates that files lack: ${counted(atHome, 'sidecar')} with the pictures${now}${theirs}`,
  ]
}

/** What the user changed stays in any case; the failures say it of what waits for an answer. */
function edited({ edited, dryRun }: RunSummary): string[] {
  if (edited === undefined) return []
  const { kept, restored } = edited
  const changed = (files: number) =>
    `${counted(files, 'picture was', 'pictures were')} changed by you since ${files === 1 ? 'it' : 'they'} came home`
  return [
    ...when(
      kept,
      `${changed(kept)}: kept, ${kept === 1 ? 'its original is' : 'their originals are'} not fetched again (--restore-originals brings ${kept === 1 ? 'it' : 'them'} beside yours)`,
    ),
    ...when(
      restored,
      `${changed(restored)}: yours ${restored === 1 ? 'stays' : 'stay'}, the ${restored === 1 ? 'original' : 'originals'} ${dryRun ? 'would come' : 'came'} beside (--keep-edited fetches none)`,
    ),
  ]
}

/** Counted on their own: they are no pictures, and among what the sums count. */
function rawFiles({ raw }: RunSummary): string[] {
  if (raw === undefined) return []
  const sums = Object.entries(raw.exporters).map(([name, counts]) => `${name}: ${sum(counts)}`)
  return [
    ...(sums.length === 0 ? [] : [`RAW files beside the pictures, among what is counted below: ${sums.join('; ')}`]),
    ...when(raw.leftOut, `RAW files of ${counted(raw.leftOut, 'picture')} left out on purpose (--raw never)`),
  ]
}

function trust({ albums: { trusted }, oldestTrustAt }: RunSummary): string {
  if (trusted === 0) return ''
  return `, ${count(trusted)} not looked into, as nothing changed there${oldestTrustAt === undefined ? '' : ` (the oldest listing is from ${dateAndTime(oldestTrustAt)}; --full lists all again)`}`
}
