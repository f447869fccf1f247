import type { AlbumRow } from '../../catalog/albums.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { FileKey } from '../../catalog/file-key.ts'
import type { FolderRow } from '../../catalog/folders.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import { albumFilter, albumPath } from '../account/album-filter.ts'
import { shortfallOf } from '../account/completeness.ts'
import { albumFor, describeImage } from '../account/describe.ts'
import { pictureFilter, privacyFilter } from '../account/picture-filter.ts'
import type { Driver } from '../exporters/driver.ts'
import { isFileProof } from '../files/proof.ts'
import { confirmGone, type Missed, placeOf } from './confirm-gone.ts'
import { isWholeAccount } from './plan.ts'
import type { Session } from './session.ts'
import { reportFailed } from './settle.ts'

/**
 * Moves what is gone from SmugMug into the trash, if the user asked for a mirror. It considers only what this run has looked at. If something may
 * have stayed unseen, or there is more than the user allows, it removes nothing, and the run has a failure.
 * No list alone removes anything: each image is requested once more, in its place (`confirmGone`). Files that the user changed stay and are
 * reported. Returns the number of deliveries that were removed or, in a dry run, would be. `announced` is the account's own count of its images.
 */
export async function mirror(announced: number | undefined, session: Session): Promise<number | undefined> {
  const { plan, recorder } = session
  if (plan.mirror === undefined) return undefined
  await recorder.flush()
  let wanted = 0
  for (const _ of removals(session)) wanted += 1
  const refusal = refusalOf(wanted, announced, session)
  if (refusal !== undefined) {
    reportFailed({ item: 'mirror', ...refusal }, session)
    return 0
  }
  const confirmed = await confirmGone(missed(session), session)
  if (confirmed === undefined) {
    const reason =
      'Nothing was removed: SmugMug does not find pictures that are there either, so that nothing is known to be gone'
    reportFailed({ item: 'mirror', reason, next: 'The next run looks again' }, session)
    return 0
  }
  let removed = 0
  for (const removal of removals(session)) {
    if (!confirmed.has(placeOf(removal.row))) continue
    if (plan.dryRun || (await remove(removal, session))) removed += 1
  }
  if (!plan.dryRun) forgetGone(session)
  return removed
}

/** An exporter's delivery of an image that is gone. */
interface Removal {
  driver: Driver
  row: DeliveryRow
  listed: Gone
  /** `folder/…/album/name` in display names. */
  item: string
}

/** An image that is gone from an album. */
type Gone = Pick<ListingRow, 'album' | 'image' | 'component' | 'serial'>

/** Everything to remove, except what none of the run's exporters can remove. */
function* removals(session: Session): Generator<Removal> {
  const { catalog, drivers } = session
  const used = new Map(drivers.map((driver) => [driver.name, driver]))
  for (const { listed, item } of gone(session)) {
    for (const row of catalog.deliveries.inAlbumOf(listed)) {
      const driver = used.get(row.exporter)
      if (driver?.canRemove(row.delivery)) yield { driver, row, listed, item }
    }
  }
}

/** The images with something to remove, each once. */
function* missed(session: Session): Generator<Missed> {
  const seen = new Set<string>()
  for (const { listed, item } of removals(session)) {
    if (seen.has(placeOf(listed))) continue
    seen.add(placeOf(listed))
    yield { listed, item }
  }
}

/** Images that are gone from the albums this run has looked at, with their `folder/…/album/name` in display names. */
function* gone({ catalog, drivers, plan }: Session): Generator<{ listed: Gone; item: string }> {
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const isLookedAt = lookedAt(catalog, folders, plan)
  const isWanted = pictureFilter(plan.pictures)
  for (const listed of catalog.listings.gone()) {
    const album = catalog.albums.get(listed.album)
    if (album === undefined || !isLookedAt(album) || !isWanted(describeImage(listed))) continue
    if (listed.component !== '' && isListed({ ...listed, component: '' }, catalog)) continue
    yield { listed, item: `${albumPath(albumFor(album, folders))}/${listed.name ?? listed.wantedName}` }
  }
  // Gone after the catalog was lost: only their exporter knows of them (`takeStrays`).
  for (const { keeps, name } of plan.pictures === undefined ? drivers : []) {
    if (keeps !== 'elsewhere') continue
    for (const row of catalog.deliveries.unlisted(name)) {
      const album = catalog.albums.get(row.album)
      if (row.component !== '' && isListed({ ...row, component: '' }, catalog)) continue
      if (album === undefined ? isWholeAccount(plan) : isLookedAt(album))
        yield { listed: row, item: row.delivery?.path ?? row.image }
    }
  }
}

