import { constants } from 'node:fs'
import { copyFile, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeliveryRow } from '../../catalog/deliveries.ts'
import type { ListingRow } from '../../catalog/listings.ts'
import { fileError, isSystemError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import type { Album, FileFacts, Image } from '../../exporter/types.ts'
import { folderOf } from '../exporters/own-folders.ts'
import { besidePath } from '../files/beside-path.ts'
import { isFileProof } from '../files/proof.ts'
import { hasSameBytes } from '../files/same-bytes.ts'
import { statOf } from '../files/same-file.ts'
import { provenCopy } from '../files/verified-copy.ts'
import type { Session } from './session.ts'

/** Brings the bytes of an image to `path`, durably, if they are at home already: in another album, by another exporter, in an archive. */
export async function localCopy(path: string, row: ListingRow, session: Session): Promise<FileFacts | undefined> {
  const recorded = localDuplicates(row, session)
  if (recorded.length === 0) return undefined
  const facts = await copyOfAny(recorded, path, session)
  if (facts !== undefined) return facts
  // Another album may be moving it right now: then it is known by its next place in a moment.
  await session.recorder.flush()
  return copyOfAny(localDuplicates(row, session), path, session)
}

async function copyOfAny(
  recorded: readonly DeliveryRow[],
  path: string,
  session: Session,
): Promise<FileFacts | undefined> {
  for (const delivery of recorded) {
    if (!(await copied(delivery, path, session))) continue
    const { sha256, size } = delivery.facts
    if (await provenCopy(path, (hashes) => hashes.sha256 === sha256 && hashes.size === size)) return delivery.facts
  }
  return undefined
}

/**
 * As `localCopy`, of a file that stands where the image belongs, or beside that where another file has its path, and is in no delivery: what a
 * power cut or a loss of the catalog took from memory is not fetched again. Only an MD5 can prove that it is the image.
 */
export async function copyAtItsPlace(
  path: string,
  { source }: ListingRow,
  image: Image,
  album: Album,
  { destination, drivers }: Session,
): Promise<FileFacts | undefined> {
  if (source.kind === 'none' || source.md5 === undefined) return undefined
  for (const driver of drivers) {
    if (driver.keeps !== 'here') continue
    const place = await driver.pathOf(image, album)
    if (place === undefined) continue
    for (const candidate of [place, besidePath(place, image.key)]) {
      const from = join(driver.output, await destination.names.fitted(candidate))
      const there = await statOf(from)
      if (!there?.isFile() || there.size !== (source.size ?? there.size) || !(await copiedFile(from, path))) continue
      const hashes = await provenCopy(path, ({ md5 }) => md5 === source.md5)
      if (hashes !== undefined) return { ...hashes, kind: source.kind, contentType: 'application/octet-stream' }
    }
  }
  return undefined
}

/** Deliveries of the bytes that SmugMug has now, whatever image, album or exporter they belong to; plain files first. */
export function localDuplicates(row: ListingRow, { catalog: { deliveries } }: Session): DeliveryRow[] {
  const found = [...deliveries.unsyncedOf(row), ...deliveries.ofImage(row)].filter((delivery) =>
    hasSameBytes(delivery, row),
  )
  const { source } = row
  if (source.kind !== 'none' && source.md5 !== undefined && source.size !== undefined)
    found.push(...deliveries.ofContent(source.md5, source.size))
  return found.sort((a, b) => Number(isFileProof(b.delivery)) - Number(isFileProof(a.delivery)))
}

/** False when the bytes are not to be had there; what came is not to be trusted. */
async function copied({ exporter, delivery, facts }: DeliveryRow, to: string, session: Session): Promise<boolean> {
  if (delivery === undefined) return false
  if (isFileProof(delivery)) {
    const from = join(session.plan.output, folderOf(exporter, session.catalog), delivery.path)
    return delivery.size === facts.size && copiedFile(from, to)
  }
  const bytes = (await session.holder(exporter))?.read(delivery)
  return bytes !== undefined && written(bytes, to, (reason) => session.emit({ type: 'detail', text: reason }))
}

/** What is not there, or what the disk can no longer read: one bad picture must not end every run. A disk that fails altogether says so when it is written to. */
const notToBeHad = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EIO', 'ENAMETOOLONG', 'EACCES', 'EPERM'])

async function copiedFile(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    return true
  } catch (error) {
    if (isSystemError(error) && notToBeHad.has(String(error.code))) return false
    throw error
  }
}

async function written(
  bytes: AsyncIterable<Uint8Array>,
  to: string,
  onFailure: (reason: string) => void,
): Promise<boolean> {
  const file = await open(to, 'w')
  try {
    for await (const chunk of bytes) await file.appendFile(chunk)
    return true
  } catch (thrown) {
    const error = fileError(thrown, to)
    if (error instanceof SmugdlError) throw error
    onFailure(`Not taken from home: ${error instanceof Error ? error.message : error}`)
    return false
  } finally {
    await file.close()
  }
}
