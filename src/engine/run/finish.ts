import { SmugdlError } from '../../error.ts'
import type { User } from '../../smugmug/api/user.ts'
import { rawAway } from '../account/raw-files.ts'
import type { RunSummary } from '../events.ts'
import { stagingIdOf } from '../files/staging.ts'
import { pruneTrash } from '../files/trash.ts'
import { addressOf } from '../query/address-of.ts'
import { savedTotals } from '../query/saved-totals.ts'
import { knownDamage } from '../verify/known-damage.ts'
import { reportDiskLimits } from './disk-limits.ts'
import { localDuplicates } from './local-copy.ts'
import { mirror } from './mirror.ts'
import { nothing } from './outcome.ts'
import { type Begun, recordFinished, summarySoFar } from './run-record.ts'
import type { Session } from './session.ts'
import { reportFailed } from './settle.ts'
import { noteNoStrays } from './take-strays.ts'

/** Does what remains after every album has had its turn, and reports the result of the run. */
export async function finish(user: User, { startedAt }: Begun, session: Session): Promise<RunSummary> {
  const { catalog, drivers, emit, destination, now, plan, recorder, staging, tally } = session
  await recorder.flush()
  const removed = await mirror(user.imageCount, session)
  for (const driver of drivers) {
    await driver.finish(tally.counts.get(driver.name) ?? nothing).catch((error) => {
      if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
      reportFailed({ item: driver.name, exporter: driver.name, reason: error.message }, session)
    })
  }
  await recorder.flush()
  catalog.deliveries.forgetUnsynced()
  noteNoStrays(session)
  reportDiskLimits(session)
  reportRawAway(user, session)
  if (destination.replaced > 0)
    emit({ type: 'detail', text: `moved to the trash, as newer ones came: ${destination.replaced}` })
  if (tally.discardedSidecars > 0) tally.notice(saidOfDiscarded(tally.discardedSidecars))
  if (!plan.dryRun) await staging.clear(stillPending(session))
  if (!plan.dryRun && plan.pruneTrashDays !== undefined) await pruneTrash(plan.output, plan.pruneTrashDays, now())
  const listed = tally.pictures
  const fewer = user.imageCount !== undefined && listed < user.imageCount && tally.failedInAll === tally.processing
  if (fewer) {
    tally.notice(
      `SmugMug's own counter says ${user.imageCount}; its albums list ${listed}, and all that this login sees were read. That counter is often a little off ("smugdl whoami" shows what the login sees).`,
    )
  }
  const withoutBytes = session.drivers.map(({ name }) => name).filter((name) => !session.withBytes.includes(name))
  const damaged = knownDamage(catalog)?.damaged ?? 0
  const summary: RunSummary = {
    ...summarySoFar(startedAt, session),
    // A run over a part of the account, a repair above all, says nothing about the rest.
    ...(damaged > 0 && session.plan.only === undefined && { damaged }),
    ...(removed !== undefined && { removed }),
    ...(fewer && user.imageCount !== undefined && { announced: user.imageCount }),
    ...addressesOf(session),
    ...(withoutBytes.length > 0 && { withoutBytes }),
    ...(session.withBytes.length === 0 && { listedOnly: { filesAtHome: savedTotals(catalog).files } }),
  }
  recordFinished(summary, session)
  emit({ type: 'run.finished', summary })
  return summary
}

function saidOfDiscarded(sidecars: number): string {
  const those = sidecars === 1 ? '1 sidecar' : `${sidecars} sidecars`
  return `${those} went to the trash (.smugdl/trash): there is nothing left to write, or the options ask for no sidecar (folder.sidecar).`
}

function addressesOf({ catalog, drivers }: Session): Pick<RunSummary, 'addresses'> {
  const found = drivers.flatMap(({ keeps, name }) => {
    const address = keeps === 'elsewhere' ? addressOf(name, catalog) : undefined
    return address === undefined ? [] : [[name, address] as const]
  })
  return found.length === 0 ? {} : { addresses: Object.fromEntries(found) }
}

/** Reports once per run the RAW files that SmugMug keeps but does not give. They fail the run only if the user asked for that. */
function reportRawAway({ nickName }: User, session: Session): void {
  const { catalog, raw, tally } = session
  const { notGiven } = rawAway(catalog)
  if (notGiven === 0) return
  const files = notGiven === 1 ? 'a RAW file of one picture' : `RAW files of ${notGiven} pictures`
  const reason = `SmugMug keeps ${files}, but does not give ${notGiven === 1 ? 'it' : 'them'} to this key`
  const next = 'Download them on the web site; smugdl asks again after 30 days, or with --full'
  if (raw.mode === 'require') reportFailed({ item: nickName, reason, next }, session)
  else if (raw.mode === 'auto') tally.notice(`${reason}. ${next}.`)
}

/**
 * Staged files to keep for the run that makes their deliveries durable, except those whose bytes are at home elsewhere, or
 * whose image has left SmugMug and is no longer delivered.
 */
function stillPending(session: Session): Set<string> {
  const { deliveries, listings } = session.catalog
  const ids = new Set<string>()
  for (const key of deliveries.pending()) {
    const row = listings.get(key)
    if (row !== undefined && row.goneAt === undefined && localDuplicates(row, session).length === 0)
      ids.add(stagingIdOf(row))
  }
  return ids
}
