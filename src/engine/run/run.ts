import { diskError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import type { Album } from '../../exporter/types.ts'
import { accountOf, type User } from '../../smugmug/api/user.ts'
import { bindAccount } from '../account/account-check.ts'
import { albumFilter, requireMatches } from '../account/album-filter.ts'
import { announcedBytes } from '../account/announced-bytes.ts'
import { albumFor, describeAccount } from '../account/describe.ts'
import { privacyFilter } from '../account/picture-filter.ts'
import { walk } from '../account/walk.ts'
import type { RunSummary } from '../events.ts'
import { claimFolders } from '../exporters/own-folders.ts'
import { savedTotals } from '../query/saved-totals.ts'
import { runAlbum } from './album.ts'
import { firstLevel } from './downloads.ts'
import { finish } from './finish.ts'
import { openSession } from './open-session.ts'
import type { RunPlan } from './plan.ts'
import type { RunParts } from './run-parts.ts'
import { beginRecord, ignoringErrors, recordEnd } from './run-record.ts'
import type { Session } from './session.ts'
import { count, settleGap } from './settle.ts'
import { takeStrays } from './take-strays.ts'

/**
 * One export run: everything that the account lists comes home or is reported in the summary. Throws what ends a run early (`SmugdlError`
 * of any kind except `item`). What was done by then is recorded, and the next run continues.
 */
export async function run(plan: RunPlan, parts: RunParts): Promise<RunSummary> {
  const { catalog, emit, smugmug } = parts
  const begun = beginRecord(parts)
  let user: User | undefined
  let session: Session | undefined
  try {
    user = await accountOf(smugmug.api, parts.whose)
    const newHome = catalog.account.get() === undefined
    bindAccount(user, plan.output, catalog)
    await claimFolders(parts.exporters, plan, catalog)
    session = await openSession(plan, parts, begun)
    const { nickName, name } = user
    emit({
      type: 'run.started',
      account: { nickName, name },
      output: plan.output,
      exporters: [...plan.exporters],
      dryRun: plan.dryRun,
      newHome,
    })
    if (!plan.dryRun) await session.staging.prepare()
    await prepareExporters(session)
    await takeStrays(session).catch((error) => {
      throw parts.signal.aborted ? interrupted() : error
    })
    const { albums, folders, doubts } = await walk(user, walkParts(session))
    for (const reason of doubts) settleGap(user.nickName, reason, session)
    emit({ type: 'walk.finished', albums, folders, announcedImages: user.imageCount })
    await parts.onHand?.prepare()
    await bringAlbums(session)
    return await finish(user, begun, session)
  } catch (thrown) {
    const error = reasonOf(thrown, plan.output, parts, session?.tally.failedInAll ?? 0)
    if (session !== undefined) await letGo(error, session)
    await ignoringErrors(() => recordEnd(error, { plan, parts, begun, session, announced: user?.imageCount }))
    throw error
  } finally {
    await session?.destination.close()
  }
}

/** Prepares all exporters, and reports the problems of all at once. */
async function prepareExporters({ drivers, catalog, signal }: Session): Promise<void> {
  const problems: string[] = []
  for (const driver of drivers) {
    await driver.prepare().catch((error) => {
      if (signal.aborted) throw interrupted()
      if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
      problems.push(error.what)
    })
  }
  if (problems.length > 0) {
    throw new SmugdlError('usage', { what: problems.join('\n'), next: 'Nothing was downloaded' })
  }
  const account = catalog.account.get()
  if (account === undefined) throw new Error('the account is not in the catalog')
  for (const driver of drivers) await driver.begin(describeAccount(account))
}

function walkParts({
  smugmug,
  catalog,
  installed,
  claimed,
  now,
  plan,
  tally,
  emit,
}: Session): Parameters<typeof walk>[1] {
  return {
    api: smugmug.api,
    catalog,
    now: now(),
    reserved: [...claimed, ...installed.flatMap(({ reserves }) => reserves)],
    full: plan.full,
    relistAfterMs: plan.relistAfterMs,
    notice: (text) => tally.notice(text),
    detail: (text) => emit({ type: 'detail', text }),
  }
}

/** Exports several albums at once, starting with those left unfinished by earlier runs. */
async function bringAlbums(session: Session): Promise<void> {
  const { catalog, drivers, plan, signal, tally, draining } = session
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const known = (key: string) => {
    const row = catalog.albums.get(key)
    if (row === undefined) throw new Error(`album ${key} is not in the catalog`)
    const album = albumFor(row, folders)
    return { row, album }
  }
  const keys = catalog.albums.keys()
  const account = keys.map((key) => known(key).album)
  requireMatches(account, plan)
  const isNamed = albumFilter(account, plan)
  const isOfKind = privacyFilter(plan.pictures)
  const isChosen = (album: Album) => isNamed(album) && isOfKind(album)
  const failing = new Set(catalog.failures.albums())
  const queue = [...keys.filter((key) => failing.has(key)), ...keys.filter((key) => !failing.has(key))]

  const chosen = queue.map(known).filter(({ album }) => isChosen(album))
  await session.space.need(chosen.reduce((sum, { row }) => sum + announcedBytes(row), 0))
  const isWhole = chosen.length === queue.length && plan.only === undefined
  session.emit({
    type: 'albums.chosen',
    albums: chosen.filter(({ row }) => plan.only?.has(row.key) !== false).length,
    images: chosen.reduce((sum, { row }) => sum + (row.imageCount ?? 0), 0),
    atHome: isWhole ? savedTotals(catalog) : { files: 0, bytes: 0 },
  })

  let next = 0
  let halted: unknown
  const worker = async (): Promise<void> => {
    while (next < queue.length && !draining.aborted && !signal.aborted && halted === undefined) {
      const key = queue[next++] ?? ''
      const { row, album } = known(key)
      if (!isChosen(album) || plan.only?.has(key) === false) {
        tally.albums.excluded += 1
        count(drivers, { kind: 'skipped', reason: 'excluded' }, session, row.imageCount ?? 0)
        continue
      }
      await runAlbum(row, album, session).catch((error) => {
        halted ??= error
        session.halt(error)
      })
    }
  }
  await Promise.all(Array.from({ length: Math.max(4, firstLevel(plan.concurrency).atOnce) }, worker))
  if (halted !== undefined) throw halted
  if (draining.aborted || signal.aborted) throw interrupted()
}

/** Keeps what was done. */
async function letGo(error: SmugdlError | Error, { drivers, recorder }: Session): Promise<void> {
  await ignoringErrors(() => recorder.flush())
  for (const driver of drivers) await ignoringErrors(() => driver.abort({ reason: error.message }))
}

function reasonOf(
  thrown: unknown,
  output: string,
  { draining, signal, timeUp }: RunParts,
  failed: number,
): SmugdlError | Error {
  const error = diskError(thrown, output)
  if (error instanceof SmugdlError && error.kind !== 'cancelled') return error
  if (timeUp?.aborted) return outOfTime(failed)
  if (draining.aborted || signal.aborted) return interrupted()
  return error instanceof Error ? error : new Error(String(error))
}

/** Items that are not safe are reported even if the time is over. */
function outOfTime(failed: number): SmugdlError {
  const what = 'Stopped on purpose: the time of --max-duration is over'
  if (failed === 0)
    return new SmugdlError('stopped', { what, next: 'Everything that was finished is safe; the next run continues' })
  return new SmugdlError('item', {
    what: `${what}; ${failed} ${failed === 1 ? 'item is' : 'items are'} not safe`,
    next: 'The next run continues. All names: smugdl runs show. Try again now: smugdl retry',
  })
}

function interrupted(): SmugdlError {
  return new SmugdlError('cancelled', {
    what: 'Interrupted',
    next: 'Everything that was finished is safe; the next run continues',
  })
}
