import { setTimeout as sleep } from 'node:timers/promises'

interface Clock {
  /** Milliseconds, of a clock that nobody sets. */
  now(): number
  wait(ms: number, signal: AbortSignal): Promise<unknown>
}

const real: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
}

/** Lets a given amount per second pass, for all callers together. A caller that took an amount waits until it is due, or until `signal` is aborted. */
export function pace(
  perSecond: number,
  signal: AbortSignal,
  { now, wait }: Clock = real,
): (amount: number) => Promise<void> {
  let dueAt = 0
  return async (amount) => {
    const at = now()
    dueAt = Math.max(at, dueAt) + (amount / perSecond) * 1000
    await wait(dueAt - at, signal).catch((error) => {
      if (!signal.aborted) throw error
    })
  }
}
