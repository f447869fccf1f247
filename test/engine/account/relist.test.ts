import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueForListing } from '../../../src/engine/account/relist.ts'

const dayMs = 24 * 60 * 60 * 1000
const relistAfterMs = 30 * dayMs

/** Albums that were listed so many days before day 1000. */
function albums(...daysAgo: (number | undefined)[]) {
  return daysAgo.map((days, index) => ({
    key: `a${index}`,
    listed:
      days === undefined
        ? undefined
        : { at: (1000 - days) * dayMs, lastUpdated: '', imagesLastUpdated: '', imageCount: 1 },
  }))
}

const due = (daysAgo: (number | undefined)[], lastRunDaysAgo: number) =>
  [
    ...dueForListing(albums(...daysAgo), {
      now: 1000 * dayMs,
      relistAfterMs,
      lastRunAt: (1000 - lastRunDaysAgo) * dayMs,
    }),
  ].sort()

test('what was listed in the future, by a clock that was wrong, is due', () => {
  expect(due([-400, 1, 1], 1)).toEqual(['a0'])
})

test('nothing is due before its time', () => {
  expect(due(Array(60).fill(29.9), 1)).toEqual([])
})

test('a night lists its share, the oldest first', () => {
  expect(due([...Array(58).fill(30), 45, 40], 1)).toEqual(['a58', 'a59'])
})

test('who runs twice a day lists half of it each time, and at least one', () => {
  expect(due(Array(120).fill(31), 0.5)).toHaveLength(2)
  expect(due([31, 5], 0.01)).toEqual(['a0'])
})

test('who was away lists the nights that were missed', () => {
  expect(due(Array(60).fill(50), 15)).toHaveLength(30)
  expect(due(Array(60).fill(90), 90)).toHaveLength(60)
})

test('an album that was never listed needs no reason', () => {
  expect(due([undefined, 31], 1)).toEqual(['a1'])
})

test('0 days lists every album, infinitely many none', () => {
  const all = albums(0, 1, 500)
  const options = { now: 1000 * dayMs, lastRunAt: 999 * dayMs }
  expect(dueForListing(all, { ...options, relistAfterMs: 0 }).size).toBe(3)
  expect(dueForListing(all, { ...options, relistAfterMs: Number.POSITIVE_INFINITY }).size).toBe(0)
})

test('run each night, every album is listed again within twice the time, and no night lists more than its share', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), (count) => {
      const listedAt = new Map(Array.from({ length: count }, (_, index) => [`a${index}`, 0]))
      for (let day = 1; day <= 120; day++) {
        const now = day * dayMs
        const rows = [...listedAt].map(([key, at]) => ({
          key,
          listed: { at, lastUpdated: '', imagesLastUpdated: '', imageCount: 1 },
        }))
        const tonight = dueForListing(rows, { now, relistAfterMs, lastRunAt: now - dayMs })
        expect(tonight.size).toBeLessThanOrEqual(Math.ceil(count / 30))
        for (const key of tonight) listedAt.set(key, now)
        for (const at of listedAt.values()) expect(now - at).toBeLessThanOrEqual(2 * relistAfterMs)
      }
    }),
    { numRuns: 20 },
  )
})
