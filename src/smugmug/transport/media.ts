import { SmugdlError } from '../../error.ts'
import type { Clock } from './clock.ts'
import type { Body } from './exchange.ts'
import { addressOf, type HttpRequest, type HttpResponse, type ReceivedHeaders, type Send } from './http.ts'
import { refusal } from './http-error.ts'
import { networkError } from './network-error.ts'
import { pictureAddress } from './origin.ts'

/** The bytes of photos and videos. */
export interface Media {
  /**
   * Requests the bytes of an address that the API gave, signed, from `offset` on if given. Network errors and 5xx are retried
   * until the first byte; after that the caller handles an error, and resumes with an offset.
   * Throws `HttpError` for a final refusal; its `status` 416 says that there are no bytes at `offset`.
   * Every response must be read to its end, left early by its iterator, or discarded.
   */
  open(url: string, options: OpenOptions): Promise<MediaResponse>
}

interface OpenOptions {
  signal: AbortSignal
  /** Number of bytes that the caller already has. */
  offset?: number
  /** `MediaResponse.validator` of the answer they came with: if the file has changed, all bytes are sent again. */
  validator?: string | undefined
}

export interface MediaResponse {
  status: 200 | 206
  contentType: string | undefined
  /** Bytes of this body. */
  contentLength: number | undefined
  /** A strong ETag, or else Last-Modified. */
  validator: string | undefined
  /** Position in the file at which the body begins: 0 if all of it is sent. */
  start: number
  /** Fails with a `SmugdlError`: `item`, worth another attempt, when the connection broke or stalled; `cancelled`. */
  body: AsyncIterable<Uint8Array>
  /** Frees the connection if the body is not read. */
  discard(): Promise<void>
}

interface MediaOptions {
  /** Allowed origins that are not public hosts; relative addresses are resolved against the first. */
  own: readonly string[]
  clock: Clock
  signal: AbortSignal
}

/** Media on top of a transport that is retried, paced by host and signed. */
export function openMedia(send: Send<Body>, { own, clock, signal: runSignal }: MediaOptions): Media {
  /** By the caller's: a combination costs as much as a signature, and a run has one signal for all its pictures. */
  const combined = new WeakMap<AbortSignal, AbortSignal>()
  const withRun = (signal: AbortSignal) => {
    const both = combined.get(signal) ?? AbortSignal.any([signal, runSignal])
    combined.set(signal, both)
    return both
  }
  return {
    async open(address, { signal, offset = 0, validator }) {
      const url = pictureAddress(address, own)
      const both = withRun(signal)
      const response = await send({ url, signal: both, headers: rangeHeaders(offset, validator) })
      const start = response.status === 206 ? startOf(response.headers) : 0
      if (start !== undefined) return mediaResponse(response, start, both, clock)
      // Part of the file, and it does not say which: ask for all of it.
      await response.discard()
      return this.open(url, { signal })
    },
  }
}

/** Throws for any status but 200 and 206. */
export function withAccepted(send: Send<Body>, clock: Clock): Send<Body> {
  return async (request) => {
    const response = await send(request)
    if (response.status === 200 || response.status === 206) return response
    await response.discard()
    if (response.status >= 400) throw refusal(response, '', clock.now())
    throw new SmugdlError('item', {
      what: `The photo host answered ${response.status}`,
      item: addressOf(request.url),
      retry: 'yes',
    })
  }
}

/** Repeats a request once without credentials if they are refused: some public pictures can only be downloaded that way (smugmug-api 8). */
export function withUnsignedRetry<Body>(send: Send<Body>): Send<Body> {
  return async (request: HttpRequest) => {
    const response = await send(request)
    if (response.status !== 401 && response.status !== 403) return response
    await response.discard()
    return send({ ...request, unsigned: true })
  }
}

function rangeHeaders(offset: number, validator: string | undefined): Record<string, string> {
  if (offset === 0) return {}
  return { range: `bytes=${offset}-`, ...(validator === undefined ? {} : { 'if-range': validator }) }
}

function startOf(headers: ReceivedHeaders): number | undefined {
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1]
  return start === undefined ? undefined : Number(start)
}

function mediaResponse(response: HttpResponse<Body>, start: number, signal: AbortSignal, clock: Clock): MediaResponse {
  const { url, status, headers, body, discard } = response
  const length = headers.get('content-length')
  const etag = headers.get('etag')
  return {
    status: status === 206 ? 206 : 200,
    contentType: headers.get('content-type') ?? undefined,
    contentLength: length === null ? undefined : Number(length),
    // If-Range takes strong validators only (RFC 9110 §13.1.5).
    validator: (etag === null || etag.startsWith('W/') ? headers.get('last-modified') : etag) ?? undefined,
    start,
    body: bytesOf(body, { url, signal, clock }),
    discard,
  }
}

/** A connection that delivers less than a kilobyte a second for five minutes counts as broken; the bytes received are kept. */
const SLOWEST = { bytes: 300 * 1024, withinMs: 300_000 }

async function* bytesOf(body: Body, { url, signal, clock }: Transfer): AsyncGenerator<Uint8Array> {
  let waitedMs = 0
  let bytes = 0
  try {
    // The time that the reader takes is not the network's.
    let askedAtMs = clock.now()
    for await (const chunk of body) {
      waitedMs += clock.now() - askedAtMs
      bytes += chunk.length
      yield chunk
      if (waitedMs >= SLOWEST.withinMs) {
        if (bytes < SLOWEST.bytes) throw tooSlow(url)
        waitedMs = bytes = 0
      }
      askedAtMs = clock.now()
    }
  } catch (cause) {
    if (cause instanceof SmugdlError) throw cause
    throw networkError(cause, url, signal)
  }
}

interface Transfer {
  url: string
  signal: AbortSignal
  clock: Clock
}

function tooSlow(url: string): SmugdlError {
  const what = 'The connection brought less than a kilobyte a second for five minutes'
  return new SmugdlError('item', { what, item: addressOf(url), next: 'Run again; nothing is lost', retry: 'yes' })
}
