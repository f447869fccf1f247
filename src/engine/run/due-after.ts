const dayMs = 24 * 60 * 60 * 1000

/**
 * When to ask again for what failed: in the next run. What is unlikely to recover by itself, or has not healed for a while, is asked for at
 * growing intervals, up to 30 days; meanwhile it counts as failed without costing a request. Milliseconds since 1970, as `failedAt`.
 */
export function dueAfter(attempts: number, heals: boolean, failedAt: number): number {
  const patient = heals ? attempts - 5 : attempts - 1
  return patient < 0 ? failedAt : failedAt + Math.min(30 * dayMs, (dayMs / 2) * 2 ** patient)
}
