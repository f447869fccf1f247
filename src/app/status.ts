import type { Catalog } from '../catalog/catalog.ts'
import { recordOf, type Status, statusOf } from '../engine/query/status.ts'
import { knownDamage } from '../engine/verify/known-damage.ts'
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
  /** What a verification found and nothing has mended since, as far as is known. */
  damage: { at: number; files: number } | undefined
}

/** How the runs of a home went lately; waits for nobody. `maxAgeMs` is how long ago the last complete run may have ended, if that matters. */
export async function status(
  { output, maxAgeMs }: OutputChoice & { maxAgeMs?: number | undefined },
  use: Surroundings,
): Promise<HomeStatus> {
  const path = await homeToRead(output, use)
  const nothing = { lastComplete: undefined, failedSince: [], stillFailing: 0, underWay: undefined, damage: undefined }
  const none = { output: path, isNone: true, ...nothing }
  if (!hasHome(path)) return { ...none, isRecent: false }
  using home = await openCommitted(path, use)
  const { catalog, underWay } = home
  const found = statusOf(catalog, underWay !== undefined)
  const { lastComplete } = found
  const isRecent = lastComplete !== undefined && isWithin(maxAgeMs, use.now() - (lastComplete.endedAt ?? 0))
  return { output: path, isNone: false, ...found, underWay, isRecent, damage: damageSince(lastComplete, catalog) }
}

/** What was missing the next run over the whole account has fetched; what is damaged no run sees. */
function damageSince(lastComplete: Status['lastComplete'], catalog: Catalog): HomeStatus['damage'] {
  const found = knownDamage(catalog)
  if (found === undefined) return undefined
  const isFetched =
    lastComplete !== undefined && recordOf(lastComplete).choice === undefined && lastComplete.startedAt >= found.at
  const files = found.damaged + (isFetched ? 0 : found.missing)
  return files === 0 ? undefined : { at: found.at, files }
}

/** What ended in the future proves nothing of today: the clock was wrong then, or is now. */
function isWithin(maxAgeMs: number | undefined, ageMs: number): boolean {
  return maxAgeMs === undefined || (ageMs <= maxAgeMs && ageMs > -clockToleranceMs)
}

const clockToleranceMs = 3_600_000
