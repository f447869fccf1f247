import { type Status, statusOf } from '../engine/query/status.ts'
import type { OutputChoice } from './catalog-queries.ts'
import type { Surroundings } from './environment.ts'
import { hasHome, openCommitted, type UnderWay } from './output.ts'
import { homeToRead } from './remembered-homes.ts'

export interface HomeStatus extends Status {
  /** Absolute. */
  output: string
  /** No run was ever begun there. */
  isNone: boolean
  underWay: UnderWay | undefined
  /** There was a complete run, and it ended no longer ago than asked for. */
  isRecent: boolean
}

/** How the runs of a home went lately; waits for nobody. `maxAgeMs` is how long ago the last complete run may have ended, if that matters. */
export async function status(
  { output, maxAgeMs }: OutputChoice & { maxAgeMs?: number | undefined },
  use: Surroundings,
): Promise<HomeStatus> {
  const path = await homeToRead(output, use)
  const none = { output: path, isNone: true, lastComplete: undefined, failedSince: [], underWay: undefined }
  if (!hasHome(path)) return { ...none, isRecent: false }
  using home = await openCommitted(path, use)
  const { catalog, underWay } = home
  const found = statusOf(catalog, underWay !== undefined)
  const { lastComplete } = found
  const isRecent = lastComplete !== undefined && isWithin(maxAgeMs, use.now() - (lastComplete.endedAt ?? 0))
  return { output: path, isNone: false, ...found, underWay, isRecent }
}

/** What ended in the future proves nothing of today: the clock was wrong then, or is now. */
function isWithin(maxAgeMs: number | undefined, ageMs: number): boolean {
  return maxAgeMs === undefined || (ageMs <= maxAgeMs && ageMs > -clockToleranceMs)
}

const clockToleranceMs = 3_600_000
