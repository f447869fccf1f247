import { SmugdlError } from '../../error.ts'
import type { Image } from '../../exporter/types.ts'
import { ListingIncomplete } from '../../smugmug/api/complete-list.ts'
import { Short } from '../account/album-listing.ts'
import type { Driver } from '../exporters/driver.ts'
import type { AlbumRun } from './album.ts'
import { itemError } from './item-error.ts'
import type { Session } from './session.ts'
import { noteFinished } from './settle.ts'
import { failedItem } from './tally.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * When to ask again for what failed: in the next run. What is unlikely to recover by itself, or has not healed for a while, is asked for at
 * growing intervals, up to 30 days; meanwhile it counts as failed without costing a request.
 */
export function dueAfter(attempts: number, heals: boolean, failedAt: number): number {
  const patient = heals ? attempts - 5 : attempts - 1
  return patient < 0 ? failedAt : failedAt + Math.min(30 * dayMs, (dayMs / 2) * 2 ** patient)
}

/** One exporter's delivery of a picture failed, and of no other; a later run tries it again. Throws on what ends the run. */
export async function noteDeliveryFailure(
  run: AlbumRun,
  image: Image,
  driver: Driver,
  error: unknown,
  session: Session,
): Promise<void> {
  const failure = itemError(error, session.plan.output)
  await noteImageFailure(run, image, [driver], failure, { heals: true, exporter: driver.name }, session)
}

/** An image is not safe for these exporters: counted, reported, remembered, and the exporters hear of it. */
export async function noteImageFailure(
  { album, path }: AlbumRun,
  image: Image,
  drivers: readonly Driver[],
  error: SmugdlError,
  { heals, exporter }: { heals: boolean; exporter?: string },
  session: Session,
): Promise<void> {
  const { catalog, tally, now } = session
  const accepted = catalog.accepted.reason(image.key) ?? catalog.accepted.reason(album.key)
  if (accepted !== undefined) {
    const outcome = { kind: 'skipped', reason: 'accepted' } as const
    for (const driver of drivers) noteFinished({ album, path }, driver, { image, outcome }, session)
    tally.accepted += 1
    return
  }
  const file = { album: album.key, image: image.key, component: image.component }
  const before = catalog.failures.get(file, exporter ?? '')
  const asked = before === undefined || before.dueAt <= now()
  const attempts = (before?.attempts ?? 0) + (asked ? 1 : 0)
  if (asked) {
    catalog.failures.put({
      ...file,
      exporter: exporter ?? '',
      reason: error.what,
      next: error.next,
      heals,
      attempts,
      failedAt: now(),
      dueAt: dueAfter(attempts, heals, now()),
    })
  }
  for (const { name } of drivers) tally.add(name, { kind: 'failed', error })
  tally.fail({
    ...failedItem(`${path}/${image.name}`, error),
    albumKey: album.key,
    imageKey: image.key,
    attempts,
    ...(exporter !== undefined && { exporter }),
  })
  for (const driver of drivers) {
    const { reason, next } = failedItem('', error)
    await driver
      .failed(image, { reason, ...(next !== undefined && { next }) }, album)
      .catch((thrown) => tally.notice(thrown.message))
  }
}

/** An album that cannot be listed whole counts, for every exporter, for what it lacks. */
export function noteAlbumFailure(
  { album, path }: AlbumRun,
  error: SmugdlError,
  { catalog, drivers, tally, now }: Session,
): void {
  tally.unseen += 1
  const listsNone = error instanceof Short && error.listed === 0
  if (catalog.accepted.reason(album.key) !== undefined && !listsNone) {
    for (const { name } of drivers) tally.add(name, { kind: 'skipped', reason: 'accepted' })
    tally.accepted += 1
    return
  }
  const attempts = (catalog.failures.get({ album: album.key, image: '' }, '')?.attempts ?? 0) + 1
  const failedAt = now()
  catalog.failures.put({
    album: album.key,
    image: '',
    component: '',
    exporter: '',
    reason: error.what,
    next: error.next,
    heals: true,
    attempts,
    failedAt,
    dueAt: failedAt,
  })
  const { unreadable, notListed } = lacking(error, catalog.listings.count(album.key))
  for (const record of unreadable) {
    for (const { name } of drivers) tally.add(name, { kind: 'failed', error: record })
    tally.fail({ ...failedItem(`${path}/${record.item}`, record), albumKey: album.key })
  }
  if (notListed === 0) return
  for (const { name } of drivers) tally.add(name, { kind: 'failed', error }, notListed)
  tally.fail({ ...failedItem(path, error), albumKey: album.key })
}

/** What an album lacks: each record that could not be read counts for itself, what is not listed for as many as are announced. */
function lacking(error: SmugdlError, known: number): { unreadable: readonly SmugdlError[]; notListed: number } {
  // What an earlier run has seen of it is brought home and counted, though it is not listed now.
  if (error instanceof Short) return { unreadable: [], notListed: Math.max(1, error.announced - known) }
  if (!(error instanceof ListingIncomplete)) return { unreadable: [], notListed: 1 }
  const { unreadable, received, total } = error
  return { unreadable, notListed: total - received - unreadable.length }
}

/** Images that an album announces and does not list, and that the user lives without. */
export function noteAcceptedShort(short: number, { drivers, tally }: Session): void {
  for (const { name } of drivers) tally.add(name, { kind: 'skipped', reason: 'accepted' }, short)
  tally.accepted += short
}

/** Albums that may be there and were not seen: nobody can say that everything is safe. */
export function reportGap(account: string, reason: string, { drivers, tally }: Session): void {
  tally.unseen += 1
  const error = new SmugdlError('item', { what: reason, next: 'The next run looks again' })
  for (const { name } of drivers) tally.add(name, { kind: 'failed', error })
  tally.fail(failedItem(account, error))
}
