import { Semaphore } from '../../async/semaphore.ts'
import { usualAtOnce } from './plan.ts'

/** How many downloads there are at once, and what is known of it. */
interface Level {
  atOnce: number
  /** What fewer brought, bytes a millisecond, while it is tried whether more bring more. */
  trial?: { atOnce: number; rate: number }
  /** Windows until more are tried. */
  rest: number
}

/** What came while so many were under way. */
interface Window {
  /** Bytes a millisecond. */
  rate: number
  /** Others waited for their turn. */
  isFull: boolean
  /** The host refused, or connections broke. */
  isRefused: boolean
}

const fewest = 2
export const most = 64
/** Twice as many downloads have to bring so much more. */
const worthIt = 1.2
/** Windows: what did not help, or was too much, is tried again after some seconds, as the next pictures may be other ones. */
const pauseAfterTrial = 20
const pauseAfterRefusal = 100

export function firstLevel(ceiling = most): Level {
  return { atOnce: Math.min(usualAtOnce, ceiling), rest: 0 }
}

/** Twice as many for as long as that brings clearly more; half as many where the host refuses. */
function levelAfter(level: Level, { rate, isFull, isRefused }: Window, ceiling = most): Level {
  const { atOnce, trial, rest } = level
  if (isRefused) return { atOnce: Math.min(atOnce, Math.max(fewest, Math.floor(atOnce / 2))), rest: pauseAfterRefusal }
  if (trial !== undefined && rate < trial.rate * worthIt) return { atOnce: trial.atOnce, rest: pauseAfterTrial }
  if (rest > 0) return { atOnce, rest: rest - 1 }
  if (!isFull || atOnce >= ceiling) return { atOnce, rest: 0 }
  return { atOnce: Math.min(2 * atOnce, ceiling), trial: { atOnce, rate }, rest: 0 }
}

/** Milliseconds that a window is long at least, and at most, however few files end within it. */
const shortest = 250
const longest = 2_000
/** Files that end within a window, for each download at once. */
const telling = 3

interface DownloadsOptions {
  /** Downloads at once, at most. */
  ceiling: number | undefined
  /** Counts what the host refused so far. */
  refused(): number
  /** Milliseconds, of a clock that nobody sets. */
  now(): number
  /** Hears how many there may be at once. */
  onResize(atOnce: number): void
}

/**
 * The turns of the downloads. How many there are at once is found out: far away, or for small pictures, more bring more; on a line that is full
 * they bring nothing, and take from who shares it.
 */
export class Downloads {
  readonly #options: DownloadsOptions
  readonly #turns: Semaphore
  #level: Level
  /** The first window of a level still has what the one before began, and is not judged. */
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

  /** The work of one download, when its turn has come. */
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
    if (took < shortest || (took < longest && window.files < telling * atOnce)) return
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
