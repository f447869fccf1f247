import { SmugdlError } from '../../error.ts'
import { type Envelope, recordsOf } from '../api.ts'
import type { ApiRequest } from './parse-answer.ts'

/** What SmugMug has shown that it can take. */
export interface Pace {
  /** Requests at once. */
  atOnce: number
  /** Milliseconds that it takes for a listed image, lately; undefined before the first page. On SmugMug 25 to 35 (real-answers 4.3). */
  msAnImage: number | undefined
  /** The least that this was in a while. */
  leastMs: number
  /** Good answers in a row at this number of parallel requests. */
  good: number
  /** Answers to requests that were under way when the number changed: they say nothing of the new one. */
  stale: number
}

/** How a request ended: `ms` after it was sent; `images` of a page of an album, which is what SmugMug takes its time for. */
export type Ended =
  | { kind: 'answered'; ms: number; images?: number; isLarge?: boolean }
  /** It was too much, or may have been: 429, 5xx, no answer. */
  | { kind: 'failed' }

export const firstPace: Pace = {
  atOnce: 4,
  msAnImage: undefined,
  leastMs: Number.POSITIVE_INFINITY,
  good: 0,
  stale: 0,
}

/** Requests at once; other people's clients were refused from about ten (smugmug-api 7.4). */
const most = 8
/** Milliseconds: pages that take longer risk `nonce_used`, as SmugMug's front repeats what is not answered in time (real-answers 3.3). */
const longestPage = 10_000
/** Images; of fewer the time says more about the request than about them. */
const tellingPage = 10
/** So much slower than in its best time, and one request fewer is made at once. */
const slower = 1.3
/** What it was in its best time counts for less with every page: its machines have hours of their own. */
const forgetting = 1.0002

/** One request more at once after as many good answers as there are; one fewer when each image takes longer than it did; half after a failure. */
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

/** How many images a page of an album is asked for: as many as come within ten seconds. More than 100 would only come later. */
export function imagesAPage({ msAnImage = 0 }: Pick<Pace, 'msAnImage'>): number {
  return [100, 50].find((images) => images * msAnImage < longestPage) ?? 25
}

/** Keeps the pace by how each attempt ends; `resize` hears how many requests there may be at once. */
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

  /** `attempt`, whose ends are heeded; of refusals only those that another moment might have spared. */
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
