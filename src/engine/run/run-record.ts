import type { Json } from '../../catalog/row.ts'
import { type ErrorKind, SmugdlError } from '../../error.ts'
import { version } from '../../version.ts'
import { rawAway } from '../account/raw-files.ts'
import type { RunRecord, RunSummary } from '../events.ts'
import { savedTotals } from '../query/saved-totals.ts'
import { choiceOf, type RunPlan } from './plan.ts'
import type { RunParts } from './run-parts.ts'
import type { Session } from './session.ts'

/** A run is on record before the first request, so that a run that cannot log in counts too. */
export interface Begun {
  run: number
  startedAt: number
  /** Of the last run that finished. */
  lastRunAt: number | undefined
}

export function beginRecord({ catalog: { runs }, now }: RunParts): Begun {
  const startedAt = now()
  const lastRunAt = runs.lastFinished()?.startedAt
  return { run: runs.begin(startedAt, version), startedAt, lastRunAt }
}

/** What a run has done so far. */
export function summarySoFar(startedAt: number, session: Session): RunSummary {
  const { catalog, now, onHand, plan, tally, smugmug } = session
  const choice = choiceOf(plan)
  return {
    startedAt,
    endedAt: now(),
    ...((plan.only !== undefined || onHand !== undefined) && { partial: true }),
    ...(choice !== undefined && { choice }),
    dryRun: plan.dryRun,
    exporters: Object.fromEntries(tally.counts),
    downloaded: tally.downloaded,
    ...(tally.recognised > 0 && { recognised: tally.recognised }),
    transcodes: tally.transcodes,
    renditions: tally.renditions,
    ...(plan.dryRun && { paths: tally.paths }),
    ...(tally.made.size > 0 && { made: Object.fromEntries(tally.made) }),
    ...(tally.unkept.size > 0 && { unkept: Object.fromEntries(tally.unkept) }),
    ...rawIn(session),
    ...(tally.sidecars.atHome + tally.sidecars.yours > 0 && { sidecars: tally.sidecars }),
    ...(tally.edited.kept + tally.edited.restored > 0 && { edited: tally.edited }),
    processing: tally.processing,
    apiRequests: smugmug.counts.apiRequests,
    retries: smugmug.counts.retries,
    albums: tally.albums,
    ...(tally.oldestTrustAt !== undefined && { oldestTrustAt: tally.oldestTrustAt }),
    gone: catalog.listings.countGoneKept(),
    accepted: tally.accepted,
    ...(tally.leftOut > 0 && { leftOut: tally.leftOut }),
    failed: tally.failed,
    failedInAll: tally.failedInAll,
    ...(tally.failedAgain > 0 && { failedAgain: tally.failedAgain }),
    ...(tally.failedFirstAt !== undefined && { failedFirstAt: tally.failedFirstAt }),
    notices: tally.notices,
  }
}

/** RAW files, if there are any. */
function rawIn({ catalog, tally }: Session): Pick<RunSummary, 'raw'> {
  const away = rawAway(catalog)
  if (tally.raw.size === 0 && away.notGiven + away.leftOut === 0) return {}
  return { raw: { exporters: Object.fromEntries(tally.raw), ...away } }
}

/** Records that a run has finished. */
export function recordFinished({ failed: _, ...kept }: RunSummary, { catalog, run, now }: Session): void {
  catalog.runs.end(run, now(), 'finished', record(kept))
}

/** Reports the error that ended the run, not one on the way out: the disk or the catalog may have ended it. */
export async function ignoringErrors(work: () => Promise<void> | void): Promise<void> {
  try {
    await work()
  } catch {}
}

interface Unfinished {
  plan: RunPlan
  parts: RunParts
  begun: Begun
  session: Session | undefined
  announced: number | undefined
}

/** The same record, and once the run had begun to look, the same summary, as of a finished run. */
export function recordEnd(error: SmugdlError | Error, { plan, parts, begun, session, announced }: Unfinished): void {
  const { catalog, emit, now } = parts
  const { kind, what, item } =
    error instanceof SmugdlError ? error : { kind: 'bug' as const, what: error.message, item: undefined }
  const ended = endOf(kind)
  const summary = session && summarySoFar(begun.startedAt, session)
  const { failed: _, ...kept } = summary ?? { failed: [] }
  catalog.runs.end(
    begun.run,
    now(),
    ended,
    record({ ...kept, error: { kind, what, ...(item !== undefined && { item }) } }),
  )
  // The request cannot be fulfilled, so there is nothing to continue.
  if (summary === undefined || plan.dryRun || kind === 'usage') return
  const home = savedTotals(catalog)
  const isWhole = summary.partial === undefined && summary.choice === undefined
  emit({ type: 'run.stopped', ended, summary, home, announced: isWhole ? announced : undefined, output: plan.output })
}

/** No item ends a run by itself; it appears here if the run was stopped and something is not safe. */
function endOf(kind: ErrorKind): 'interrupted' | 'stopped' | 'failed' {
  if (kind === 'stopped' || kind === 'item') return 'stopped'
  return kind === 'cancelled' ? 'interrupted' : 'failed'
}

function record(kept: RunRecord): Json {
  return JSON.parse(JSON.stringify(kept))
}
