import { KeyedQueue } from '../../async/keyed-queue.ts'
import { pace } from '../../async/pace.ts'
import { Semaphore } from '../../async/semaphore.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { diskError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import type { Album, Hooks, Image } from '../../exporter/types.ts'
import type { SmallSize } from '../../smugmug/api/small-copy.ts'
import { accountOf, type User } from '../../smugmug/api/user.ts'
import { bindAccount } from '../account/account-check.ts'
import { albumFilter, requireMatches } from '../account/album-filter.ts'
import { albumFor, describeAccount } from '../account/describe.ts'
import { privacyFilter } from '../account/picture-filter.ts'
import { RawFiles, rawAway, rawModeOf, rememberRawMode } from '../account/raw-files.ts'
import { dueForListing } from '../account/relist.ts'
import { walk } from '../account/walk.ts'
import type { RunSummary } from '../events.ts'
import { byteSources } from '../exporters/byte-sources.ts'
import { contextFor } from '../exporters/context.ts'
import { createdBy } from '../exporters/create-hooks.ts'
import { deliveredFiles } from '../exporters/delivered-files.ts'
import { Driver } from '../exporters/driver.ts'
import { type InstalledExporter, staysHere, wantsBytes } from '../exporters/installed.ts'
import { claimedFolders, claimFolders } from '../exporters/own-folders.ts'
import { Destination } from '../files/destination.ts'
import { announcedBytes, Space } from '../files/free-space.ts'
import { Recorder } from '../files/recorder.ts'
import { Staging, stagingIdOf } from '../files/staging.ts'
import { StagingRefs } from '../files/staging-refs.ts'
import { pruneTrash, Trash } from '../files/trash.ts'
import { savedTotals } from '../query/saved-totals.ts'
import { runAlbum } from './album.ts'
import { reportDiskLimits } from './disk-limits.ts'
import { EditedFiles } from './edited-files.ts'
import { storeOptions } from './last-options.ts'
import { ListedSmallCopies } from './listed-small-copies.ts'
import { localDuplicates } from './local-copy.ts'
import { mirror } from './mirror.ts'
import { MovedFiles } from './moved-files.ts'
import { nothing } from './outcome.ts'
import type { RunPlan } from './plan.ts'
import { roomAhead } from './room-ahead.ts'
import type { RunParts } from './run-parts.ts'
import { type Begun, beginRecord, ignoringErrors, recordEnd, recordFinished, summarySoFar } from './run-record.ts'
import type { Session } from './session.ts'
import { count, reportFailed, settleGap } from './settle.ts'
import { smallCopy } from './small-copies.ts'
import { StagedAhead } from './staged-ahead.ts'
import { Tally } from './tally.ts'

/**
 * One export run: everything that the account lists comes home, or is named in the summary. Throws what ends a run early (`SmugdlError`
 * of any kind but `item`); what was done by then is recorded, and the next run continues.
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

async function openSession(plan: RunPlan, parts: RunParts, { run, startedAt, lastRunAt }: Begun): Promise<Session> {
  const { catalog, emit, exporters, now } = parts
  storeOptions(plan, exporters.some(wantsBytes), catalog)
  if (plan.full || plan.edited !== undefined) catalog.failures.makeDue(startedAt)
  if (plan.raw !== undefined) rememberRawMode(plan.raw, catalog)
  const stop = new AbortController()
  const staging = new Staging(plan.output)
  const recorder = new Recorder(catalog)
  const signal = AbortSignal.any([parts.signal, stop.signal])
  const paced =
    plan.limitRate === undefined ? undefined : pace(plan.limitRate, AbortSignal.any([signal, parts.draining]))
  const base = {
    ...parts,
    signal,
    halt: (error: unknown) => stop.abort(error),
    plan,
    run,
    staging,
    recorder,
    moved: new MovedFiles({ plan, catalog, recorder, draining: parts.draining }),
    destination: new Destination(staging, new Trash(plan.output, startedAt), (folder) => recorder.touched(folder)),
    tally: new Tally(plan.exporters, emit, (failure) => catalog.runs.addFailure(run, { ...failure })),
    space: new Space(
      plan.output,
      plan.spaceCheck && !plan.dryRun && plan.pictures === undefined && exporters.some(staysHere),
    ),
    slots: new Semaphore(plan.concurrency * 2),
    network: new Semaphore(plan.concurrency),
    arrived: async (bytes: number) => {
      emit({ type: 'bytes', bytes })
      await paced?.(bytes)
    },
    sameBytes: new KeyedQueue(),
    staged: new Map(),
    smallCopies: new ListedSmallCopies(),
    kept: new StagingRefs(),
    ahead: new StagedAhead({ room: await roomAhead(plan, parts), atOnce: plan.concurrency }),
    withBytes: exporters.filter(wantsBytes).map(({ exporter }) => exporter.name),
    installed: exporters,
    claimed: await claimedFolders(plan.output, catalog),
    raw: new RawFiles(rawModeOf(catalog), { api: parts.smugmug.api, catalog, now: now(), fresh: plan.full }),
    relist: dueForListing(catalog.albums.all(), { now: now(), relistAfterMs: plan.relistAfterMs, lastRunAt }),
  }
  const needs = {
    ...base,
    network: parts.reach,
    smallCopy: (image: Image, album: Album, size: SmallSize) => smallCopy(image, album, size, base),
  }
  const driverOf = async (one: InstalledExporter) => {
    const files = deliveredFiles(one, base)
    const hooks = await createdBy(one.exporter, contextFor(one, files, needs))
    return new Driver(one, hooksOf(hooks, plan), files, plan.output)
  }
  const drivers: Driver[] = []
  for (const exporter of exporters) drivers.push(await driverOf(exporter))
  const holder = byteSources(drivers, async (name) => {
    const exporter = await parts.exporterNamed?.(name)
    return exporter && driverOf(exporter)
  })
  return { ...base, drivers, holder, edited: new EditedFiles(base, drivers) }
}

/** In a dry run an exporter is asked what is there, and nothing else. */
function hooksOf(hooks: Hooks, { dryRun }: RunPlan): Hooks {
  if (!dryRun) return hooks
  return {
    deliver: hooks.deliver,
    ...(hooks.inspect && { inspect: hooks.inspect }),
    ...(hooks.relocate && { relocate: hooks.relocate }),
    ...(hooks.pathOf && { pathOf: hooks.pathOf }),
    ...(hooks.remove && { remove: hooks.remove }),
    ...(hooks.find && { find: hooks.find }),
  }
}

