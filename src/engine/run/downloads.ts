import { Semaphore } from '../../async/semaphore.ts'
import { usualAtOnce } from './plan.ts'

/** The number of parallel downloads, and what is known about it. */
interface Level {
  atOnce: number
  /** The rate with fewer downloads, in bytes per millisecond, during a trial of more. */
  trial?: { atOnce: number; rate: number }
  /** Number of windows until more are tried. */
  rest: number
}

/** What arrived at this number of downloads. */
interface Window {
  /** Bytes per millisecond. */
  rate: number
  /** Other downloads were waiting. */
  isFull: boolean
  /** The host refused, or connections broke. */
  isRefused: boolean
}

const minDownloads = 2
export const maxDownloads = 64
/** Doubling the downloads must raise the rate by this factor, or the previous number is restored. */
const gainToKeepMore = 1.2
/** In windows. What did not help, or was too much, is tried again after some seconds, because the next pictures may differ. */
const windowsAfterTrial = 20
const windowsAfterRefusal = 100

export function firstLevel(ceiling = maxDownloads): Level {
  return { atOnce: Math.min(usualAtOnce, ceiling), rest: 0 }
}

/** Doubles as long as that is clearly faster; halves when the host refuses. */
function levelAfter(level: Level, { rate, isFull, isRefused }: Window, ceiling = maxDownloads): Level {
  const { atOnce, trial, rest } = level
  if (isRefused)
    return { atOnce: Math.min(atOnce, Math.max(minDownloads, Math.floor(atOnce / 2))), rest: windowsAfterRefusal }
  if (trial !== undefined && rate < trial.rate * gainToKeepMore)
    return { atOnce: trial.atOnce, rest: windowsAfterTrial }
  if (rest > 0) return { atOnce, rest: rest - 1 }
  if (!isFull || atOnce >= ceiling) return { atOnce, rest: 0 }
  return { atOnce: Math.min(2 * atOnce, ceiling), trial: { atOnce, rate }, rest: 0 }
}

/** Minimum and maximum length of a window in milliseconds, however few files end within it. */
const minWindowMs = 250
const maxWindowMs = 2_000
/** Number of files that must end within a window, per parallel download. */
const filesPerDownload = 3

interface DownloadsOptions {
  /** Maximum number of parallel downloads. */
  ceiling: number | undefined
  /** Number of refusals by the host so far. */
  refused(): number
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** Called with the new number of parallel downloads. */
  onResize(atOnce: number): void
}

/**
 * Gives downloads their turns, and measures how many should run in parallel. Over a long distance, or for small pictures, more are faster. On a
 * full line they bring nothing, and take from those who share it.
 */
export class Downloads {
  readonly #options: DownloadsOptions
  readonly #turns: Semaphore
  #level: Level
  /** The first window of a level still contains downloads begun at the previous level, so it is not judged. */
  #isFirst = true
  #window: { since: number; bytes: number; files: number; isFull: boolean; refused: number }

  constructor(options: DownloadsOptions) {
    this.#options = options
    this.#level = firstLevel(options.ceiling)
    this.#turns = new Semaphore(this.#level.atOnce)
    this.#window = this.#begun()
  }

  get atOnce(): number {
    return this.#level.atOnce
  }

  /** Runs one download when its turn has come. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#turns.run(work)
    } finally {
      this.#window.files += 1
      this.#look()
    }
  }

  arrived(bytes: number): void {
    this.#window.bytes += bytes
    this.#look()
  }

  #begun() {
    const { now, refused } = this.#options
    return { since: now(), bytes: 0, files: 0, isFull: false, refused: refused() }
  }

  #look(): void {
    const { ceiling, now, refused, onResize } = this.#options
    const window = this.#window
    window.isFull ||= this.#turns.isAwaited
    const took = now() - window.since
    const { atOnce } = this.#level
    if (took < minWindowMs || (took < maxWindowMs && window.files < filesPerDownload * atOnce)) return
    if (!this.#isFirst) {
      const { bytes, files, isFull } = window
      const judged = {
        rate: bytes / took,
        isFull,
        isRefused: (refused() - window.refused) * 4 > Math.max(files, atOnce),
      }
      this.#level = levelAfter(this.#level, judged, ceiling)
    }
    const isChanged = this.#level.atOnce !== atOnce
    if (isChanged) {
      this.#turns.resize(this.#level.atOnce)
      onResize(this.#level.atOnce)
    }
    this.#isFirst = isChanged
    this.#window = this.#begun()
  }
}