/** Files kept with a picture cannot be checked a second time, so they stay as long as the picture is there. */
function isListed(file: FileKey, { listings }: Session['catalog']): boolean {
  const listed = listings.get(file)
  return listed !== undefined && listed.goneAt === undefined
}

/** Whether this run knows what SmugMug has of an album. No selection covers an album that is gone: it may have had another name. */
function lookedAt(
  { albums }: Session['catalog'],
  folders: ReadonlyMap<string, FolderRow>,
  plan: Session['plan'],
): (album: AlbumRow) => boolean {
  const there = Array.from(albums.all()).filter(({ goneAt }) => goneAt === undefined)
  const isOfKind = privacyFilter(plan.pictures)
  const isNamed = albumFilter(
    there.map((album) => albumFor(album, folders)),
    plan,
  )
  return (album) =>
    album.goneAt === undefined ? isNamed(albumFor(album, folders)) && isOfKind(album) : isWholeAccount(plan)
}

function refusalOf(
  wanted: number,
  announced: number | undefined,
  { catalog, drivers, plan, tally }: Session,
): { reason: string; next: string } | undefined {
  if (wanted === 0) return undefined
  const nothing = 'Nothing was removed, although'
  const gone = `${wanted} ${wanted === 1 ? 'file is' : 'files are'} gone from SmugMug`
  if (tally.unseen > 0)
    return { reason: `${nothing} ${gone}: SmugMug could not be listed completely`, next: 'The next run looks again' }
  const everything = isWholeAccount(plan)
  const shortfall = everything ? shortfallOf(announced, tally.pictures) : undefined
  if (shortfall !== undefined)
    return { reason: `${nothing} ${gone}: ${shortfall}`, next: '"smugdl whoami" shows what the login may see' }
  const atHome = drivers.reduce((sum, { name }) => sum + catalog.deliveries.totals(name).files, 0)
  const limit = limitOf(plan.mirror ?? 'default', atHome)
  if (wanted <= limit) return undefined
  return {
    reason: `${nothing} ${gone}: that is more than the ${limit} of ${atHome} that may be removed`,
    next: 'Look at SmugMug; if everything there is as you want it, allow more with --max-delete',
  }
}

function limitOf(max: NonNullable<Session['plan']['mirror']>, atHome: number): number {
  if (max === 'default') return Math.max(20, Math.floor(atHome / 10))
  return 'percent' in max ? Math.floor((atHome * max.percent) / 100) : max.files
}

/** False if it stays, because it is no longer what was delivered and belongs to the user from now on. */
async function remove({ driver, row, item }: Removal, session: Session): Promise<boolean> {
  const { catalog, emit, recorder, tally } = session
  let isRemoved = true
  try {
    if (row.delivery !== undefined && !row.pending) {
      if (await isChanged(driver, row.delivery)) {
        isRemoved = false
        tally.notice(
          `"${item}" is gone from SmugMug, but you changed ${row.delivery.path}: it stays, and is yours now.`,
        )
      } else if (!isFileProof(row.delivery) || !driver.files.paths.isShared(row)) await driver.remove(row.delivery)
    }
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    reportFailed(
      { item, albumKey: row.album, imageKey: row.image, exporter: row.exporter, reason: error.message },
      session,
    )
    return false
  }
  // Nothing is forgotten before it is certainly in the trash.
  await recorder.flush()
  catalog.deliveries.forget(row)
  if (isRemoved)
    emit({ type: 'detail', text: `moved to the trash: ${item} (${row.exporter}: ${row.delivery?.path ?? ''})` })
  return isRemoved
}

/** Forgets images that nobody has any more, which frees their names. */
function forgetGone(session: Session): void {
  const { albums, deliveries, listings } = session.catalog
  for (const { listed } of gone(session)) {
    if (deliveries.inAlbumOf(listed).length === 0) listings.forget(listed)
  }
  for (const { key, goneAt } of albums.all()) {
    if (goneAt !== undefined && listings.names(key).length === 0) albums.forget(key)
  }
}

async function isChanged(driver: Driver, delivery: NonNullable<DeliveryRow['delivery']>): Promise<boolean> {
  return (
    (await driver.inspect(delivery, 'quick')) === 'changed' && (await driver.inspect(delivery, 'full')) === 'changed'
  )
}
