/** How fast something goes: an amount per second over the recent past. */
export interface Rate {
  add(amount: number): void
  perSecond(): number
  /** Milliseconds that this further amount takes; undefined if there is none, or nothing moves. */
  msFor(amount: number): number | undefined
}

/**
 * A sliding window (restic's idea): amounts are kept in buckets of a second, old buckets are dropped, and the rate is what the window
 * holds by how long it has lasted. Steadier than the last second, and quicker to notice a stall than the mean since the start.
 */
export function rate(now: () => number, { windowMs = 30_000, bucketMs = 1_000 } = {}): Rate {
  const startedAt = now()
  const buckets: { from: number; amount: number }[] = []

  function forget(at: number): void {
    const drop = buckets.findIndex((bucket) => bucket.from + bucketMs > at - windowMs)
    buckets.splice(0, drop === -1 ? buckets.length : drop)
  }

  function perSecond(): number {
    const at = now()
    forget(at)
    const sum = buckets.reduce((total, bucket) => total + bucket.amount, 0)
    // Before a whole bucket has passed, a few fast items would extrapolate to absurd numbers.
    return (sum * 1000) / Math.min(Math.max(at - startedAt, bucketMs), windowMs)
  }

  return {
    perSecond,
    add(amount) {
      const at = now()
      forget(at)
      const last = buckets.at(-1)
      if (last !== undefined && at < last.from + bucketMs) last.amount += amount
      else buckets.push({ from: at, amount })
    },
    msFor(amount) {
      const speed = perSecond()
      return amount > 0 && speed > 0 ? (amount / speed) * 1000 : undefined
    },
  }
}
