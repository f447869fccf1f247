/** Limits the number of holders; others wait in order. A caller that needs several slots gets all of them together, and no later caller overtakes it. */
export class Semaphore {
  #count: number
  /** Number of free slots; negative while more are held than a lowered limit allows. */
  #free: number
  readonly #waiting: { count: number; go: () => void }[] = []

  constructor(count: number) {
    this.#count = count
    this.#free = count
  }

  /** Whether a caller waits for a slot. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0
  }

  /** Changes the number of slots; current holders keep theirs. */
  resize(count: number): void {
    this.release(count - this.#count)
    this.#count = count
  }

  /** Resolves when this many slots are free; there must be as many in total. The caller must `release` them. */
  async acquire(count = 1): Promise<void> {
    if (this.#waiting.length === 0 && this.#free >= count) this.#free -= count
    else await new Promise<void>((go) => this.#waiting.push({ count, go }))
  }

  /** Takes a free slot if there is one; returns whether it did. */
  tryAcquire(): boolean {
    if (this.#free < 1 || this.#waiting.length > 0) return false
    this.#free -= 1
    return true
  }

  release(count = 1): void {
    this.#free += count
    for (let [next] = this.#waiting; next !== undefined && next.count <= this.#free; [next] = this.#waiting) {
      this.#waiting.shift()
      this.#free -= next.count
      next.go()
    }
  }

  async run<T>(work: () => Promise<T>, count = 1): Promise<T> {
    await this.acquire(count)
    try {
      return await work()
    } finally {
      this.release(count)
    }
  }
}
