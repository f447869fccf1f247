import { printable } from '../../app/text/printable.ts'
import { bytes, count, counted, dateAndTime, duration } from '../../app/text/quantities.ts'
import type { FailedItem, RunSummary } from '../../engine/events.ts'
import type { Counts } from '../../exporter/types.ts'

/**
 * The text after a run: what happened, each item that is not safe with its reason and what to do, and as the very last lines the sum
 * of each exporter. Failed items that share reason and remedy stand together; of each such group at most `itemsPerReason` are named.
 */
export function summaryLines(summary: RunSummary, { itemsPerReason = 100 } = {}): string[] {
  return [...facts(summary), ...failures(summary, itemsPerReason), ...sums(summary), ...listedOnly(summary)].map(
    printable,
  )
}

/** `folder: 300 listed = 290 new + 0 updated + 8 unchanged + 0 skipped + 2 failed (1.2 GB)`, a line for each exporter. */
function sums({ exporters }: RunSummary): string[] {
  return Object.entries(exporters).map(([name, counts]) => `${name}: ${sum(counts)} (${bytes(counts.bytes)})`)
}

/** A run without an exporter that wants the pictures must not be taken for a backup. */
function listedOnly({ exporters, listedOnly }: RunSummary): string[] {
  if (listedOnly === undefined) return []
  const names = Object.keys(exporters).join(', ')
  const { filesAtHome } = listedOnly
  if (filesAtHome === 0) return [`Nothing is at home: ${names} only lists. Bring the pictures home with -e folder.`]
  return [`Nothing new came home: ${names} only lists. ${counted(filesAtHome, 'file')} came home in earlier runs.`]
}

function sum(counts: Counts): string {
  const parts = (['new', 'updated', 'unchanged', 'skipped', 'failed'] as const).map(
    (part) => `${count(counts[part])} ${part}`,
  )
  return `${count(counts.listed)} listed = ${parts.join(' + ')}`
}

function facts(summary: RunSummary): string[] {
  const { albums, downloaded, transcodes, renditions, processing, gone, accepted } = summary
  return [
    '',
    ...(summary.dryRun ? ['Dry run: nothing was fetched or written; the sum tells what a run would do.'] : []),
    ...summary.notices.map((notice) => `Notice: ${notice}`),
    `${counted(downloaded.files, 'file')} fetched (${bytes(downloaded.bytes)}) in ${duration(summary.endedAt - summary.startedAt)}; ${counted(summary.apiRequests, 'API request')}, ${counted(summary.retries, 'retry', 'retries')}`,
    `${counted(albums.listed, 'album')} listed${trust(summary)}${albums.excluded === 0 ? '' : `, ${count(albums.excluded)} excluded`}`,
    ...when(
      transcodes,
      `${counted(transcodes, 'video is', 'videos are')} SmugMug's own conversion: it offers no original of them`,
    ),
    ...when(
      renditions,
      `${counted(renditions, 'picture is', 'pictures are')} a lesser copy: the right to the original is missing`,
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
    ...when(gone, `${counted(gone, 'image', 'images')} at home no longer on SmugMug: kept`),
    ...when(
      summary.removed ?? 0,
      `${counted(summary.removed ?? 0, 'file')} no longer on SmugMug ${summary.dryRun ? 'would be ' : ''}moved to the trash (.smugdl/trash)`,
    ),
    ...when(accepted, `${counted(accepted, 'image', 'images')} left out on purpose (smugdl accept)`),
  ]
}

function trust({ albums: { trusted }, oldestTrustAt }: RunSummary): string {
  if (trusted === 0) return ''
  return `, ${count(trusted)} trusted as unchanged${oldestTrustAt === undefined ? '' : ` (the oldest listing is from ${dateAndTime(oldestTrustAt)}; --full lists all again)`}`
}

/** Each item that is not safe, with its reason and what to do. */
export function failures(
  { failed, failedInAll }: Pick<RunSummary, 'failed' | 'failedInAll'>,
  itemsPerReason: number,
): string[] {
  if (failedInAll === 0) return []
  return [
    '',
    `${counted(failedInAll, 'item is', 'items are')} not safe:`,
    ...[...byReason(failed)].flatMap(([reason, items]) => [
      `  ${reason}`,
      ...items
        .slice(0, itemsPerReason)
        .map(({ item, exporter }) => `    ${item}${exporter === undefined ? '' : ` (${exporter})`}`),
      ...when(
        items.length - itemsPerReason,
        `    … and ${count(items.length - itemsPerReason)} more (--json and --log-file name all)`,
      ),
    ]),
    ...when(
      failedInAll - failed.length,
      `  … and ${count(failedInAll - failed.length)} more; the next run names those that are left`,
    ),
    '',
  ]
}

function byReason(failed: FailedItem[]): Map<string, FailedItem[]> {
  return Map.groupBy(failed, ({ reason, next }) =>
    [reason, next]
      .filter((text) => text !== undefined)
      .map(sentence)
      .join(' '),
  )
}

/** Printed only if there is something to tell. */
function when(amount: number, line: string): string[] {
  return amount > 0 ? [line] : []
}

function sentence(text: string): string {
  return /[.!?…]$/u.test(text) ? text : `${text}.`
}
