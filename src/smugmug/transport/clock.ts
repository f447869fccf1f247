import { setTimeout as delay } from 'node:timers/promises'
import { cancelledBy } from './cancelled.ts'

/** Time as the API room sees it; tests hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`, or rejects with kind `cancelled` as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal })
    } catch {
      throw cancelledBy(signal)
    }
  },
}

/** Node fires longer timers at once; who waits longer looks at the clock again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
