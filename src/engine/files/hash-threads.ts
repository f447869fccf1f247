import { AsyncLocalStorage } from 'node:async_hooks'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Hashed, hashThread, type Wanted } from './hash-thread.ts'

export interface HashThreadsOptions {
  /** Number of files read at once, and so the maximum number of threads. */
  readers: number
  /** When aborted, stop reading. */
  signal: AbortSignal
}

type Hashes = Exclude<Hashed, { error: unknown }>

interface Job extends Wanted {
  /** Bytes, as far as is known. */
  size: number
  settle: PromiseWithResolvers<Hashes | undefined>
}

interface Thread {
  worker: Worker
  /** Unanswered work: a list for each message. */
  given: Job[][]
}

/** Starting a thread costs as much as hashing this many bytes, so none is started for less. */
const worthwhile = { bytes: 64 * 1024 * 1024, files: 500 }
/** A message is one file, or small ones up to here. */
const mostGiven = { bytes: 256 * 1024, files: 16 }
/** After this many milliseconds, it is clear whether the threads wait for the disk. */
const patienceMs = 250
/** After this many threads have ended by themselves, no more are started. */
const mostLost = 3

const storage = new AsyncLocalStorage<HashThreads>()

/** Hashes what `work` hashes (`hash.ts`) on all cores, as soon as there is enough of it. */
export async function withHashThreads<T>(options: HashThreadsOptions, work: () => Promise<T>): Promise<T> {
  using threads = new HashThreads(options)
  return await storage.run(threads, work)
}

/** The threads of `withHashThreads`; undefined outside of it. */
export function hashThreads(): HashThreads | undefined {
  return storage.getStore()
}

/** Threads that read and hash files: one per core or, if they wait for the disk, up to one per reader. */
export class HashThreads implements Disposable {
  readonly #readers: number
  readonly #signal: AbortSignal
  readonly #threads = new Set<Thread>()
  readonly #queue: Job[] = []
  readonly #asked = { bytes: 0, files: 0 }
  #lost = 0
  #isOver = false
  #isScheduled = false
  /** When it was last looked at whether they wait for the disk, and the processor's time that the process had had by then, in ms. */
  #looked = { atMs: 0, usedMs: 0 }

  constructor({ readers, signal }: HashThreadsOptions) {
    this.#readers = readers
    this.#signal = signal
    signal.addEventListener('abort', this.#end)
  }

  /** Whether there are any threads: a few files are not worth one. */
  get isAtWork(): boolean {
    return this.#threads.size > 0
  }

  get workers(): Worker[] {
    return Array.from(this.#threads, ({ worker }) => worker)
  }

  /**
   * Undefined if the caller must read the file itself, because there is not enough work for a thread, or the thread has ended.
   * Throws the disk's error, or the signal's reason.
   */
  async hash(file: Wanted & { size: number }): Promise<Hashes | undefined> {
    this.#asked.bytes += file.size
    this.#asked.files += 1
    if (this.#asked.bytes < worthwhile.bytes && this.#asked.files < worthwhile.files) return undefined
    this.#signal.throwIfAborted()
    if (this.#isOver) return undefined
    const settle = Promise.withResolvers<Hashes | undefined>()
    this.#queue.push({ ...file, settle })
    this.#schedule()
    return settle.promise
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#end)
    this.#end()
  }

  readonly #end = (): void => {
    this.#isOver = true
    const given = Array.from(this.#threads, ({ given }) => given.flat()).flat()
    for (const { worker } of this.#threads) void worker.terminate()
    this.#threads.clear()
    for (const { settle } of [...given, ...this.#queue.splice(0)])
      if (this.#signal.aborted) settle.reject(this.#signal.reason)
      else settle.resolve(undefined)
  }

  /** What is asked for in one turn, also by those who have just had an answer, goes together: a message costs as much as hashing 30 kB. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#distribute()
    })
  }

  #distribute(): void {
    if (this.#isOver) return
    while (this.#threads.size < Math.min(this.#readers, availableParallelism())) this.#start()
    if (this.#queue.length > 0 && this.#threads.size < this.#readers && this.#isWaitingForDisk()) this.#start()
    // Small files are queued for it until it has answered; a large one goes to the first free thread.
    for (const isBusy of [hasAny, hasEnough])
      for (const thread of this.#threads) if (this.#queue.length > 0 && !isBusy(thread)) this.#give(thread)
  }

  #give({ worker, given }: Thread): void {
    let [count, bytes] = [0, 0]
    for (const { size } of this.#queue) {
      bytes += size
      if (count > 0 && (count === mostGiven.files || bytes > mostGiven.bytes)) break
      count += 1
    }
    const jobs = this.#queue.splice(0, count)
    given.push(jobs)
    worker.postMessage(jobs.map(({ path, md5 }): Wanted => ({ path, md5 })))
  }

  #start(): void {
    if (this.#threads.size === 0) this.#isWaitingForDisk()
    const limits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 }
    const worker = new Worker(`(${hashThread})()`, { eval: true, resourceLimits: limits })
    const thread: Thread = { worker, given: [] }
    this.#threads.add(thread)
    worker.on('message', (answers: readonly Hashed[]) => this.#hear(thread, answers))
    worker.on('error', () => this.#lose(thread))
    worker.on('exit', () => this.#lose(thread))
  }

  #hear({ given }: Thread, answers: readonly Hashed[]): void {
    for (const [number, { settle }] of (given.shift() ?? []).entries()) {
      const answer = answers[number]
      if (answer !== undefined && 'error' in answer)
        settle.reject(Object.assign(new Error(answer.error.message), answer.error))
      else settle.resolve(answer)
    }
    this.#schedule()
  }

  #lose(thread: Thread): void {
    if (!this.#threads.delete(thread)) return
    for (const { settle } of thread.given.flat()) settle.resolve(undefined)
    this.#lost += 1
    if (this.#lost === mostLost) this.#end()
    else this.#schedule()
  }

  /** Whether they had less than half of the processor's time that they could have had since it was last looked at. */
  #isWaitingForDisk(): boolean {
    const atMs = performance.now()
    const tookMs = atMs - this.#looked.atMs
    if (tookMs < patienceMs) return false
    const { user, system } = process.cpuUsage()
    const usedMs = (user + system) / 1000
    const hadMs = usedMs - this.#looked.usedMs
    this.#looked = { atMs, usedMs }
    return hadMs < (tookMs * this.#threads.size) / 2
  }
}

const hasAny = ({ given }: Thread) => given.length > 0

function hasEnough({ given: [first = [], ...more] }: Thread): boolean {
  return more.length > 0 || first.reduce((sum, { size }) => sum + size, 0) > mostGiven.bytes
}
