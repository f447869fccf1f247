import type { ListedSource, ListingRow } from '../../catalog/listings.ts'
import { SmugdlError } from '../../error.ts'
import type { FileFacts, Image } from '../../exporter/types.ts'
import { imageOf } from '../../smugmug/api/image.ts'
import { componentsOf } from '../../smugmug/api/source-files.ts'
import { HttpError } from '../../smugmug/transport/http-error.ts'
import { findSource } from '../account/album-listing.ts'
import { companionRows } from '../account/raw-file-rows.ts'
import { noRoomToGrow } from '../files/free-space.ts'
import { hashesOf } from '../files/hash.ts'
import { StagedFile } from '../files/staged-file.ts'
import { stagingIdOf } from '../files/staging.ts'
import type { AlbumRun } from './album-state.ts'
import { fetchToStaging } from './download.ts'
import { copyAtItsPlace, localCopy } from './local-copy.ts'
import type { Session } from './session.ts'

type Available = Exclude<ListedSource, { kind: 'none' }>

/**
 * Obtains the bytes of an image, verified and in staging: what is on hand, what was fetched ahead or left by an interrupted run, else a
 * copy of what is at home already (in another album, by another exporter), else from SmugMug. Undefined if SmugMug must not be asked. The
 * caller releases the result. Throws `item` if the bytes cannot be obtained.
 */
export async function obtain(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  session: Session,
): Promise<StagedFile | undefined> {
  const id = stagingIdOf(row)
  const path = session.staging.path(id)
  const inUse = session.kept.join(path)
  if (inUse !== undefined) return new StagedFile(path, inUse, row)
  // What was delivered a moment ago must be known as ours.
  if (session.recorder.isPending(row)) await session.recorder.flush()
  const file = (await session.onHand?.obtain(row, path)) ?? (await staged(run, row, image, { id, path }, session))
  if (file !== undefined) session.kept.keep(file)
  return file
}

async function staged(
  run: AlbumRun,
  row: ListingRow,
  image: Image,
  { id, path }: { id: string; path: string },
  session: Session,
): Promise<StagedFile | undefined> {
  const facts =
    session.ahead.take(row) ??
    (await leftInStaging(id, path, row, session)) ??
    (await localCopy(path, row, session)) ??
    (await recognised(path, row, image, run, session)) ??
    (session.onHand === undefined ? await downloadInTurn(run, row, id, session) : undefined)
  return facts && new StagedFile(path, facts, row)
}

async function recognised(
  path: string,
  row: ListingRow,
  image: Image,
  { album }: AlbumRun,
  session: Session,
): Promise<FileFacts | undefined> {
  const facts = await copyAtItsPlace(path, row, image, album, session)
  if (facts !== undefined) session.tally.recognised += 1
  return facts
}

/** What failed when it was fetched ahead was already retried as often as it helps. */
async function downloadInTurn(run: AlbumRun, row: ListingRow, id: string, session: Session): Promise<FileFacts> {
  const failed = session.ahead.failureOf(row)
  if (failed !== undefined) throw failed
  return download(run, row, id, session)
}

/** From staging, where an interrupted run left them, else from SmugMug. */
export async function leftOrDownloaded(
  run: AlbumRun,
  row: ListingRow,
  id: string,
  session: Session,
): Promise<FileFacts> {
  return (await leftInStaging(id, session.staging.path(id), row, session)) ?? (await download(run, row, id, session))
}

/** Already complete, and as SmugMug announces it. */
async function leftInStaging(
  id: string,
  path: string,
  row: ListingRow,
  session: Session,
): Promise<FileFacts | undefined> {
  const { source } = row
  const size = source.kind === 'none' ? undefined : await session.staging.leftSize(id)
  if (source.kind === 'none' || size === undefined || size !== (source.size ?? size)) return undefined
  const hashes = await hashesOf(path)
  // A power cut may have lost the bytes but kept the size: without an MD5, only what was handed to an exporter before is recognised.
  const isKnown = () => session.catalog.deliveries.inAlbumOf(row).some(({ facts }) => facts.sha256 === hashes.sha256)
  if (source.md5 === undefined ? !isKnown() : source.md5 !== hashes.md5) return undefined
  const contentType = session.catalog.deliveries.ofImage(row)[0]?.facts.contentType ?? 'application/octet-stream'
  return { ...hashes, kind: source.kind, contentType }
}

async function download({ album, path }: AlbumRun, row: ListingRow, id: string, session: Session): Promise<FileFacts> {
  const { downloads, emit, signal, smugmug, staging, tally, draining } = session
  const { source } = row
  const item = `${path}/${row.name ?? row.wantedName}`
  if (source.kind === 'none') throw unavailable(source, item)
  let hasBegun = false
  const onBegin = () => {
    if (!hasBegun) emit({ type: 'image.started', albumKey: album.key, imageKey: row.image, item, bytes: source.size })
    hasBegun = true
  }
  const fetch = (source: Available) =>
    fetchToStaging(
      {
        id,
        item,
        kind: source.kind,
        url: source.url,
        ...(source.size !== undefined && { size: source.size }),
        ...(source.md5 !== undefined && { md5: source.md5 }),
      },
      {
        media: smugmug.media,
        staging,
        downloads,
        draining,
        signal,
        noRoomToGrow: (have) => noRoomToGrow(staging.folder, have),
        onBegin,
        onBytes: session.arrived,
        onCutShort: (reason) =>
          tally.notice(
            `"${item}" looks cut short (${reason}): SmugMug sends it that way each time, and provides neither its size nor its MD5. It is kept as it came.`,
          ),
        onRetry: (reason, attempt, delayMs) => emit({ type: 'retry', item, reason, attempt, delayMs }),
      },
    )
  const facts = await fetch(source).catch(async (error) => {
    if (!(error instanceof HttpError) || ![401, 403, 404, 410].includes(error.status)) throw error
    const again = await foundAgain(row, source, session)
    if (again.kind !== source.kind || again.url === source.url) throw named(error, item)
    return fetch(again)
  })
  tally.downloaded.files += 1
  tally.downloaded.bytes += facts.size
  emit({ type: 'image.fetched', albumKey: album.key, imageKey: row.image, item, bytes: facts.size })
  return facts
}

/** An address kept from an earlier run may have expired. An original's address comes only with a listing. */
async function foundAgain(row: ListingRow, source: Available, { smugmug }: Session): Promise<ListedSource> {
  const image = imageOf(row.record, 'catalog')
  if (row.component !== '') {
    const rows = companionRows(row, await componentsOf(smugmug.api, image))
    return rows.find(({ component }) => component === row.component)?.source ?? source
  }
  return source.kind === 'original' ? source : findSource(smugmug.api, image)
}

function unavailable({ reason, next }: ListedSource & { kind: 'none' }, item: string): SmugdlError {
  return new SmugdlError('item', { what: reason, item, next })
}

/** A refusal by the photo host that concerns the picture, not the address. */
function named(error: HttpError, item: string): SmugdlError {
  return new SmugdlError('item', {
    what: error.what,
    item,
    next: error.next ?? 'The next run tries again',
    cause: error,
  })
}
