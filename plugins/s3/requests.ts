import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../src/exporter/index.ts'
import { explained, isRefusedWithoutWord, judged, lost, type Right } from './errors.ts'
import type { Target } from './target.ts'

/** Retry limits, in milliseconds. */
export interface Patience {
  /** Maximum number of attempts, not counting pauses that the store asks for. */
  readonly attempts: number
  /** The first pause; each is twice as long, up to `mostMs`, with jitter. */
  readonly baseMs: number
  readonly mostMs: number
  /** Maximum time during which the store only asks for pauses. */
  readonly throttledMs: number
  /** Without a byte sent or received. */
  readonly stallMs: number
}

export const patience: Patience = {
  attempts: 8,
  baseMs: 200,
  mostMs: 30_000,
  throttledMs: 30 * 60_000,
  stallMs: 120_000,
}

/** One attempt at a request. */
export interface Attempt {
  readonly signal: AbortSignal
  /** Reports progress, which resets the stall timeout. */
  alive(): void
  /** Reports that the source cannot be read: the client would wait for ever, and another attempt would fail too. */
  unreadable(error: Error): void
}

export interface Requests {
  /**
   * The result of `attempt`, which is repeated if that may help and must be repeatable. Throws as `explained`, or the error of `attempt` itself
   * if `isAnswer` accepts it.
   */
  send<T>(right: Right, attempt: (one: Attempt) => Promise<T>, isAnswer?: (error: unknown) => boolean): Promise<T>
}

interface Parts {
  readonly target: Target
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly log: Logger
  /** One request that shows whether the store can be reached at all. */
  isThere(one: Attempt): Promise<unknown>
}

class StalledError extends Error {
  override readonly name = 'StalledError'
}

class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/**
 * Repeats the client's single attempts: the client does not retry requests with a stream as body, and may wait for ever after a broken
 * connection. A pause that the store asks for applies to all requests.
 */
export function requests({ target, patience, signal, log, isThere }: Parts): Requests {
  let pausedUntil = 0
  /** Time since which the store has only asked for pauses. */
  let throttledSince: number | undefined
  /** Pauses in a row that the store asked for. */
  let pauses = 0

  async function once<T>(attempt: (one: Attempt) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    const ended = Promise.withResolvers<never>()
    const end = () => ended.reject(signal.aborted ? signal.reason : stop.signal.reason)
    const stalled = () => stop.abort(new StalledError(`nothing came or went for ${patience.stallMs / 1000} s`))
    const timer = setTimeout(stalled, patience.stallMs)
    // Called for each chunk of each file, so nothing is allocated here.
    const alive = () => void timer.refresh()
    const unreadable = (error: Error) => stop.abort(new Unreadable(error.message, { cause: error }))
    const either = AbortSignal.any([signal, stop.signal])
    either.addEventListener('abort', end, { once: true })
    if (either.aborted) end()
    const work = attempt({ signal: either, alive, unreadable })
    // It may fail after it is no longer awaited.
    work.catch(() => {})
    try {
      return await Promise.race([work, ended.promise])
    } finally {
      clearTimeout(timer)
      either.removeEventListener('abort', end)
    }
  }

  /** Throws if the whole store, not only this object, fails. */
  async function wholeStoreAnswers(): Promise<void> {
    await once(isThere).catch((whole) => {
      throw lost(whole, target)
    })
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms * (0.5 + Math.random() / 2), undefined, { signal })
  }

  return {
    async send(right, attempt, isAnswer = () => false) {
      for (let failures = 0; ; ) {
        signal.throwIfAborted()
        if (pausedUntil > Date.now()) await pause(pausedUntil - Date.now())
        try {
          const output = await once(attempt)
          throttledSince = undefined
          pauses = 0
          return output
        } catch (error) {
          if (signal.aborted) throw signal.reason
          if (error instanceof Unreadable) throw error.cause
          if (isAnswer(error)) throw error
          const verdict = judged(error)
          log.debug(`${right}: ${(error as Error).name} (${verdict})`)
          if (verdict === 'final') {
            if (isRefusedWithoutWord(error)) await wholeStoreAnswers()
            throw explained(error, right, target)
          }
          if (verdict === 'throttled') {
            throttledSince ??= Date.now()
            if (Date.now() - throttledSince > patience.throttledMs) throw lost(error, target)
            pauses += 1
            const ms = Math.min(patience.mostMs, patience.baseMs * 2 ** Math.min(pauses, 20))
            pausedUntil = Math.max(pausedUntil, Date.now() + ms)
            if (pauses === 5) log.info('the store asks for pauses: going on more slowly')
            continue
          }
          failures += 1
          if (failures >= patience.attempts) {
            await wholeStoreAnswers()
            throw explained(error, right, target)
          }
          await pause(Math.min(patience.mostMs, patience.baseMs * 2 ** failures))
        }
      }
    },
  }
}
