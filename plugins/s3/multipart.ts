import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { VerifiedFile } from '../../src/exporter/index.ts'
import { isAbsent, isRefusedByCondition, isUnknownThere, unlessAbsent } from './errors.ts'
import {
  type About,
  bare,
  base64,
  type Copied,
  type Objects,
  type Seen,
  type Standing,
  type Store,
  signing,
} from './objects.ts'
import type { Attempt } from './requests.ts'
import { stream } from './sending.ts'
import type { Unfinished } from './uploads.ts'

const mebibyte = 1024 * 1024
const mostParts = 10_000

interface Part {
  readonly number: number
  readonly start: number
  readonly size: number
}

interface Wanted extends Standing {
  readonly sha256: string
}

interface Parts {
  readonly store: Store
  readonly objects: Objects
  readonly unfinished: Unfinished
  /** Limits the number of parallel uploads of any kind. */
  atOnce<T>(work: () => Promise<T>): Promise<T>
  onBytes(bytes: number): void
}

/** Multipart uploads with parts of equal size, as R2 requires. The next run resumes uploads that a run did not finish. */
export function multipart({ store, objects, unfinished, atOnce, onBytes }: Parts) {
  const { sdk, client, requests, target } = store

  /** Uploads a file to a free path or over the known object. `taken` if another object has appeared there meanwhile. */
  async function send(
    path: string,
    file: VerifiedFile,
    about: About,
    over: Standing | undefined,
  ): Promise<Standing | 'taken'> {
    const partSize = partSizeFor(file.size, target.partSize)
    const { id, there } = await begun(path, about, partSize)
    const md5s = await Promise.all(
      partsOf(file.size, partSize).map((part) =>
        atOnce(async () => {
          const { md5, sha256 } = await hashesOf(file.path, part)
          const known = there.get(part.number)
          if (known?.etag !== md5 || known.size !== part.size)
            await sendPart(path, id, file.path, part, { md5, sha256 })
          return md5
        }),
      ),
    )
    const wanted = { etag: etagOf(md5s), size: file.size, sha256: file.sha256 }
    // It may have taken hours.
    const isAsSeen = (await objects.head(path))?.etag === over?.etag
    const done = isAsSeen ? await completed(path, id, md5s, over === undefined, wanted) : 'taken'
    if (done === 'taken') await abort(path, id)
    else await unfinished.delete(path)
    return done
  }

  /** An unfinished upload of this file, with its existing parts. Metadata is fixed when an upload starts, so one for another picture is aborted. */
  async function begun(path: string, about: About, partSize: number) {
    const of = digestOf(about)
    const known = unfinished.get(path)
    if (known?.of === of && known.partSize === partSize) {
      const there = await listed(path, known.id)
      if (there !== undefined) return { id: known.id, there }
    } else if (known !== undefined) await abort(path, known.id)
    const id = await create(path, about)
    await unfinished.set(path, { id, of, partSize, begunAt: Date.now() })
    return { id, there: new Map<number, Standing>() }
  }

  async function create(path: string, { contentType, metadata }: About): Promise<string> {
    const command = { ...objects.at(path), ...objects.made, ContentType: contentType, Metadata: { ...metadata } }
    const { UploadId } = await requests.send('s3:PutObject', ({ signal }) =>
      client.send(new sdk.CreateMultipartUploadCommand(command), { abortSignal: signal }),
    )
    if (UploadId === undefined) throw new Error('the store began no upload')
    return UploadId
  }

  /** Undefined if the upload no longer exists. */
  async function listed(path: string, id: string): Promise<Map<number, Standing> | undefined> {
    const found = new Map<number, Standing>()
    for (let marker: string | undefined; ; ) {
      const command = { ...objects.at(path), UploadId: id, ...(marker !== undefined && { PartNumberMarker: marker }) }
      const page = await requests
        .send(
          's3:ListMultipartUploadParts',
          ({ signal }) => client.send(new sdk.ListPartsCommand(command), { abortSignal: signal }),
          isAbsent,
        )
        .catch(unlessAbsent)
      if (page === undefined) return undefined
      for (const { PartNumber = 0, ETag, Size = 0 } of page.Parts ?? [])
        found.set(PartNumber, { etag: bare(ETag), size: Size })
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined
      if (marker === undefined) return found
    }
  }

  async function sendPart(path: string, id: string, from: string, part: Part, hashes: { md5: string; sha256: string }) {
    const attempt = async (one: Attempt) => {
      const body = stream(from, part.start, part.size, one, onBytes)
      const command = new sdk.UploadPartCommand({
        ...objects.at(path),
        UploadId: id,
        PartNumber: part.number,
        Body: body as never,
        ContentLength: part.size,
        ContentMD5: base64(hashes.md5),
      })
      signing(command, hashes.sha256)
      try {
        return await client.send(command, { abortSignal: one.signal })
      } finally {
        body.destroy()
      }
    }
    try {
      await requests.send('s3:PutObject', attempt, isAbsent)
    } catch (error) {
      if (!isAbsent(error)) throw error
      await unfinished.delete(path)
      throw new Error('somebody ended the upload while it went on; the next run begins it again', { cause: error })
    }
  }

  /** The answer may be lost or lack an ETag; the resulting object then shows whether the upload succeeded. */
  async function completed(
    path: string,
    id: string,
    etags: readonly string[],
    isNew: boolean,
    wanted: Wanted,
  ): Promise<Standing | 'taken'> {
    const parts = etags.map((etag, index) => ({ PartNumber: index + 1, ETag: `"${etag}"` }))
    const complete = (condition: boolean) => (one: Attempt) =>
      client.send(
        new sdk.CompleteMultipartUploadCommand({
          ...objects.at(path),
          UploadId: id,
          MultipartUpload: { Parts: parts },
          ...(condition && { IfNoneMatch: '*' }),
        }),
        { abortSignal: one.signal },
      )
    const isAnswer = (error: unknown) => isAbsent(error) || isRefusedByCondition(error) || isUnknownThere(error)
    try {
      await requests.send('s3:PutObject', complete(isNew), isAnswer)
    } catch (error) {
      if (isRefusedByCondition(error)) {
        const there = await objects.head(path)
        return isAs(there, wanted) ? { etag: there.etag, size: there.size } : 'taken'
      }
      if (isUnknownThere(error)) await requests.send('s3:PutObject', complete(false), isAbsent).catch(unlessAbsent)
      else if (!isAbsent(error)) throw error
    }
    const there = await objects.head(path)
    if (isAs(there, wanted)) return { etag: there.etag, size: there.size }
    await unfinished.delete(path)
    throw new Error('what came of its parts is not the file; the next run begins it again')
  }

  async function abort(path: string, id: string): Promise<void> {
    const command = { ...objects.at(path), UploadId: id }
    await requests
      .send(
        's3:AbortMultipartUpload',
        ({ signal }) => client.send(new sdk.AbortMultipartUploadCommand(command), { abortSignal: signal }),
        isAbsent,
      )
      .catch(unlessAbsent)
    await unfinished.delete(path)
  }

  /** As `Objects.copy`, for objects too large for one request: in parts of their original size, so that the ETag stays the same. */
  async function copy(from: string, to: string, seen: Seen, isNew: boolean, about: About = seen): Promise<Copied> {
    const size = partSizeFor(seen.size, target.partSize)
    const left = unfinished.get(to)
    if (left !== undefined) await abort(to, left.id)
    const { id } = await begun(to, about, size)
    const etags = await Promise.all(
      partsOf(seen.size, size).map(({ number, start, size: length }) =>
        atOnce(async () => {
          const command = {
            ...objects.at(to),
            UploadId: id,
            PartNumber: number,
            CopySource: objects.source(from),
            CopySourceRange: `bytes=${start}-${start + length - 1}`,
          }
          const { CopyPartResult } = await requests.send('s3:PutObject', ({ signal }) =>
            client.send(new sdk.UploadPartCopyCommand(command), { abortSignal: signal }),
          )
          return bare(CopyPartResult?.ETag)
        }),
      ),
    )
    // Else it may be made of the parts of two objects.
    const isOfOne = (await objects.head(from))?.etag === seen.etag
    const wanted = { etag: etagOf(etags), size: seen.size, sha256: seen.metadata['smugdl-sha256'] ?? '' }
    const done = isOfOne ? await completed(to, id, etags, isNew, wanted) : 'taken'
    if (done === 'taken') await abort(to, id)
    else await unfinished.delete(to)
    return done === 'taken' ? 'refused' : 'copied'
  }

  return {
    send,
    copy,
    /** Aborts uploads that will not be resumed, because they cost money. */
    async abortOlderThan(at: number): Promise<void> {
      for (const [path, { id }] of unfinished.olderThan(at)) await abort(path, id)
    },
  }
}

