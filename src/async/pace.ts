import { setTimeout as sleep } from 'node:timers/promises'

interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number
  wait(ms: number, signal: AbortSignal): Promise<unknown>
}

const real: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
}

/** Limits the rate of all callers together to an amount per second. A caller that took an amount waits until it is due, or `signal` is aborted. */
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
