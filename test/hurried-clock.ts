import type { Clock } from '../src/smugmug/transport/clock.ts'

/** Time that passes while somebody waits for it, at once, besides its own. */
export function hurriedClock(now: () => number = Date.now): Clock {
  let waitedMs = 0
  return {
    now: () => now() + waitedMs,
    async sleep(ms, signal) {
      signal.throwIfAborted()
      waitedMs += ms
    },
  }
}
