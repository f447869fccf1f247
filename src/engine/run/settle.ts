import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { FailureRow } from '../../catalog/failures.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, FileKind, Image } from '../../exporter/types.ts'
import { ListingIncomplete } from '../../smugmug/api/complete-list.ts'
import { Short } from '../account/album-listing.ts'
import type { FailedItem } from '../events.ts'
import { standingOf } from '../exporters/delivery-worth.ts'
import type { Driver } from '../exporters/driver.ts'
import { sidecarsInside, sidecarsWritten } from '../files/kept-sidecars.ts'
import { isKeptEdited } from '../files/proof.ts'
import type { AlbumRun } from './album-state.ts'
import { dueAfter } from './due-after.ts'
import { itemError } from './item-error.ts'
import type { Outcome } from './outcome.ts'
import type { Session } from './session.ts'
import { failedItem } from './tally.ts'

// The only place that counts, reports and records the outcome of an image. Nothing else adds to the sums of a run (`test/rooms.test.ts`).

/** An image that an exporter has, or that is reported as left out. */
export interface Finished {
  image: Image
  /** The exporter's delivery; absent if the image is left out. */
  row?: DeliveryRow
  outcome: Exclude<Outcome, { kind: 'failed' }>
  /** The exporter's earlier delivery of the same bytes, if any. */
  before?: Delivery | undefined
}

type Named = Pick<Driver, 'name'>
type Counting = Pick<Session, 'tally'>

/** Settles an image that has not failed: counts and reports it. */
export function settle(
  { album, path }: Pick<AlbumRun, 'album' | 'path'>,
  driver: Driver,
  { image, row, outcome, before }: Finished,
  { emit, tally }: Pick<Session, 'emit' | 'tally'>,
): void {
  if (row !== undefined) tally.addLesser(driver.name, lesserOf(row, driver))
  const inside = sidecarsInside(row?.delivery)
  if (inside > 0) tally.addSidecars({ atHome: inside, written: sidecarsWritten(before, row?.delivery) })
  tally.add(driver.name, outcome, 1, ofRaw(image))
  emit({
    type: 'image.finished',
    albumKey: album.key,
    imageKey: image.key,
    item: `${path}/${image.name}`,
    exporter: driver.name,
    outcome: outcome.kind,
    bytes: 'bytes' in outcome ? outcome.bytes : 0,
    ...(row?.delivery !== undefined && { path: row.delivery.path }),
    ...(isKeptEdited(row?.delivery) && { edited: true }),
  })
}

/** Like `settle`, for what the exporter has from an earlier run: failures since then are forgotten. */
export function settleKept(
  run: AlbumRun,
  driver: Driver,
  finished: Finished & { row: DeliveryRow },
  session: Session,
): void {
  session.catalog.failures.clearDelivered(finished.row)
  countLesser(finished.row.facts.kind, driver, session)
  if (isKeptEdited(finished.row.delivery)) session.tally.edited.kept += 1
  settle(run, driver, finished, session)
}

/** Counts images without reporting each: many at once, or such as only show in the sums. `ofRaw`: the number of them that are RAW files. */
export function count(
  drivers: readonly Named[],
  outcome: Finished['outcome'],
  { tally }: Counting,
  times = 1,
  ofRaw = 0,
): void {
  for (const { name } of drivers) tally.add(name, outcome, times, ofRaw)
}

/** Counts accepted items: `times` images, however many exporters lack them. */
export function countAccepted(drivers: readonly Named[], session: Counting, times = 1): void {
  count(drivers, { kind: 'skipped', reason: 'accepted' }, session, times)
  session.tally.accepted += times
}

/** Counts images that were not selected, of an album that was. */
export function countLeftOut(run: AlbumRun, image: Image, drivers: readonly Named[], session: Counting): void {
  run.left += 1
  session.tally.leftOut += 1
  count(drivers, { kind: 'skipped', reason: 'excluded' }, session, 1, ofRaw(image))
}

/** 1 for a file that is kept with a picture: such files are also counted separately. */
export function ofRaw({ component = '' }: { readonly component?: string }): 0 | 1 {
  return component === '' ? 0 : 1
}

/** Transcodes and renditions are counted once per image, not once per exporter. */
export function countLesser(kind: FileKind, driver: Driver, { drivers, tally }: Session): void {
  if (driver !== drivers[0]) return
  if (kind === 'transcode') tally.transcodes += 1
  if (kind === 'rendition') tally.renditions += 1
}

