import type { RunRow } from '../catalog/runs.ts'
import { recordOf } from '../engine/query/status.ts'
import { type ExitCode, exitCodes } from './exit.ts'

/** What a run exited with; undefined for one that goes on or was killed, and where an old version kept too little. */
export function exitCodeOfRun(row: RunRow): ExitCode | undefined {
  const { error, failedInAll } = recordOf(row)
  if (error !== undefined) return exitCodes[error.kind]
  if (row.ended === 'finished') return failedInAll === 0 ? 0 : exitCodes.item
  return row.ended === 'interrupted' ? exitCodes.cancelled : undefined
}

/** How a run ended, in a few words: `finished`, `exit 1`, `exit 3`, `interrupted`, `stopped`, `killed`, `under way`. */
export function endOfRun(row: RunRow, isUnderWay: boolean): string {
  if (row.ended === undefined) return isUnderWay ? 'under way' : 'killed'
  const code = exitCodeOfRun(row)
  if (row.ended === 'stopped') return code === exitCodes.stopped ? 'stopped' : `exit ${code}`
  return row.ended === 'interrupted' || code === 0 || code === undefined ? row.ended : `exit ${code}`
}
