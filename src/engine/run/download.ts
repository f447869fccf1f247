import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileError, isSystemError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import type { FileFacts, FileKind } from '../../exporter/types.ts'
import { HttpError } from '../../smugmug/transport/http-error.ts'
import type { Media, MediaResponse } from '../../smugmug/transport/media.ts'
import { cutShort, isText } from '../files/cut-short.ts'
import { syncHandle } from '../files/fsync.ts'
import { OpenFile, remove } from '../files/quick-disk-calls.ts'
import type { Partial, Staging } from '../files/staging.ts'
import type { Downloads } from './downloads.ts'

/** Bytes to fetch, and what SmugMug announces about them. */
export interface Wanted {
  /** Name in staging: `stagingIdOf`. */
  id: string
  /** For messages: `folder/…/album/file name`. */
  item: string
  kind: FileKind
  url: string
  size?: number
  md5?: string
}

export interface FetchParts {
  media: Media
  staging: Staging
  downloads: Downloads
  /** Once aborted, no transfer begins any more; throws `cancelled`. */
  draining: AbortSignal
  signal: AbortSignal
  /** The reason why a file without an announced size must not grow beyond a number of bytes; asked every few megabytes. */
  noRoomToGrow(have: number): Promise<string | undefined>
  /** It has a place among the downloads; called again for each attempt. */
  onBegin?(): void
  /** Called when bytes arrive; the next are read when it resolves. */
  onBytes(count: number): void | Promise<void>
  onRetry(reason: string, attempt: number, delayMs: number): void
  /** A file without announced MD5 and size seems to lack its end, but is the same each time and therefore kept. */
  onCutShort?(reason: string): void
}

/** Waits before the next attempt at bytes that came but do not verify: one bad picture costs seconds. */
const mismatchDelaysMs = [500, 1000, 2000]
/** Waits before the next attempt after the network broke in the middle; progress starts them again. */
const brokenDelaysMs = [500, 1000, 3000, 8000, 16000, 30000]

/** Bytes; fetching a smaller file again is as quick as resuming. */
const worthResuming = 4 * 1024 * 1024
/** Bytes; an attempt that brings fewer has failed. */
const worthAnAttempt = 64 * 1024
/** Bytes between two marks of how far a file without an MD5 has come, and between two checks of the free space for one without a size. */
const markEvery = 8 * 1024 * 1024

/**
 * Fetches into staging, resumes what is there, and hashes while it streams. Resolves when the file is verified, durable and at
 * `staging.path`. Throws `item` if SmugMug's bytes are not what SmugMug announces.
 */
export async function fetchToStaging(wanted: Wanted, parts: FetchParts): Promise<FileFacts> {
  const left = await parts.staging.leftover(wanted.id)
  // A power cut may have kept a file's size but lost its bytes, which only an MD5 can show in the end.
  const partial = { size: wanted.md5 === undefined ? left.durable : left.size, validator: left.validator }
  const cut: string[] = []
  let mismatches = 0
  let breaks = 0
  let furthest = partial.size
  for (;;) {
    try {
      return await attempt(wanted, partial, parts)
    } catch (error) {
      parts.signal.throwIfAborted()
      if (error instanceof Mismatch) {
        partial.size = 0
        const delayMs = mismatchDelaysMs[mismatches]
        mismatches += 1
        if (error instanceof CutShort) cut.push(error.facts.sha256)
        if (delayMs === undefined) {
          if (error instanceof CutShort && cut.length === mismatches && new Set(cut).size === 1) {
            parts.onCutShort?.(error.message)
            return error.facts
          }
          await remove(parts.staging.path(wanted.id))
          throw unverified(wanted, error.message)
        }
        await wait(error.message, mismatches, delayMs, parts)
      } else if (error instanceof Endless) {
        await remove(parts.staging.path(wanted.id))
        throw withoutEnd(wanted, error)
      } else if (error instanceof Broken) {
        // Further than ever: a server without ranges begins again each time, and may break off sooner or later.
        if (partial.size >= furthest + worthAnAttempt) {
          furthest = partial.size
          breaks = 0
        }
        // A server that ends its answers early has no more to give; a network comes back.
        const delayMs = (error.endedEarly ? mismatchDelaysMs : brokenDelaysMs)[breaks]
        breaks += 1
        if (delayMs === undefined) throw broken(wanted, error)
        await wait(error.message, breaks, delayMs, parts)
      } else {
        throw error
      }
    }
  }
}

