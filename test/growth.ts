import { expect } from 'vitest'

/**
 * That twice the work takes at most two and a half times the processor's time: the least of three tries each, and a little besides for what the
 * machine does meanwhile. `prepare` is not measured; it returns what is.
 */
export async function expectLinear(
  size: number,
  prepare: (size: number) => Promise<() => unknown> | (() => unknown),
): Promise<void> {
  const small = await leastMs(size, prepare)
  const large = await leastMs(size * 2, prepare)
  expect(large, `${size * 2} after ${small} ms for ${size}`).toBeLessThan(small * 2.5 + 30)
}

async function leastMs(size: number, prepare: Parameters<typeof expectLinear>[1]): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const work = await prepare(size)
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}
