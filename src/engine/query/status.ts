import type { Catalog } from '../../catalog/catalog.ts'
import type { RunRow } from '../../catalog/runs.ts'
import type { RunRecord } from '../events.ts'

/** How the runs of a home went lately. */
export interface Status {
  /** The newest run after which everything that the account listed was safe. */
  lastComplete: RunRow | undefined
  /** Those after it that failed, were interrupted or killed, or left something that is not safe; newest first. */
  failedSince: RunRow[]
}

/** `isUnderWay`: the newest run, which has no end, is no killed one. */
export function statusOf({ runs }: Catalog, isUnderWay: boolean): Status {
  const failedSince: RunRow[] = []
  for (const row of runs.newest(1000)) {
    if (isComplete(row)) return { lastComplete: row, failedSince }
    const goesOn = isUnderWay && row.ended === undefined && failedSince.length === 0
    const { failedInAll } = recordOf(row)
    if (!goesOn && !(row.ended === 'finished' && failedInAll === 0)) failedSince.push(row)
  }
  return { lastComplete: undefined, failedSince }
}

/** What a run left on record. */
export function recordOf({ summary }: RunRow): RunRecord {
  return (summary ?? {}) as RunRecord
}

function isComplete(row: RunRow): boolean {
  const { failedInAll, partial, dryRun, listedOnly } = recordOf(row)
  return (
    row.ended === 'finished' &&
    failedInAll === 0 &&
    partial === undefined &&
    dryRun !== true &&
    listedOnly === undefined
  )
}