/** The answer was complete and is not the picture. */
class Mismatch extends Error {}
/** The answer agrees with its own headers, but the picture has no end. */
class CutShort extends Mismatch {
  readonly facts: FileFacts

  constructor(reason: string, facts: FileFacts) {
    super(reason)
    this.facts = facts
  }
}
/** The answer must be ended. */
class Endless extends Error {}
/** The answer is incomplete: because of the network, or because the server ended it early. */
class Broken extends Error {
  get endedEarly(): boolean {
    const { cause } = this
    const inner = cause instanceof SmugdlError ? cause.cause : cause
    return inner instanceof Error && 'code' in inner && inner.code === 'UND_ERR_SOCKET'
  }
}

/** `partial` is what is in staging, before and after. While the disk makes a file durable, another download may use the network. */
async function attempt(wanted: Wanted, partial: Partial, parts: FetchParts): Promise<FileFacts> {
  const { file, hashes, contentType } = await parts.downloads.run(() => {
    if (parts.draining.aborted) throw new SmugdlError('cancelled', { what: 'The run is ending', item: wanted.item })
    parts.onBegin?.()
    return transfer(wanted, partial, parts)
  })
  try {
    const facts = {
      kind: wanted.kind,
      size: partial.size,
      md5: hashes.md5.digest('hex'),
      sha256: hashes.sha256.digest('hex'),
      contentType: contentType ?? 'application/octet-stream',
    }
    verify(facts, wanted)
    await syncHandle(file)
    if (wanted.md5 === undefined && wanted.size === undefined) {
      const path = parts.staging.path(wanted.id)
      if (await isText(path)) throw new Mismatch('text came instead of a picture')
      const reason = await cutShort(path)
      if (reason !== undefined) throw new CutShort(reason, facts)
    }
    return facts
  } finally {
    await file.close()
  }
}

/** The rest of the bytes, written and hashed. The caller closes the file. */
async function transfer(
  wanted: Wanted,
  partial: Partial,
  { media, staging, signal, onBytes, noRoomToGrow }: FetchParts,
): Promise<{ file: OpenFile; hashes: Hashes; contentType: string | undefined }> {
  const path = staging.path(wanted.id)
  const { size: have, validator } = partial
  // Without a validator only a known MD5 can show whether the two halves belong together.
  const resumable =
    have > 0 && have < (wanted.size ?? Infinity) && (validator !== undefined || wanted.md5 !== undefined)
  const response = await openAt(resumable ? have : 0, validator, wanted, { media, signal })
  let file: OpenFile | undefined
  try {
    file = await OpenFile.at(path, response.start > 0 ? 'r+' : 'w')
    const hashes = { md5: createHash('md5'), sha256: createHash('sha256') }
    if (response.start > 0) {
      await file.truncate(response.start)
      for await (const chunk of createReadStream(path, { end: response.start - 1 })) update(hashes, chunk)
    } else {
      partial.validator = response.validator
    }
    partial.size = response.start
    if (response.start === 0) await mark(file, wanted, partial, staging)
    await stream(response, file, hashes, wanted, partial, { staging, onBytes, noRoomToGrow })
    return { file, hashes, contentType: response.contentType }
  } catch (error) {
    await file?.close()
    throw error
  } finally {
    await response.discard()
  }
}

/** From `offset` on, or from the start if the server has nothing there (416), because the file has shrunk. */
async function openAt(
  offset: number,
  validator: string | undefined,
  { url }: Wanted,
  { media, signal }: Pick<FetchParts, 'media' | 'signal'>,
): Promise<MediaResponse> {
  try {
    const response = await media.open(url, { signal, ...(offset > 0 && { offset, validator }) })
    if (response.start <= offset) return response
    await response.discard()
  } catch (error) {
    if (offset === 0 || !(error instanceof HttpError) || error.status !== 416) throw error
  }
  return media.open(url, { signal })
}

