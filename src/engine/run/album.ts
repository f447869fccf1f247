import type { AlbumRow } from '../../catalog/albums.ts'
import { SmugdlError } from '../../error.ts'
import type { Album } from '../../exporter/types.ts'
import { albumPath } from '../account/album-filter.ts'
import { listAlbum } from '../account/album-listing.ts'
import { announcedBytes } from '../account/announced-bytes.ts'
import { albumDigest, describeImage } from '../account/describe.ts'
import type { Driver } from '../exporters/driver.ts'
import { provenTogether } from '../exporters/proven-delivery.ts'
import type { AlbumRun, Pending } from './album-state.ts'
import { fetchAhead } from './fetch-ahead.ts'
import { reportMoved } from './follow-move.ts'
import { deliverSmallCopies, runImages } from './image.ts'
import { itemError } from './item-error.ts'
import { followFolders } from './moved-folders.ts'
import type { Session } from './session.ts'
import { countAccepted, countFailed, reportFailed, settle, settleAlbumFailed, settleFailed } from './settle.ts'
import { noteTrusted, replayTrusted } from './trust.ts'

/** Exports one album. Throws what ends the run; failures of an image or of the album are settled. */
export async function runAlbum(row: AlbumRow, album: Album, session: Session): Promise<void> {
  const { drivers, emit, plan } = session
  const path = albumPath(album)
  const digests = new Map(drivers.map(({ name }) => [name, albumDigest(album, plan.exporterOptions[name] ?? {})]))
  const run: AlbumRun = {
    album,
    path,
    digests,
    pending: new Map(),
    broken: new Map(),
    moved: new Map(),
    beside: new Map(),
    astray: new Map(),
    left: 0,
  }
  emit({ type: 'album.started', albumKey: album.key, album: path })
  const trust = await replayTrusted(row, run, session)
  if (trust === 'known') await runKnown(row, run, session)
  else if (trust === 'unknown') await runListed(row, run, session)
  reportMoved(run, session)
  session.smallCopies.forget(album.key)
  emit({ type: 'album.finished', albumKey: album.key, album: path })
}

async function runListed(row: AlbumRow, run: AlbumRun, session: Session): Promise<void> {
  const { catalog, drivers, smugmug, tally, now } = session
  const { album } = run
  catalog.complete.clear(album.key)
  const wantsSmall = drivers.some(({ exporter }) => exporter.wantsSmallCopies === true)
  const ahead = fetchAhead(run, session)
  try {
    const listed = await listAlbum(row, {
      api: smugmug.api,
      catalog,
      run: session.run,
      raw: session.raw,
      now: now(),
      onListed(rows) {
        // The names of the last page are known in a moment.
        if ((rows.at(-1)?.position ?? 0) + 1 < (row.imageCount ?? 0)) ahead.listed(rows)
      },
      nameAtHome: (image) => session.onHand?.nameOf?.(image, album),
      ...(wantsSmall && { onSmallCopies: session.smallCopies.add.bind(session.smallCopies) }),
    })
    ahead.listEnded()
    tally.albums.listed += 1
    await announce(row, run, session)
    const whole = await bring(run, session)
    await ahead.clear()
    if ('incomplete' in listed) settleAlbumFailed(run, listed.incomplete, session)
    else {
      catalog.failures.clear({ album: album.key, image: '' }, '')
      countAccepted(drivers, session, listed.short)
    }
    if (whole && !('incomplete' in listed)) noteComplete(run, session)
  } finally {
    await ahead.settle()
  }
}

/** SmugMug still has what it last listed, so everything is done from the catalog's listing. */
async function runKnown(row: AlbumRow, run: AlbumRun, session: Session): Promise<void> {
  noteTrusted(row, run, session)
  if (await bring(run, session)) noteComplete(run, session)
}

/** False if something of the album was left out. */
async function bring(run: AlbumRun, session: Session): Promise<boolean> {
  const { drivers, plan } = session
  for (const driver of drivers)
    await driver.beginAlbum(run.album).catch((error) => run.broken.set(driver.name, itemError(error, plan.output)))
  await followFolders(run, session)
  const whole = await runImages(run, session)
  await deliverSmallCopies(run, session)
  if (whole) for (const driver of drivers) await endAlbum(driver, run, session)
  return whole
}

function noteComplete(run: AlbumRun, { catalog, drivers }: Session): void {
  if (run.left > 0) return
  for (const { name } of drivers)
    if (!run.broken.has(name)) catalog.complete.put(name, run.album.key, run.digests.get(name) ?? '')
}

async function announce(
  row: AlbumRow,
  { album, path }: AlbumRun,
  { catalog, drivers, emit, space }: Session,
): Promise<void> {
  const outstanding = drivers.map(({ name }) => catalog.listings.outstanding(name, album.key))
  const bytes = Math.max(0, ...outstanding.map((each) => each.bytes))
  emit({
    type: 'album.planned',
    albumKey: album.key,
    album: path,
    trusted: false,
    images: catalog.listings.count(album.key),
    toFetch: Math.max(0, ...outstanding.map((each) => each.images)),
    bytes,
  })
  space.settled(announcedBytes(row))
  await space.need(bytes)
}

/** The exporter makes its pending deliveries durable. Then they are recorded, and only then are their staged files removed. */
async function endAlbum(driver: Driver, run: AlbumRun, session: Session): Promise<void> {
  const { kept, recorder, sameBytes } = session
  const { album, path, pending, broken } = run
  const waiting = pending.get(driver.name) ?? []
  try {
    const failed = broken.get(driver.name)
    if (failed !== undefined) throw failed
    await recorder.flush()
    await driver.files.during({ album: album.key }, async () => {
      const place = await driver.endAlbum(album)
      const byPath = Map.groupBy(waiting, ({ path }) => place ?? path)
      for (const [at, together] of byPath) await recordTogether(driver, at, together, run, session)
      await recorder.flush()
    })
    for (const { staged } of waiting)
      if (staged !== undefined) await sameBytes.run(staged.content, () => kept.release(staged))
  } catch (thrown) {
    const error = itemError(thrown, session.plan.output)
    broken.set(driver.name, error)
    const ofRaw = waiting.filter(({ key }) => key.component !== '').length
    if (waiting.length > 0) countFailed([driver], error, session, waiting.length, ofRaw)
    reportFailed({ item: path, albumKey: album.key, exporter: driver.name, reason: error.message }, session)
  }
}

/** Records the deliveries that became durable at one path, or fails them if they did not. Rows are read back one by one. */
async function recordTogether(
  driver: Driver,
  path: string,
  waiting: readonly Pending[],
  run: AlbumRun,
  session: Session,
): Promise<void> {
  const { catalog, plan, recorder } = session
  const proven = await provenTogether(driver, path, waiting).catch((error) => itemError(error, plan.output))
  for (const { key, outcome, moved } of waiting) {
    const listed = catalog.listings.get(key)
    const pending = catalog.deliveries.get(driver.name, key)
    if (listed === undefined || pending === undefined) throw new Error('a pending delivery is not in the catalog')
    const image = describeImage(listed)
    const delivery = moved?.delivery ?? pending.delivery ?? { path }
    const at =
      proven instanceof SmugdlError ? proven : await proven(delivery).catch((error) => itemError(error, plan.output))
    if (at instanceof SmugdlError) {
      await settleFailed(run, image, [driver], at, { heals: true, exporter: driver.name }, session)
      continue
    }
    const row = { ...pending, ...moved, delivery: at, pending: false }
    await recorder.add(row)
    settle(run, driver, { image, row, outcome, before: moved && pending.delivery }, session)
  }
}