/** Deliveries that prove nothing: the exporter made something from the picture, or keeps nothing. */
export function lesserOf(row: DeliveryRow, driver: Driver): { made: 0 | 1; unkept: 0 | 1 } {
  return { made: standingOf(row, driver) === 'made' ? 1 : 0, unkept: driver.keeps === 'nothing' ? 1 : 0 }
}

/** Numbers of images of an album, for one exporter; `sidecars` counts files. */
export interface AlbumSums {
  unchanged: number
  /** Of those, files kept with pictures (RAW). */
  ofRaw: number
  accepted: number
  transcodes: number
  renditions: number
  made: number
  unkept: number
  /** Changed by the user, who keeps them so. */
  edited: number
  sidecars: { atHome: number; yours: number }
  failed: readonly FailureRow[]
}

/** Counts all of a trusted album at once. `settleStillFailed` reports its failures. */
export function settleReplayed(driver: Driver, sums: AlbumSums, session: Session): void {
  const { drivers, tally } = session
  count([driver], { kind: 'unchanged' }, session, sums.unchanged, sums.ofRaw)
  count([driver], { kind: 'skipped', reason: 'accepted' }, session, sums.accepted)
  for (const failure of sums.failed) countFailed([driver], asError(failure), session, 1, ofRaw(failure))
  tally.addLesser(driver.name, sums)
  tally.addSidecars(sums.sidecars)
  tally.edited.kept += sums.edited
  if (driver !== drivers[0]) return
  tally.accepted += sums.accepted
  tally.transcodes += sums.transcodes
  tally.renditions += sums.renditions
}

/** Reports an item that failed in an earlier run, is not retried in this one, and is counted already: every run reports it. */
export function settleStillFailed(failure: FailureRow, { album, path }: AlbumRun, session: Session): void {
  const { catalog } = session
  const row = catalog.listings.get(failure)
  const { again, namedIn } = namingOf(failure, session)
  if (again === undefined) catalog.failures.put({ ...failure, namedIn })
  countProcessing(row, session)
  reportFailed(
    {
      ...failedItem(`${path}/${row?.name ?? failure.image}`, asError(failure)),
      albumKey: album.key,
      imageKey: failure.image,
      ...again,
      ...(failure.exporter !== '' && { exporter: failure.exporter }),
    },
    session,
  )
}

/** Only one exporter's delivery of a picture failed; a later run tries it again. Throws what ends the run. */
export async function settleDeliveryFailed(
  run: AlbumRun,
  image: Image,
  driver: Driver,
  error: unknown,
  session: Session,
): Promise<void> {
  // An exporter that stops because the run is stopped has not failed, and its staged file stays.
  if (session.signal.aborted) throw new SmugdlError('cancelled', { what: 'Interrupted', cause: error })
  const failure = itemError(error, session.plan.output)
  await settleFailed(run, image, [driver], failure, { heals: true, exporter: driver.name }, session)
}

/** An image is not safe for these exporters: counts, reports and records it, and calls their `failed`. */
export async function settleFailed(
  { album, path }: AlbumRun,
  image: Image,
  drivers: readonly Driver[],
  error: SmugdlError,
  { heals, exporter = '', row }: { heals: boolean; exporter?: string; row?: ListingRow },
  session: Session,
): Promise<void> {
  const { catalog, tally, now } = session
  countProcessing(row, session)
  if (isAccepted(album.key, image.key, session)) {
    const outcome = { kind: 'skipped', reason: 'accepted' } as const
    for (const driver of drivers) settle({ album, path }, driver, { image, outcome }, session)
    tally.accepted += 1
    return
  }
  const file = { album: album.key, image: image.key, component: image.component }
  const before = catalog.failures.get(file, exporter)
  const asked = before === undefined || before.dueAt <= now()
  const attempts = (before?.attempts ?? 0) + (asked ? 1 : 0)
  const { again, namedIn } = namingOf(before, session)
  if (asked) {
    const { what: reason, next } = error
    const [failedAt, dueAt] = [now(), dueAfter(attempts, heals, now())]
    catalog.failures.put({ ...file, exporter, reason, next, heals, attempts, failedAt, dueAt, namedIn })
  } else if (again === undefined) catalog.failures.put({ ...before, namedIn })
  countFailed(drivers, error, session, 1, ofRaw(image))
  reportFailed(
    {
      ...failedItem(`${path}/${image.name}`, error),
      albumKey: album.key,
      imageKey: image.key,
      attempts,
      ...again,
      ...(exporter !== '' && { exporter }),
    },
    session,
  )
  const { reason, next } = failedItem('', error)
  for (const driver of drivers)
    await driver
      .failed(image, { reason, ...(next !== undefined && { next }) }, album)
      .catch((thrown) => tally.notice(thrown.message))
}

