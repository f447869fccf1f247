import type { Clock } from '../src/smugmug/transport/clock.ts'

/** Time that passes while somebody waits for it, at once, besides its own. */
export function hurriedClock(now: () => number = Date.now): Clock & { readonly waitedMs: number } {
  let waitedMs = 0
  return {
    /** The sum of all waits, also of those at once. */
    get waitedMs() {
      return waitedMs
    },
    now: () => now() + waitedMs,
    async sleep(ms, signal) {
      signal.throwIfAborted()
      waitedMs += ms
    },
  }
}
