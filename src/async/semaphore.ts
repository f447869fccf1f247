/** Admits a limited number at once; the rest wait in order. A caller that wants several slots gets all of them together, and nobody overtakes it. */
export class Semaphore {
  #count: number
  /** Below 0 while more are at once than there may be by now. */
  #free: number
  readonly #waiting: { count: number; go: () => void }[] = []

  constructor(count: number) {
    this.#count = count
    this.#free = count
  }

  /** Whether somebody waits for a slot. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0
  }

  /** Another number at once from here on; those that have their slots keep them. */
  resize(count: number): void {
    this.release(count - this.#count)
    this.#count = count
  }

  /** Resolves when this many slots are free; there must be as many in total. The caller must `release` them. */
  async acquire(count = 1): Promise<void> {
    if (this.#waiting.length === 0 && this.#free >= count) this.#free -= count
    else await new Promise<void>((go) => this.#waiting.push({ count, go }))
  }

  /** Whether there is a free slot, which is the caller's then. */
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
