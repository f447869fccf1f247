/** How long what is under way may take to end when a run is stopped. Below the ten seconds after which `docker stop` kills, and enough below them to write down what was done. */
export const graceMs = 7_000

interface Signals {
  draining: AbortSignal
  signal: AbortSignal
}

/**
 * The two signals of a run that is also stopped after `ms`, by nobody: then nothing new is begun, and after the usual grace all is stopped at
 * once. `timeUp` is aborted if that is what stopped it. Endless without `ms`.
 */
export function withDeadline(
  { draining, signal }: Signals,
  ms: number | undefined,
): Signals & { timeUp: AbortSignal } & Disposable {
  const timeUp = new AbortController()
  const graceOver = new AbortController()
  const patience = () => setTimeout(() => graceOver.abort(), graceMs)
  let timer = ms === undefined ? undefined : setTimeout(end, ms)
  function end(): void {
    if (draining.aborted) return
    timer = patience()
    timeUp.abort()
  }
  return {
    draining: AbortSignal.any([draining, timeUp.signal]),
    signal: AbortSignal.any([signal, graceOver.signal]),
    timeUp: timeUp.signal,
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
