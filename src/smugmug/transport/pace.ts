import { SmugdlError } from '../../error.ts'
import { type Envelope, recordsOf } from '../api.ts'
import type { ApiRequest } from './parse-answer.ts'

/** The load that SmugMug has been able to handle. */
export interface Pace {
  /** Requests at once. */
  atOnce: number
  /** Recent milliseconds per listed image; undefined before the first page. On SmugMug 25 to 35 (real-answers 4.3). */
  msAnImage: number | undefined
  /** The lowest recent value of `msAnImage`. */
  leastMs: number
  /** Good answers in a row at this number of parallel requests. */
  good: number
  /** Number of requests already in progress when the parallelism changed; their answers say nothing about the new value. */
  stale: number
}

/** How a request ended. `ms`: milliseconds after it was sent. `images`: number of images on a page of an album, on which the duration depends. */
export type Ended =
  | { kind: 'answered'; ms: number; images?: number; isLarge?: boolean }
  /** A sign of possible overload: 429, 5xx or no answer. */
  | { kind: 'failed' }

export const firstPace: Pace = {
  atOnce: 4,
  msAnImage: undefined,
  leastMs: Number.POSITIVE_INFINITY,
  good: 0,
  stale: 0,
}

/** Maximum number of parallel requests; other clients were refused from about ten (smugmug-api 7.4). */
const most = 8
/** Milliseconds. Slower pages risk `nonce_used`, because SmugMug's front repeats requests that are not answered in time (real-answers 3.3). */
const longestPage = 10_000
/** Minimum number of images to judge by; with fewer, the fixed cost of the request dominates. */
const tellingPage = 10
/** Slower than the best time by this factor: one parallel request fewer. */
const slower = 1.3
/** The best time counts for less with every page, because the speed of SmugMug's machines varies over the day. */
const forgetting = 1.0002

/** One parallel request more after as many good answers as there are requests; one fewer if images take longer than before; half after a failure. */
export function paceAfter(pace: Pace, ended: Ended): Pace {
  const measured = { ...pace, ...(ended.kind === 'answered' && timesAfter(pace, ended)) }
  if (pace.stale > 0) return { ...measured, stale: pace.stale - 1 }
  const changed = (atOnce: number): Pace =>
    atOnce === pace.atOnce ? { ...measured, good: 0 } : { ...measured, atOnce, good: 0, stale: pace.atOnce - 1 }
  if (ended.kind === 'failed') return changed(Math.max(1, Math.floor(pace.atOnce / 2)))
  const isSlower = (measured.msAnImage ?? 0) > slower * measured.leastMs
  if (ended.images !== undefined && (isSlower || ended.ms > longestPage)) return changed(Math.max(1, pace.atOnce - 1))
  // Several large ones at once would fill the memory.
  if (ended.isLarge) return measured
  const good = pace.good + 1
  return good < pace.atOnce ? { ...measured, good } : changed(Math.min(most, pace.atOnce + 1))
}

function timesAfter({ msAnImage, leastMs }: Pace, { ms, images = 0 }: Ended & { kind: 'answered' }): Partial<Pace> {
  if (images < tellingPage) return {}
  const now = ms / images
  const lately = msAnImage === undefined ? now : 0.7 * msAnImage + 0.3 * now
  return { msAnImage: lately, leastMs: Math.min(leastMs * forgetting, lately) }
}

/** Number of images to request per page of an album: as many as arrive within ten seconds. More than 100 would only delay the first ones. */
export function imagesAPage({ msAnImage = 0 }: Pick<Pace, 'msAnImage'>): number {
  return [100, 50].find((images) => images * msAnImage < longestPage) ?? 25
}

/** Adjusts the pace by how each attempt ends; `resize` is called with the number of parallel requests. */
export class Pacing {
  #pace = firstPace
  readonly #resize: (atOnce: number) => void

  constructor(resize: (atOnce: number) => void) {
    this.#resize = resize
  }

  get imagesAPage(): number {
    return imagesAPage(this.#pace)
  }

  heed(ended: Ended): void {
    const { atOnce } = this.#pace
    this.#pace = paceAfter(this.#pace, ended)
    if (this.#pace.atOnce !== atOnce) this.#resize(this.#pace.atOnce)
  }

  /** Wraps `attempt` and learns from its outcome; refusals count only if a later request might succeed. */
  of(attempt: (request: ApiRequest) => Promise<Envelope>): (request: ApiRequest) => Promise<Envelope> {
    return async (request) => {
      try {
        const envelope = await attempt(request)
        const { address, length, tookMs: ms } = envelope
        const images = address.endsWith('!images') ? { images: recordsOf(envelope).length } : {}
        this.heed({ kind: 'answered', ms, ...images, isLarge: length > largeAnswer })
        return envelope
      } catch (error) {
        if (error instanceof SmugdlError && error.kind === 'item' && error.retry !== 'no') this.heed({ kind: 'failed' })
        throw error
      }
    }
  }
}

/** Characters: twice what a page of 100 images has. */
const largeAnswer = 2_000_000
