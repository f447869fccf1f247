import type { RunRow } from '../catalog/runs.ts'
import type { RunRecord } from '../engine/events.ts'
import { recordOf } from '../engine/query/status.ts'
import { type ExitCode, exitCodes } from './exit.ts'

/** What a run exits with that came to its end: 0, or 1 where something is not safe. Of one that ended otherwise its error decides (`codeOf`). */
export function exitCodeOf({ failedInAll, damaged = 0 }: Pick<RunRecord, 'failedInAll' | 'damaged'>): ExitCode {
  return failedInAll === 0 && damaged === 0 ? 0 : exitCodes.item
}

/** What a run exited with; undefined for one that goes on or was killed, and where an old version kept too little. */
export function exitCodeOfRun(row: RunRow): ExitCode | undefined {
  const record = recordOf(row)
  if (record.error !== undefined) return exitCodes[record.error.kind]
  if (row.ended === 'finished') return exitCodeOf(record)
  return row.ended === 'interrupted' ? exitCodes.cancelled : undefined
}

/** How a run ended, in a few words: `finished`, `exit 1`, `exit 3`, `interrupted`, `stopped`, `killed`, `under way`. */
export function endOfRun(row: RunRow, isUnderWay: boolean): string {
  if (row.ended === undefined) return isUnderWay ? 'under way' : 'killed'
  const code = exitCodeOfRun(row)
  if (row.ended === 'stopped') return code === exitCodes.stopped ? 'stopped' : `exit ${code}`
  return row.ended === 'interrupted' || code === 0 || code === undefined ? row.ended : `exit ${code}`
}
