import { expect, test } from 'vitest'
import { Semaphore } from '../../src/async/semaphore.ts'

const turn = () => new Promise(setImmediate)

test('so many at once, the rest in the order in which they came', async () => {
  const slots = new Semaphore(2)
  const got: number[] = []
  for (const number of [1, 2, 3, 4]) void slots.acquire().then(() => got.push(number))
  await turn()
  expect(got).toEqual([1, 2])
  slots.release()
  await turn()
  expect(got).toEqual([1, 2, 3])
  slots.release()
  await turn()
  expect(got).toEqual([1, 2, 3, 4])
})

test('a slot that nobody waits for is there for the next', async () => {
  const slots = new Semaphore(1)
  await slots.acquire()
  slots.release()
  await slots.acquire()
})

test('work that fails gives its slot back', async () => {
  const slots = new Semaphore(1)
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await slots.run(async () => 'done')).toBe('done')
})

test('tryAcquire() takes a slot that is free, and waits for none', async () => {
  const semaphore = new Semaphore(1)
  expect(semaphore.tryAcquire()).toBe(true)
  expect(semaphore.tryAcquire()).toBe(false)
  semaphore.release()
  expect(semaphore.tryAcquire()).toBe(true)
})

test('whoever wants several slots has all of them at once, and nobody passes it', async () => {
  const slots = new Semaphore(3)
  const got: string[] = []
  for (const [name, count] of [
    ['one', 1],
    ['three', 3],
    ['two', 2],
  ] as const)
    void slots.acquire(count).then(() => got.push(name))
  await turn()
  expect(got).toEqual(['one'])
  expect(slots.tryAcquire()).toBe(false)
  slots.release()
  await turn()
  expect(got).toEqual(['one', 'three'])
  slots.release(3)
  await turn()
  expect(got).toEqual(['one', 'three', 'two'])
})

test('a semaphore that is made larger admits those who wait; made smaller, nobody until fewer are at once', async () => {
  const semaphore = new Semaphore(2)
  await Promise.all([semaphore.acquire(), semaphore.acquire()])
  let admitted = 0
  const waiting = Array.from({ length: 3 }, () => semaphore.acquire().then(() => admitted++))
  semaphore.resize(4)
  await Promise.all(waiting.slice(0, 2))
  expect(admitted).toBe(2)
  semaphore.resize(1)
  for (let held = 4; held > 1; held--) semaphore.release()
  expect([semaphore.tryAcquire(), admitted]).toEqual([false, 2])
  semaphore.release()
  await Promise.all(waiting)
})
