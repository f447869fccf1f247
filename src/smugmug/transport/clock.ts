import { setTimeout as delay } from 'node:timers/promises'
import { cancelledBy } from './cancelled.ts'

/** The clock of the API room; tests pass their own. */
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

/** Longest delay of a timer, in milliseconds: Node fires longer ones at once, so a longer wait is split and the clock checked again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
