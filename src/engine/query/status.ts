import type { Catalog } from '../../catalog/catalog.ts'
import { fileId } from '../../catalog/file-key.ts'
import type { RunRow } from '../../catalog/runs.ts'
import type { RunRecord } from '../events.ts'

/** The recent history of a home's runs. */
export interface Status {
  /** The newest run after which everything chosen was safe: the whole account, or the part that this home usually covers. */
  lastComplete: RunRow | undefined
  /** Later runs that failed, were interrupted or killed, or left something that is not safe; newest first. */
  failedSince: RunRow[]
  /** Number of pictures and albums that failed before the last complete run, were not chosen by it, and are still not safe. */
  stillFailing: number
}

/** `isUnderWay`: the newest run has no end because it is in progress, not because it was killed. */
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

/** The record of a run. */
export function recordOf({ summary }: RunRow): RunRecord {
  return (summary ?? {}) as RunRecord
}

function isComplete(row: RunRow): boolean {
  return row.ended === 'finished' && recordOf(row).failedInAll === 0 && saysWhatIsUsual(row)
}

/** Whether the run listed its albums itself: it was not a `retry`, and did more than list. */
function saysWhatIsUsual(row: RunRow): boolean {
  const { exporters, partial, dryRun, listedOnly } = recordOf(row)
  return exporters !== undefined && partial === undefined && dryRun !== true && listedOnly === undefined
}

/**
 * The part of the account that this home covers: the whole account once a run has chosen that, or a part once two successive runs have chosen
 * the same. So a single `--album` never counts as everything, and a user who always excludes something still gets complete runs.
 */
function usualChoice(rows: readonly RunRow[]): string {
  const choices = rows.filter(saysWhatIsUsual).map(choiceIn)
  return choices.find((choice, at) => choice === wholeAccount || choice === (choices[at + 1] ?? choice)) ?? wholeAccount
}

const wholeAccount = ''

/** Equal for runs that chose the same part; dates are ignored as they may change from run to run. */
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
