import type { AlbumRow } from '../../catalog/albums.ts'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { FailureRow } from '../../catalog/failures.ts'
import { fileId } from '../../catalog/file-key.ts'
import { SmugdlError } from '../../error.ts'
import { describeImage } from '../account/describe.ts'
import type { Driver } from '../exporters/driver.ts'
import { isWithoutSidecar, keptSidecars, sidecarsInside } from '../files/kept-sidecars.ts'
import { isFileProof, isKeptEdited } from '../files/proof.ts'
import type { AlbumRun } from './album-state.ts'
import type { Session } from './session.ts'
import {
  type AlbumSums,
  countAccepted,
  lesserOf,
  ofRaw,
  reportFailed,
  settleReplayed,
  settleStillFailed,
} from './settle.ts'
import { failedItem } from './tally.ts'

/**
 * Decides whether an album must be listed again.
 * `replayed`: SmugMug announces it unchanged since it was last listed, it is complete for every exporter, and a look finds each delivery. The
 * catalog counts. `known`: everything is there, but has another place or content than it should; that takes the catalog's listing, and no
 * bytes. `unknown`: there is anything else to do.
 */
export async function replayTrusted(
  row: AlbumRow,
  run: AlbumRun,
  session: Session,
): Promise<'replayed' | 'known' | 'unknown'> {
  const { catalog, drivers } = session
  if (!isUnchanged(row, session)) return 'unknown'
  const failures = catalog.failures
    .inAlbum(row.key)
    .filter((failure) => catalog.listings.get(failure)?.goneAt === undefined)
  const parts = new Map<Driver, Standing>()
  for (const driver of drivers) {
    const standing = await standingOf(driver, run, failures, session)
    if (standing === undefined) return 'unknown'
    parts.set(driver, standing)
  }
  const isDescribedAlike = drivers.every(
    ({ name }) => catalog.complete.described(name, row.key) === run.digests.get(name),
  )
  if (!isDescribedAlike || [...parts.values()].some(({ lacksSidecar }) => lacksSidecar)) {
    const isAllThere = [...parts.values()].every(({ failed, accepted }) => failed.length + accepted === 0)
    return isAllThere && !drivers.some(({ exporter }) => exporter.wantsSmallCopies) ? 'known' : 'unknown'
  }
  noteTrusted(row, run, session)
  for (const [driver, standing] of parts) await replay(driver, standing, run, session)
  countAccepted(drivers, session, row.short)
  for (const failure of failures) settleStillFailed(failure, run, session)
  return 'replayed'
}

/** Counts and reports an album whose last list is believed. */
export function noteTrusted({ key, listed }: AlbumRow, run: AlbumRun, { catalog, emit, tally }: Session): void {
  const images = catalog.listings.count(key)
  emit({ type: 'album.planned', albumKey: key, album: run.path, trusted: true, images, toFetch: 0, bytes: 0 })
  tally.albums.trusted += 1
  if (listed !== undefined) tally.oldestTrustAt = Math.min(tally.oldestTrustAt ?? Number.POSITIVE_INFINITY, listed.at)
}

/** The state of an album for an exporter, according to the catalog. */
interface Standing extends AlbumSums {
  lacksSidecar: boolean
}

/** Whether SmugMug announces it unchanged (smugmug-api 9.6: equal means unchanged, newer proves nothing), and every exporter has finished it. */
function isUnchanged(row: AlbumRow, { catalog, drivers, now, plan, raw, relist }: Session): boolean {
  const { listed } = row
  return (
    !plan.full &&
    listed !== undefined &&
    row.imagesLastUpdated !== undefined &&
    listed.imagesLastUpdated === row.imagesLastUpdated &&
    listed.lastUpdated === row.lastUpdated &&
    listed.imageCount === row.imageCount &&
    (row.short === 0 || catalog.accepted.shortReason(row.key, row.short) !== undefined) &&
    !relist.has(row.key) &&
    !raw.isDue(row.key) &&
    drivers.every(({ name }) => catalog.complete.described(name, row.key) !== undefined) &&
    catalog.failures.due(row.key, now()) === 0
  )
}

