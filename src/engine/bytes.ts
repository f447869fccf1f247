import { constants } from 'node:fs'
import { copyFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeliveryRow } from '../catalog/deliveries.ts'
import type { ListedSource, ListingRow } from '../catalog/listings.ts'
import { SmugdlError } from '../error.ts'
import { outputOf } from '../exporter/built-in.ts'
import type { FileFacts, Image } from '../exporter/types.ts'
import { imageOf } from '../smugmug/image.ts'
import { HttpError } from '../smugmug/refusal.ts'
import type { AlbumRun } from './album-run.ts'
import { syncFile } from './durable.ts'
import { fetchToStaging } from './fetch.ts'
import { hashesOf } from './hashes.ts'
import { holds } from './holds.ts'
import { isFileProof } from './home.ts'
import { findSource } from './listing.ts'
import type { Session } from './session.ts'
import { StagedFile } from './staged-file.ts'
import { stagingIdOf } from './staging.ts'

type Available = Exclude<ListedSource, { kind: 'none' }>

/**
 * The bytes of an image, verified and in staging: what an interrupted run left there, else a copy of what is at home already (in another
 * album, by another exporter), else from SmugMug. Whoever gets it releases it. Throws `item` when they cannot be had.
 */
export async function obtain(run: AlbumRun, row: ListingRow, image: Image, session: Session): Promise<StagedFile> {
  const id = stagingIdOf(row)
  const path = session.staging.path(id)
  const inUse = session.kept.join(path)
  if (inUse !== undefined) return new StagedFile(path, inUse, image.key)
  const facts =
    (await leftInStaging(id, path, row, session)) ??
    (await copyOfHome(path, row, session)) ??
    (await download(run, row, image, id, session))
  const file = new StagedFile(path, facts, image.key)
  session.kept.keep(file)
  return file
}

/** Complete already, and as SmugMug says it must be. */
async function leftInStaging(
  id: string,
  path: string,
  { source, image }: ListingRow,
  session: Session,
): Promise<FileFacts | undefined> {
  if (source.kind === 'none' || !session.staging.holds(id)) return undefined
  const { size } = await stat(path)
  if (source.size !== undefined && size !== source.size) return undefined
  const hashes = await hashesOf(path)
  if (source.md5 === undefined ? source.size === undefined : source.md5 !== hashes.md5) return undefined
  const contentType = session.catalog.deliveries.ofImage(image)[0]?.facts.contentType ?? 'application/octet-stream'
  return { ...hashes, kind: source.kind, contentType }
}

async function copyOfHome(
  path: string,
  row: ListingRow,
  { catalog, plan, recorder }: Session,
): Promise<FileFacts | undefined> {
  if (recorder.holds(row)) await recorder.flush()
  for (const delivery of sameAtHome(row, catalog)) {
    if (!isFileProof(delivery.delivery) || delivery.delivery.size !== delivery.facts.size) continue
    try {
      await copyFile(
        join(outputOf(plan.output, delivery.exporter), delivery.delivery.path),
        path,
        constants.COPYFILE_FICLONE,
      )
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR')
      )
        continue
      throw error
    }
    const hashes = await hashesOf(path)
    if (hashes.sha256 === delivery.facts.sha256 && hashes.size === delivery.facts.size) {
      await syncFile(path)
      return delivery.facts
    }
    await rm(path, { force: true })
  }
  return undefined
}

/** Deliveries of the bytes that SmugMug has now, whatever image, album or exporter they belong to. */
function sameAtHome(row: ListingRow, catalog: Session['catalog']): DeliveryRow[] {
  const ofImage = catalog.deliveries.ofImage(row.image).filter((delivery) => holds(delivery, row))
  const { source } = row
  if (source.kind === 'none' || source.md5 === undefined || source.size === undefined) return ofImage
  return [...ofImage, ...catalog.deliveries.ofContent(source.md5, source.size)]
}

async function download(
  { album, path }: AlbumRun,
  row: ListingRow,
  image: Image,
  id: string,
  session: Session,
): Promise<FileFacts> {
  const { emit, network, signal, smugmug, staging, tally } = session
  const item = `${path}/${image.name}`
  if (row.source.kind === 'none') throw unavailable(row.source, item)
  emit({ type: 'image.started', albumKey: album.key, imageKey: image.key, item, bytes: row.source.size })
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
        network,
        signal,
        onBytes: (bytes) => emit({ type: 'bytes', bytes }),
        onRetry: (reason, attempt, delayMs) => emit({ type: 'retry', item, reason, attempt, delayMs }),
      },
    )
  const facts = await fetch(row.source).catch(async (error) => {
    // An address that was kept from an earlier run may have lost its validity; where the record tells another, that one is tried.
    if (!(error instanceof HttpError) || ![401, 403, 404, 410].includes(error.status)) throw error
    const again = await findSource(smugmug.api, imageOf(row.record, 'catalog'))
    if (again.kind === 'none' || row.source.kind === 'none' || again.url === row.source.url) throw named(error, item)
    return fetch(again)
  })
  tally.downloaded.files += 1
  tally.downloaded.bytes += facts.size
  emit({ type: 'image.fetched', albumKey: album.key, imageKey: image.key, item, bytes: facts.size })
  return facts
}

function unavailable({ reason, next }: ListedSource & { kind: 'none' }, item: string): SmugdlError {
  return new SmugdlError('item', { what: reason, item, next })
}

/** A refusal of the photo host, told of the picture instead of the address. */
function named(error: HttpError, item: string): SmugdlError {
  return new SmugdlError('item', {
    what: error.what,
    item,
    next: error.next ?? 'The next run tries again',
    cause: error,
  })
}