export type Multipart = ReturnType<typeof multipart>

/** A digest of the bytes' identity and the picture's. Without the content type, which is unknown for pictures downloaded by an earlier run. */
function digestOf({ metadata: { 'smugdl-type': _, ...mark } }: About): string {
  return createHash('sha256').update(JSON.stringify(mark)).digest('hex')
}

/** Whole mebibytes, and no more parts than a store takes. */
function partSizeFor(size: number, wanted: number): number {
  return Math.max(wanted, Math.ceil(size / mostParts / mebibyte) * mebibyte)
}

/** The ETag that stores compute: the MD5 of the parts' MD5s. */
function etagOf(md5s: readonly string[]): string {
  const hash = createHash('md5')
  for (const md5 of md5s) hash.update(Buffer.from(md5, 'hex'))
  return `${hash.digest('hex')}-${md5s.length}`
}

function partsOf(size: number, partSize: number): Part[] {
  const count = Math.max(1, Math.ceil(size / partSize))
  return Array.from({ length: count }, (_, index) => {
    const start = index * partSize
    return { number: index + 1, start, size: Math.min(partSize, size - start) }
  })
}

/** Reads into one reused buffer: chunks of a large video would become garbage faster than it is collected. */
async function hashesOf(path: string, { start, size }: Part): Promise<{ md5: string; sha256: string }> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')]
  const piece = Buffer.allocUnsafe(Math.min(size, 512 * 1024))
  await using file = await open(path)
  for (let at = start; at < start + size; ) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, start + size - at), at)
    if (bytesRead === 0) throw new Error('the staged file is shorter than it was')
    const bytes = piece.subarray(0, bytesRead)
    md5.update(bytes)
    sha256.update(bytes)
    at += bytesRead
  }
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}

/** An opaque ETag does not contradict the parts that the store compared one by one, so the object is ours. */
function isAs(there: Seen | undefined, { etag, size, sha256 }: Wanted): there is Seen {
  return there?.size === size && (there.etag === etag || there.metadata['smugdl-sha256'] === sha256)
}