/** An album that cannot be listed completely counts, for every exporter, as the number of images that it lacks. */
export function settleAlbumFailed({ album, path }: AlbumRun, error: SmugdlError, session: Session): void {
  const { catalog, drivers, tally, now } = session
  tally.unseen += 1
  const listsNone = error instanceof Short && error.listed === 0
  if (catalog.accepted.reason(album.key) !== undefined && !listsNone) {
    countAccepted(drivers, session)
    return
  }
  const file = { album: album.key, image: '', component: '', exporter: '' }
  const before = catalog.failures.get(file, '')
  const { again, namedIn } = namingOf(before, session)
  const attempts = (before?.attempts ?? 0) + 1
  const { what: reason, next } = error
  const at = now()
  catalog.failures.put({ ...file, reason, next, heals: true, attempts, failedAt: at, dueAt: at, namedIn })
  const { unreadable, notListed } = lacking(error, catalog.listings.count(album.key))
  for (const record of unreadable) {
    countFailed(drivers, record, session)
    reportFailed({ ...failedItem(`${path}/${record.item}`, record), albumKey: album.key, ...again }, session)
  }
  if (notListed === 0) return
  countFailed(drivers, error, session, notListed)
  reportFailed({ ...failedItem(path, error), albumKey: album.key, ...again }, session)
}

/** Albums may exist that were not seen, so nobody can say that everything is safe. */
export function settleGap(account: string, reason: string, session: Session): void {
  session.tally.unseen += 1
  const error = new SmugdlError('item', { what: reason, next: 'The next run looks again' })
  countFailed(session.drivers, error, session)
  reportFailed(failedItem(account, error), session)
}

/** Not safe, and reported separately. */
export function countFailed(
  drivers: readonly Named[],
  error: SmugdlError,
  { tally }: Counting,
  times = 1,
  ofRaw = 0,
): void {
  for (const { name } of drivers) tally.add(name, { kind: 'failed', error }, times, ofRaw)
}

/** Reports what is not safe, each item once, however many exporters lack it. */
export function reportFailed(failure: FailedItem, { tally }: Counting): void {
  tally.fail(failure)
}

function countProcessing(row: ListingRow | undefined, { tally }: Counting): void {
  if (row?.source.kind === 'none' && row.source.processing) tally.processing += 1
}

/** The first completed run that reported it, or this one. What an interrupted or killed run met is new to the next. */
function namingOf(
  failure: FailureRow | undefined,
  { catalog: { runs }, run }: Session,
): { again: Pick<FailedItem, 'again' | 'namedAt'> | undefined; namedIn: number } {
  const { namedIn } = failure ?? {}
  if (!runs.hasTold(namedIn)) return { again: undefined, namedIn: run }
  const namedAt = runs.get(namedIn)?.startedAt
  return { again: { again: true, ...(namedAt !== undefined && { namedAt }) }, namedIn }
}

function isAccepted(album: string, image: string, { catalog: { accepted } }: Session): boolean {
  return (accepted.reason(image) ?? accepted.reason(album)) !== undefined
}

function asError({ reason, next }: FailureRow): SmugdlError {
  return new SmugdlError('item', { what: reason, next })
}

/** What an album lacks: one for each record that could not be read, plus the images that are announced but not listed. */
function lacking(error: SmugdlError, known: number): { unreadable: readonly SmugdlError[]; notListed: number } {
  // Images that an earlier run saw are fetched and counted, although they are not listed now.
  if (error instanceof Short) return { unreadable: [], notListed: Math.max(1, error.announced - known) }
  if (!(error instanceof ListingIncomplete)) return { unreadable: [], notListed: 1 }
  const { unreadable, received, total } = error
  return { unreadable, notListed: total - received - unreadable.length }
}
