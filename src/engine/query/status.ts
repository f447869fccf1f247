import type { Catalog } from '../../catalog/catalog.ts'
import { fileId } from '../../catalog/file-key.ts'
import type { RunRow } from '../../catalog/runs.ts'
import type { RunRecord } from '../events.ts'

/** How the runs of a home went lately. */
export interface Status {
  /** The newest run after which everything that the home is for was safe: the whole account, or the part of it that is usually chosen. */
  lastComplete: RunRow | undefined
  /** Those after it that failed, were interrupted or killed, or left something that is not safe; newest first. */
  failedSince: RunRow[]
  /** Pictures and albums that failed before the last complete run, which did not choose them, and are still not safe. */
  stillFailing: number
}

/** `isUnderWay`: the newest run, which has no end, is no killed one. */
export function statusOf(catalog: Catalog, isUnderWay: boolean): Status {
  const rows = catalog.runs.newest(1000)
  const usual = usualChoice(rows)
  const failedSince: RunRow[] = []
  for (const row of rows) {
    if (isComplete(row) && [usual, wholeAccount].includes(choiceIn(row)))
      return { lastComplete: row, failedSince, stillFailing: failingBefore(row, catalog) }
    const goesOn = isUnderWay && row.ended === undefined && failedSince.length === 0
    const { failedInAll } = recordOf(row)
    if (!goesOn && !(row.ended === 'finished' && failedInAll === 0)) failedSince.push(row)
  }
  return { lastComplete: undefined, failedSince, stillFailing: 0 }
}

/** What a run left on record. */
export function recordOf({ summary }: RunRow): RunRecord {
  return (summary ?? {}) as RunRecord
}

function isComplete(row: RunRow): boolean {
  return row.ended === 'finished' && recordOf(row).failedInAll === 0 && saysWhatIsUsual(row)
}

/** It looked for itself at what it was asked for: it was no `retry`, and more than a list. */
function saysWhatIsUsual(row: RunRow): boolean {
  const { exporters, partial, dryRun, listedOnly } = recordOf(row)
  return exporters !== undefined && partial === undefined && dryRun !== true && listedOnly === undefined
}

/**
 * What the home is for: the whole account since a run asked for that, a part of it once two runs in turn asked for the same one. So a single
 * `--album` never stands for everything, and who always leaves something out is not told for ever that nothing is complete.
 */
function usualChoice(rows: readonly RunRow[]): string {
  const choices = rows.filter(saysWhatIsUsual).map(choiceIn)
  return choices.find((choice, at) => choice === wholeAccount || choice === (choices[at + 1] ?? choice)) ?? wholeAccount
}

const wholeAccount = ''

/** Equal for runs that chose the same part. Dates may move on from night to night. */
function choiceIn(row: RunRow): string {
  const { choice } = recordOf(row)
  if (choice === undefined) return wholeAccount
  const { albums, exclude, pictures } = choice
  const { since, until, types = [], keywords = [], privacy = [] } = pictures ?? {}
  const lists = [albums, exclude, types, keywords, privacy].map((list) => [...list].sort())
  return JSON.stringify([...lists, since !== undefined, until !== undefined])
}

function failingBefore(row: RunRow, { failures }: Catalog): number {
  const { choice, exporters = {} } = recordOf(row)
  if (choice === undefined) return 0
  const files = new Set<string>()
  for (const failure of failures.all()) {
    if (failure.failedAt >= row.startedAt) continue
    if (failure.exporter === '' || failure.exporter in exporters) files.add(`${failure.album}/${fileId(failure)}`)
  }
  return files.size
}
