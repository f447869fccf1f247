import { expect, test } from 'vitest'
import { pace } from '../../src/async/pace.ts'

test('all callers together take so many a second, and time that passed unused is not saved up', async () => {
  let at = 1_000
  const waits: number[] = []
  const clock = { now: () => at, wait: async (ms: number) => void waits.push(ms) }
  const take = pace(1_000, new AbortController().signal, clock)
  await Promise.all([take(500), take(500), take(1_000)])
  expect(waits).toEqual([500, 1_000, 2_000])
  at += 60_000
  await take(100)
  expect(waits.at(-1)).toBe(100)
})

test('nobody waits when it is to end', async () => {
  const stop = new AbortController()
  const take = pace(1, stop.signal)
  const taken = take(1_000_000)
  stop.abort()
  await expect(taken).resolves.toBeUndefined()
  await expect(take(1_000_000)).resolves.toBeUndefined()
})
