import { expect, it } from 'vitest'
import { prefetch } from '../../src/async/prefetch.ts'

/** Work that ends when it is told to. */
function workshop() {
  const begun: number[] = []
  const ended: number[] = []
  const waiting = new Map<number, () => void>()
  return {
    begun,
    ended,
    finish: (item: number) => waiting.get(item)?.(),
    async work(item: number): Promise<string> {
      begun.push(item)
      await new Promise<void>((resolve) => waiting.set(item, resolve))
      ended.push(item)
      return `done ${item}`
    },
  }
}

it('ahead() gives results in the order of the items, whichever is ready first, with at most so many under way', async () => {
  const { begun, finish, work } = workshop()
  const results = prefetch([1, 2, 3, 4], 2, work)
  const first = results.next()
  expect(begun).toEqual([1, 2])
  finish(2)
  finish(1)
  expect(await first).toEqual({ value: 'done 1', done: false })
  const second = results.next()
  expect(await second).toEqual({ value: 'done 2', done: false })
  expect(begun).toEqual([1, 2, 3])
  const third = results.next()
  finish(3)
  expect(await third).toEqual({ value: 'done 3', done: false })
  const fourth = results.next()
  finish(4)
  expect([await fourth, await results.next()]).toEqual([
    { value: 'done 4', done: false },
    { value: undefined, done: true },
  ])
})

it('ahead() ends for whoever stops early only when nothing is under way any more', async () => {
  const { begun, ended, finish, work } = workshop()
  const results = prefetch([1, 2, 3], 3, work)
  const first = results.next()
  finish(1)
  await first
  const stopped = results.return(undefined)
  expect(ended).toEqual([1])
  finish(2)
  finish(3)
  await stopped
  expect([begun, ended]).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ])
})

it('ahead() throws what an item throws when its turn comes', async () => {
  const seen: number[] = []
  const run = async () => {
    const work = async (item: number) => {
      if (item === 2) throw new Error('two')
      return item
    }
    for await (const item of prefetch([1, 2, 3], 3, work)) seen.push(item)
  }
  await expect(run()).rejects.toThrow('two')
  expect(seen).toEqual([1])
})
