import pRetry from 'p-retry'
import { SmugdlError } from '../../error.ts'
import type { OnEvent } from '../event.ts'
import type { Clock } from './clock.ts'
import { type GiveUp, ofOneAddress } from './give-up.ts'
import { addressOf, type HttpRequest } from './http.ts'

export interface RetryPolicy {
  /** Maximum number of attempts, including the first. */
  attempts: number
  firstDelayMs: number
  factor: number
  maxDelayMs: number
}

/** Seven attempts within about a minute. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 7, firstDelayMs: 1_500, factor: 2, maxDelayMs: 30_000 }

export interface RetryOptions {
  policy: RetryPolicy
  patienceOf: (url: string) => GiveUp
  /** Whether the account still answers this login; if so, a refusal at one address does not concern the login. Default: it does not. */
  accountAnswers?: () => Promise<boolean>
  clock: Clock
  random: () => number
  onEvent: OnEvent
}

/** The outermost layer: repeats an attempt if the error says that this may help, with growing, jittered delays. */
export function withRetries<Request extends HttpRequest, Answer>(
  attempt: (request: Request) => Promise<Answer>,
  { policy, patienceOf, accountAnswers = async () => false, clock, random, onEvent }: RetryOptions,
): (request: Request) => Promise<Answer> {
  return async (request) => {
    const patience = patienceOf(request.url)
    const item = addressOf(request.url)
    let attempts = 0
    try {
      const making = (attemptNumber: number) => {
        attempts = attemptNumber
        return attempt(request)
      }
      const answer = await pRetry(making, {
        retries: policy.attempts - 1,
        minTimeout: 0, // the delay is ours: it obeys Retry-After, the clock and the signal
        async shouldRetry({ error, attemptNumber }) {
          const delayMs = delayBefore(error, attemptNumber, policy, random)
          if (delayMs === undefined || attemptNumber >= patience.attempts(policy.attempts)) return false
          onEvent({ type: 'retry', item, reason: reasonOf(error), attempt: attemptNumber, delayMs })
          await clock.sleep(delayMs, request.signal)
          return true
        },
      })
      patience.answered(attempts)
      return answer
    } catch (thrown) {
      if (!(thrown instanceof SmugdlError) || thrown.kind === 'cancelled') throw thrown
      const error = thrown.kind === 'auth' && (await accountAnswers()) ? ofOneAddress(thrown) : thrown
      if (error.kind === 'auth') throw error
      if (error.retry !== 'no') throw await patience.gaveUp(error)
      patience.answered(attempts)
      throw error
    }
  }
}

/**
 * Milliseconds to wait after the `attemptNumber`th attempt (from 1), or undefined if another one cannot help. Equal
 * jitter: half of the delay is fixed and half is random, so that many workers do not retry at the same moment.
 */
export function delayBefore(
  error: Error,
  attemptNumber: number,
  { firstDelayMs, factor, maxDelayMs }: RetryPolicy,
  random: () => number,
): number | undefined {
  if (!(error instanceof SmugdlError) || error.retry === 'no') return undefined
  const delayMs = Math.min(firstDelayMs * factor ** (attemptNumber - 1), maxDelayMs)
  const jitteredMs = Math.round(delayMs / 2 + (random() * delayMs) / 2)
  if (error.retry === 'yes') return jitteredMs
  return error.retry.afterMs > LONGEST_ASKED_MS ? undefined : Math.max(jitteredMs, error.retry.afterMs)
}

/** A host that asks for a longer pause counts as down for this run; the user decides when to try again. */
const LONGEST_ASKED_MS = 5 * 60_000

function reasonOf(error: Error): string {
  return error instanceof SmugdlError ? error.what : error.message
}