/** All of them, and the problems of all at once. */
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

/** Albums side by side, those with something left from earlier runs first. */
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
  await Promise.all(Array.from({ length: Math.max(4, plan.concurrency) }, worker))
  if (halted !== undefined) throw halted
  if (draining.aborted || signal.aborted) throw interrupted()
}

async function finish(user: User, { startedAt }: Begun, session: Session): Promise<RunSummary> {
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
  reportDiskLimits(session)
  reportRawAway(user, session)
  if (destination.replaced > 0)
    emit({ type: 'detail', text: `moved to the trash, as newer ones came: ${destination.replaced}` })
  if (!plan.dryRun) await staging.clear(stillPending(session))
  if (!plan.dryRun && plan.pruneTrashDays !== undefined) await pruneTrash(plan.output, plan.pruneTrashDays, now())
  const listed = tally.pictures
  const fewer = user.imageCount !== undefined && listed < user.imageCount && tally.failedInAll === tally.processing
  if (fewer) {
    tally.notice(
      `SmugMug's own counter says ${user.imageCount}; its albums list ${listed}, and all that this login sees were read. That counter is often a little off ("smugdl whoami" shows what the login sees).`,
    )
  }
  const summary: RunSummary = {
    ...summarySoFar(startedAt, session),
    ...(removed !== undefined && { removed }),
    ...(fewer && user.imageCount !== undefined && { announced: user.imageCount }),
    ...(session.withBytes.length === 0 && { listedOnly: { filesAtHome: filesAtHome(catalog) } }),
  }
  recordFinished(summary, session)
  emit({ type: 'run.finished', summary })
  return summary
}

/** RAW files that SmugMug keeps and does not give are told of once a run; they fail it only where the user asked for that. */
function reportRawAway({ nickName }: User, session: Session): void {
  const { catalog, raw, tally } = session
  const { notGiven } = rawAway(catalog)
  if (notGiven === 0) return
  const files = notGiven === 1 ? 'a RAW file of one picture is' : `RAW files of ${notGiven} pictures are`
  const reason = `On SmugMug ${files} kept, and SmugMug does not give ${notGiven === 1 ? 'it' : 'them'} to this key`
  const next = 'Download them on the web site; smugdl asks again after 30 days, or with --full'
  if (raw.mode === 'require') reportFailed({ item: nickName, reason, next }, session)
  else if (raw.mode === 'auto') tally.notice(`${reason}. ${next}.`)
}

/**
 * Staged files of deliveries that never became durable, for the run that makes them so; less those whose bytes are at home otherwise, or
 * whose image has left SmugMug and is delivered no more.
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

function filesAtHome({ deliveries }: Catalog): number {
  return deliveries.exporters().reduce((sum, name) => sum + deliveries.totals(name).files, 0)
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

/** What is not safe is no less so because the time was over. */
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
