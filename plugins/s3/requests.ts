import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../src/exporter/index.ts'
import { explained, isRefusedWithoutWord, judged, lost, type Right } from './errors.ts'
import type { Target } from './target.ts'

/** How patient we are. Milliseconds. */
export interface Patience {
  /** Attempts at what fails, not counting pauses that the store asks for. */
  readonly attempts: number
  /** The first pause; each is twice as long, up to `mostMs`, with jitter. */
  readonly baseMs: number
  readonly mostMs: number
  /** A store that does nothing but ask for pauses is given up after so long. */
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
  /** Bytes moved: it has not stalled. */
  alive(): void
  /** What is to be sent cannot be read: the client would wait for ever, and another attempt would fare no better. */
  unreadable(error: Error): void
}

export interface Requests {
  /**
   * What `attempt` comes to, tried again where that may help; it must be the same each time. Throws as `explained`, or as `attempt` did what
   * `isAnswer` says is an answer.
   */
  send<T>(right: Right, attempt: (one: Attempt) => Promise<T>, isAnswer?: (error: unknown) => boolean): Promise<T>
}

interface Parts {
  readonly target: Target
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly log: Logger
  /** One request that shows whether the store as a whole is there. */
  isThere(one: Attempt): Promise<unknown>
}

class StalledError extends Error {
  override readonly name = 'StalledError'
}

class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/**
 * Our own attempts, around the client's one: the client does not try again what has a stream for a body, and may wait for ever for what
 * was cut. A pause that the store asks for holds for all requests.
 */
export function requests({ target, patience, signal, log, isThere }: Parts): Requests {
  let pausedUntil = 0
  /** When it began to do nothing else. */
  let throttledSince: number | undefined
  /** Pauses in a row that the store asked for. */
  let pauses = 0

  async function once<T>(attempt: (one: Attempt) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    const ended = Promise.withResolvers<never>()
    const end = () => ended.reject(signal.aborted ? signal.reason : stop.signal.reason)
    const stalled = () => stop.abort(new StalledError(`nothing came or went for ${patience.stallMs / 1000} s`))
    const timer = setTimeout(stalled, patience.stallMs)
    // Called for each piece of each file: nothing is made here.
    const alive = () => void timer.refresh()
    const unreadable = (error: Error) => stop.abort(new Unreadable(error.message, { cause: error }))
    const either = AbortSignal.any([signal, stop.signal])
    either.addEventListener('abort', end, { once: true })
    if (either.aborted) end()
    const work = attempt({ signal: either, alive, unreadable })
    // It may fail after nobody waits for it any more.
    work.catch(() => {})
    try {
      return await Promise.race([work, ended.promise])
    } finally {
      clearTimeout(timer)
      either.removeEventListener('abort', end)
    }
  }

  /** Throws if it is not this one object, but the whole store. */
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
