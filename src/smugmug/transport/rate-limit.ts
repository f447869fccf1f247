import { Semaphore } from '../../async/semaphore.ts'
import { SmugdlError } from '../../error.ts'
import type { OnEvent, Target } from '../event.ts'
import type { Clock } from './clock.ts'
import type { ReceivedHeaders, Send } from './http.ts'
import { pauseAsked, rateWindowOf } from './retry-after.ts'

export interface PacerOptions {
  target: Target
  /** Requests at once. */
  concurrency: number
  clock: Clock
  onEvent: OnEvent
}

/** Milliseconds from sending the request to its answer, without the wait for its turn. */
export interface Timed {
  tookMs: number
}

/**
 * Limits the requests that share a pacer: a maximum number in parallel, and none while a rate limit asks to wait. A 429 pauses them all, and
 * the request is repeated afterwards; outer layers do not see it, so it uses up no retry.
 */
export function withRateLimit<Body>(
  send: Send<Body>,
  pacerOf: (url: string) => Pacer,
  onRefused: () => void = () => {},
): Send<Body, Timed> {
  return async (request) => {
    const pacer = pacerOf(request.url)
    for (;;) {
      const { response, sentAtMs, tookMs } = await pacer.turn(request.signal, () => send(request))
      if (pacer.heed(response, sentAtMs) === 'go on') return { ...response, tookMs }
      onRefused()
      await response.discard()
    }
  }
}

/** Manages the turns and the pause. A turn is always released. */
export class Pacer {
  readonly #options: PacerOptions
  readonly #turns: Semaphore
  #pausedSinceMs = Number.NEGATIVE_INFINITY
  #pausedUntilMs = Number.NEGATIVE_INFINITY
  #pausedBy = ''
  /** Number of consecutive pauses after which the answer was 429 again. */
  #fruitless = 0

  constructor(options: PacerOptions) {
    this.#options = options
    this.#turns = new Semaphore(options.concurrency)
  }

  /** Runs an action when there is a turn and no pause. Throws `unreachable` if the pause is longer than a run waits. */
  async turn<T>(
    signal: AbortSignal,
    act: () => Promise<T>,
  ): Promise<{ response: T; sentAtMs: number; tookMs: number }> {
    return this.#turns.run(async () => {
      const { clock } = this.#options
      if (this.#pausedUntilMs - clock.now() > LONGEST_PAUSE_MS) throw pausedFor(this.#pausedUntilMs, this.#pausedBy)
      while (clock.now() < this.#pausedUntilMs) {
        const until = this.#pausedUntilMs
        await clock.sleep(until - clock.now(), signal)
        // After a full wait the pause is over, even if the clock was set back meanwhile.
        if (this.#pausedUntilMs === until) this.#pausedUntilMs = Math.min(until, clock.now())
      }
      const sentAtMs = clock.now()
      const beganAt = performance.now()
      const response = await act()
      return { sentAtMs, tookMs: performance.now() - beganAt, response }
    })
  }

  /** Sets the number of parallel requests from here on. */
  resize(concurrency: number): void {
    this.#turns.resize(concurrency)
  }

  /** Learns from an answer. Throws `unreachable` if the host keeps refusing although its pauses were observed. */
  heed(
    { status, headers, url }: { status: number; headers: ReceivedHeaders; url: string },
    sentAtMs: number,
  ): 'go on' | 'again' {
    const { clock, onEvent } = this.#options
    const { host } = new URL(url)
    const window = rateWindowOf(headers, clock.now())
    if (window !== undefined) onEvent({ type: 'rateLimit', ...window })
    if (status !== 429) {
      this.#fruitless = 0
      // No requests are left: the next one would be refused. A window that ends more than a day away is an error.
      if (window !== undefined && window.remaining <= 0 && window.resetAtMs < clock.now() + DAY_MS) {
        this.#pause(window.resetAtMs, host)
      }
      return 'go on'
    }
    // Requests already in progress when the pause began count as the same refusal.
    if (sentAtMs > this.#pausedSinceMs) this.#fruitless++
    if (this.#fruitless > MOST_FRUITLESS) throw stillRefused(host)
    this.#pause(clock.now() + (pauseAsked(headers, clock.now()) || unaskedPauseMs(this.#fruitless)), host)
    return 'again'
  }

  #pause(untilMs: number, host: string): void {
    const { clock, target, onEvent } = this.#options
    if (untilMs <= Math.max(this.#pausedUntilMs, clock.now())) return
    if (this.#pausedUntilMs <= clock.now()) this.#pausedSinceMs = clock.now()
    this.#pausedUntilMs = untilMs
    this.#pausedBy = host
    if (untilMs - clock.now() <= LONGEST_PAUSE_MS) onEvent({ type: 'rateLimited', target, host, untilMs })
  }
}

/** A window of an hour, plus clock differences. If asked to wait longer, the run ends and reports for how long. */
const LONGEST_PAUSE_MS = 61 * 60_000
const DAY_MS = 24 * 3600_000
const MOST_FRUITLESS = 10

/** Milliseconds, for a 429 that does not say how long: 2 s, and twice as much each time up to a minute. */
function unaskedPauseMs(fruitless: number): number {
  return Math.min(2_000 * 2 ** Math.max(0, fruitless - 1), 60_000)
}

function pausedFor(untilMs: number, host: string): SmugdlError {
  const until = new Date(Math.min(untilMs, LAST_DATE_MS)).toISOString().replace(/T(\d\d:\d\d).*/, ' $1')
  return new SmugdlError('unreachable', {
    what: `${host} takes no more requests before ${until} UTC`,
    next: 'Run again then; nothing is lost',
  })
}

/** No later time has a date. */
const LAST_DATE_MS = 8.64e15

function stillRefused(host: string): SmugdlError {
  return new SmugdlError('unreachable', {
    what: `${host} still refuses for too many requests, although each pause it asked for was kept`,
    next: 'Run again later; nothing is lost',
  })
}
