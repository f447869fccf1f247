import { expect, test } from 'vitest'
import { forEachBounded } from '../../src/async/for-each.ts'

const never = new AbortController().signal

/** Work that a test ends by hand. */
function byHand() {
  const begun: number[] = []
  const ends = new Map<number, PromiseWithResolvers<void>>()
  return {
    begun,
    work(item: number): Promise<void> {
      begun.push(item)
      const end = Promise.withResolvers<void>()
      ends.set(item, end)
      return end.promise
    },
    end: (item: number) => ends.get(item)?.resolve(),
    fail: (item: number) => ends.get(item)?.reject(new Error(`no ${item}`)),
  }
}

const turn = () => new Promise(setImmediate)

test('so many at once, in order, the next when one is done', async () => {
  const { begun, work, end } = byHand()
  const all = forEachBounded([1, 2, 3, 4], 2, work, never)
  await turn()
  expect(begun).toEqual([1, 2])
  end(2)
  await turn()
  expect(begun).toEqual([1, 2, 3])
  end(1)
  await turn()
  for (const item of [3, 4]) end(item)
  await all
  expect(begun).toEqual([1, 2, 3, 4])
})

test('items are taken no sooner than there is room for them', async () => {
  const taken: number[] = []
  function* items() {
    for (let item = 1; item <= 100; item++) {
      taken.push(item)
      yield item
    }
  }
  const { work, end } = byHand()
  const stop = new AbortController()
  const all = forEachBounded(items(), 2, work, stop.signal)
  await turn()
  expect(taken.length).toBeLessThanOrEqual(3)
  stop.abort()
  for (const item of [1, 2]) end(item)
  await all
  expect(taken.length).toBeLessThanOrEqual(3)
})

test('after draining none begins, and those under way are waited for', async () => {
  const { begun, work, end } = byHand()
  const draining = new AbortController()
  let isDone = false
  const all = forEachBounded([1, 2, 3], 1, work, draining.signal).then(() => {
    isDone = true
  })
  await turn()
  draining.abort()
  await turn()
  expect(isDone).toBe(false)
  end(1)
  await all
  expect(begun).toEqual([1])
})

test('the first error is thrown when those under way are done, and none begins after it', async () => {
  const { begun, work, end, fail } = byHand()
  let thrown: unknown
  const all = forEachBounded([1, 2, 3], 2, work, never).catch((error) => {
    thrown = error
  })
  await turn()
  fail(1)
  await turn()
  expect(thrown).toBe(undefined)
  end(2)
  await all
  expect(thrown).toEqual(new Error('no 1'))
  expect(begun).toEqual([1, 2])
})