/** Appends the body to what is there, and hashes it meanwhile. */
async function stream(
  response: MediaResponse,
  file: OpenFile,
  hashes: Hashes,
  wanted: Wanted,
  partial: Partial,
  { staging, onBytes, noRoomToGrow }: Pick<FetchParts, 'staging' | 'onBytes' | 'noRoomToGrow'>,
): Promise<void> {
  const { size: limit = Infinity, md5 } = wanted
  let looked = partial.size
  try {
    for await (const chunk of response.body) {
      const written = writeWhole(file, chunk, partial.size)
      update(hashes, chunk)
      await written
      partial.size += chunk.byteLength
      await onBytes(chunk.byteLength)
      if (partial.size > limit) throw new Mismatch(`more than the ${limit} bytes that SmugMug announces`)
      if (partial.size - looked < markEvery) continue
      looked = partial.size
      const reason = wanted.size === undefined ? await noRoomToGrow(partial.size) : undefined
      if (reason !== undefined) throw new Endless(reason)
      if (md5 === undefined) await mark(file, wanted, partial, staging)
    }
  } catch (error) {
    if (error instanceof Mismatch || error instanceof Endless) throw error
    if (isLocal(error)) throw fileError(error, staging.path(wanted.id))
    if (error instanceof SmugdlError && error.kind === 'cancelled') throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new Broken(`the connection broke after ${partial.size} bytes (${reason})`, { cause: error })
  }
}

/** Marks for a later run how far a large file has come. If no MD5 will prove the bytes, only once they are durable. */
async function mark(
  file: OpenFile,
  { id, md5, size = Infinity }: Wanted,
  { size: have, validator }: Partial,
  staging: Staging,
): Promise<void> {
  if (validator === undefined || size < worthResuming) return
  if (md5 !== undefined) return staging.mark(id, validator)
  await syncHandle(file)
  await staging.mark(id, validator, have)
}

/** A disk that fills up writes the first part of a chunk without an error, and refuses only the next write. */
async function writeWhole(file: OpenFile, chunk: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    done += await file.write(chunk.subarray(done), at + done)
  }
}

/** Throws `Mismatch` unless the bytes are what SmugMug announces or, if it announces nothing, could be a picture at all. */
function verify(facts: FileFacts, wanted: Wanted): void {
  if (wanted.size !== undefined && facts.size !== wanted.size) {
    throw new Mismatch(`${facts.size} bytes came, SmugMug announces ${wanted.size}`)
  }
  if (wanted.md5 !== undefined) {
    if (facts.md5 !== wanted.md5) throw new Mismatch('the bytes differ from what SmugMug announces (MD5)')
    return
  }
  if (/^(text\/|application\/(json|xml|xhtml))/.test(facts.contentType)) {
    throw new Mismatch(`a page came instead of a picture (${facts.contentType})`)
  }
  if (facts.size === 0) throw new Mismatch('an empty answer came')
}

interface Hashes {
  md5: ReturnType<typeof createHash>
  sha256: ReturnType<typeof createHash>
}

function update(hashes: Hashes, chunk: Uint8Array): void {
  hashes.md5.update(chunk)
  hashes.sha256.update(chunk)
}

/** Errors of our own disk are not network errors. */
function isLocal(error: unknown): boolean {
  return isSystemError(error) && ['write', 'fsync', 'fdatasync', 'open', 'rename'].includes(String(error.syscall))
}

async function wait(reason: string, number: number, delayMs: number, { signal, onRetry }: FetchParts): Promise<void> {
  onRetry(reason, number, delayMs)
  await sleep(delayMs, undefined, { signal })
}

function unverified(wanted: Wanted, reason: string): SmugdlError {
  return new SmugdlError('item', {
    what: `SmugMug sent something other than the file it announces, ${mismatchDelaysMs.length + 1} times: ${reason}`,
    item: wanted.item,
    next: 'The next run tries again; if it stays so, look at the picture on SmugMug',
  })
}

function withoutEnd(wanted: Wanted, { message }: Endless): SmugdlError {
  return new SmugdlError('item', {
    what: `SmugMug provides no size for it, and ${message}`,
    item: wanted.item,
    next: 'Look at it on SmugMug; if it really is that large, free space and run again',
  })
}

function broken(wanted: Wanted, cause: Broken): SmugdlError {
  return new SmugdlError('item', {
    what: `The download kept breaking off: ${cause.message}`,
    item: wanted.item,
    next: 'The next run continues where this one stopped',
    cause,
  })
}
