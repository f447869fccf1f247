import { Semaphore } from '../../async/semaphore.ts'
import { hashThreads } from './hash-threads.ts'

/** Of one reader. */
const slots = 16
/** Bytes that a slot stands for. */
const slotBytes = 64 * 1024

/** The number of files read at once; up to 16 times as many small ones if threads hash them (`hash-threads.ts`), so that these never wait for the next. */
export class Readers {
  readonly #slots: Semaphore

  constructor(count: number) {
    this.#slots = new Semaphore(count * slots)
  }

  /** Does the work as soon as there is a reader for a file of this many bytes. Work of unknown size takes a whole reader. */
  run<T>(bytes: number | undefined, work: () => Promise<T>): Promise<T> {
    const isShared = bytes !== undefined && hashThreads()?.isAtWork === true
    const wanted = isShared ? Math.max(1, Math.ceil(bytes / slotBytes)) : slots
    return this.#slots.run(work, Math.min(slots, wanted))
  }
}
