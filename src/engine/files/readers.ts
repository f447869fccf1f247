import { Semaphore } from '../../async/semaphore.ts'
import { hashThreads } from './hash-threads.ts'

/** Of one reader. */
const slots = 16
/** Bytes that a slot stands for. */
const slotBytes = 64 * 1024

/** So many files read at once; up to 16 times as many small ones where threads hash them (`hash-threads.ts`), which are never to wait for the next. */
export class Readers {
  readonly #slots: Semaphore

  constructor(count: number) {
    this.#slots = new Semaphore(count * slots)
  }

  /** Does its work as soon as there is a reader for a file of so many bytes. Work of which nothing is known takes all of one. */
  run<T>(bytes: number | undefined, work: () => Promise<T>): Promise<T> {
    const isShared = bytes !== undefined && hashThreads()?.isAtWork === true
    const wanted = isShared ? Math.max(1, Math.ceil(bytes / slotBytes)) : slots
    return this.#slots.run(work, Math.min(slots, wanted))
  }
}