/** Looks at every delivery; undefined if one is not as it was left, or if an image is neither at home nor known to be missing. */
async function standingOf(
  driver: Driver,
  { album }: AlbumRun,
  failures: readonly FailureRow[],
  { catalog, plan, raw }: Session,
): Promise<Standing | undefined> {
  const failed = failures.filter(({ exporter }) => exporter === '' || exporter === driver.name)
  const failedFiles = new Set(failed.map(fileId))
  const sums = { unchanged: 0, ofRaw: 0, accepted: 0, transcodes: 0, renditions: 0, made: 0, unkept: 0, edited: 0 }
  const standing = { ...sums, failed }
  const sidecars = { atHome: 0, yours: 0 }
  let lacksSidecar = false
  for (const row of catalog.deliveries.present(album.key, driver.name)) {
    const { facts } = row
    if (failedFiles.has(fileId(row))) continue
    const state = await stateOf(row, driver)
    const isEdited = state === 'changed' && plan.edited !== 'restore' && isKeptEdited(row.delivery)
    if (state !== 'asLeft' && !isEdited) return undefined
    standing.unchanged += 1
    standing.ofRaw += ofRaw(row)
    if (isEdited) standing.edited += 1
    if (driver.hasSidecars && isFileProof(row.delivery)) {
      lacksSidecar ||= await isWithoutSidecar(driver.output, row.delivery)
      for (const { yours } of keptSidecars(row.delivery) ?? []) sidecars[yours ? 'yours' : 'atHome'] += 1
    }
    sidecars.atHome += sidecarsInside(row.delivery)
    const { made, unkept } = lesserOf(row, driver)
    standing.made += made
    standing.unkept += unkept
    if (facts.kind === 'transcode') standing.transcodes += 1
    if (facts.kind === 'rendition') standing.renditions += 1
  }
  const albumAccepted = catalog.accepted.reason(album.key) !== undefined
  for (const file of catalog.listings.absent(driver.name, album.key)) {
    if (failedFiles.has(fileId(file)) || (file.component !== '' && raw.mode === 'never')) continue
    if (!albumAccepted && catalog.accepted.reason(file.image) === undefined) return undefined
    standing.accepted += 1
  }
  return { ...standing, sidecars, lacksSidecar }
}

/** A first look; if a hook fails, the listing will show which image it concerns. */
async function stateOf({ delivery }: DeliveryRow, driver: Driver): Promise<'asLeft' | 'changed' | 'lost'> {
  if (delivery === undefined)
    return driver.keeps === 'nothing' || driver.exporter.needs === 'listing' ? 'asLeft' : 'lost'
  const state = await driver.inspect(delivery, 'quick').catch((error) => {
    if (error instanceof SmugdlError && error.kind === 'item') return 'missing'
    throw error
  })
  if (state === 'ok' || state === 'unproven') return 'asLeft'
  return state === 'changed' ? 'changed' : 'lost'
}

async function replay(driver: Driver, standing: Standing, { album }: AlbumRun, session: Session): Promise<void> {
  const { catalog } = session
  settleReplayed(driver, standing, session)
  if (!driver.wantsUnchanged) return
  const failed = new Map(standing.failed.map((failure) => [fileId(failure), failure]))
  try {
    await driver.beginAlbum(album)
    for (const row of catalog.listings.inOrder(album.key)) {
      const failure = failed.get(fileId(row))
      const before = catalog.deliveries.get(driver.name, row)
      if (failure !== undefined) await driver.failed(describeImage(row), asFailure(failure), album)
      else if (before?.delivery !== undefined) await driver.unchanged(describeImage(row), before.delivery, album)
    }
    await driver.endAlbum(album)
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    reportFailed({ ...failedItem(album.name, error), albumKey: album.key, exporter: driver.name }, session)
  }
}

function asFailure({ reason, next }: FailureRow): { reason: string; next?: string } {
  return { reason, ...(next !== undefined && { next }) }
}
