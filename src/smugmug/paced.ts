import { SmugdlError } from '../error.ts'
import type { Clock } from './clock.ts'
import type { OnEvent, Target } from './event.ts'
import type { Send } from './http.ts'
import { pauseAsked, windowTold } from './pause.ts'

export interface PacerOptions {
  target: Target
  host: string
  /** Requests at once. */
  concurrency: number
  clock: Clock
  onEvent: OnEvent
}

/**
 * Requests to one host go through its pacer: so many at once, and none while a rate limit asks to wait. A 429 pauses
 * them all and is asked again afterwards; nobody above sees it, so that it spends no retry.
 */
export function paced<Body>(send: Send<Body>, pacerOf: (url: string) => Pacer): Send<Body> {
  return async (request) => {
    const pacer = pacerOf(request.url)
    for (;;) {
      const { response, sentAtMs } = await pacer.turn(request.signal, () => send(request))
      pacer.heed(response.headers)
      if (response.status !== 429) {
        pacer.answered()
        return response
      }
      await response.discard()
      pacer.refused(response.headers, sentAtMs)
    }
  }
}

/** Owns the turns and the pause of one host. A turn is always given back. */
export class Pacer {
  readonly #options: PacerOptions
  readonly #waiting: (() => void)[] = []
  #free: number
  #pausedSinceMs = Number.NEGATIVE_INFINITY
  #pausedUntilMs = 0
  /** Pauses in a row after which the host still said 429. */
  #fruitless = 0

  constructor(options: PacerOptions) {
    this.#options = options
    this.#free = options.concurrency
  }

  async turn<T>(signal: AbortSignal, act: () => Promise<T>): Promise<{ response: T; sentAtMs: number }> {
    await this.#take()
    try {
      const { clock } = this.#options
      while (clock.now() < this.#pausedUntilMs) await clock.sleep(this.#pausedUntilMs - clock.now(), signal)
      const sentAtMs = clock.now()
      return { sentAtMs, response: await act() }
    } finally {
      this.#giveBack()
    }
  }

  /** Reads the API's window. At 0 the rest of the run waits for the next one of its own accord. */
  heed(headers: Headers): void {
    const { clock, onEvent } = this.#options
    const window = windowTold(headers, clock.now())
    if (window === undefined) return
    onEvent({ type: 'rateLimit', ...window })
    // A window further away than that is a misunderstanding; a 429 would say so with Retry-After.
    if (window.remaining <= 0 && window.resetAtMs < clock.now() + LONGEST_WINDOW_MS) this.#pauseUntil(window.resetAtMs)
  }

  answered(): void {
    this.#fruitless = 0
  }

  refused(headers: Headers, sentAtMs: number): void {
    const { clock, host } = this.#options
    // Others were under way when the pause began: their 429 is the same refusal.
    if (sentAtMs > this.#pausedSinceMs) this.#fruitless++
    if (this.#fruitless > MOST_FRUITLESS) {
      throw new SmugdlError('unreachable', {
        what: `${host} still refuses for too many requests, although each pause it asked for was kept`,
        next: 'Run again later; nothing is lost',
      })
    }
    const unasked = Math.min(FIRST_PAUSE_MS * 2 ** (this.#fruitless - 1), LONGEST_UNASKED_PAUSE_MS)
    this.#pauseUntil(clock.now() + (pauseAsked(headers, clock.now()) || unasked))
  }

  #pauseUntil(untilMs: number): void {
    const { clock, target, host, onEvent } = this.#options
    if (untilMs <= Math.max(this.#pausedUntilMs, clock.now())) return
    if (this.#pausedUntilMs <= clock.now()) this.#pausedSinceMs = clock.now()
    this.#pausedUntilMs = untilMs
    onEvent({ type: 'rateLimited', target, host, untilMs })
  }

  async #take(): Promise<void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #giveBack(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}

const MOST_FRUITLESS = 10
const FIRST_PAUSE_MS = 2_000
const LONGEST_UNASKED_PAUSE_MS = 60_000
const LONGEST_WINDOW_MS = 24 * 3600_000
