import { expect, test } from 'vitest'
import { KeyedQueue } from '../../src/async/keyed-queue.ts'

test('work under one key runs one by one, in the order in which it was asked for', async () => {
  const turns = new KeyedQueue()
  const order: string[] = []
  const first = Promise.withResolvers<void>()
  const work = [
    turns.run('a', async () => {
      order.push('begin 1')
      await first.promise
      order.push('end 1')
    }),
    turns.run('a', async () => void order.push('2')),
    turns.run('a', async () => void order.push('3')),
  ]
  await Promise.resolve()
  expect(order).toEqual(['begin 1'])
  first.resolve()
  await Promise.all(work)
  expect(order).toEqual(['begin 1', 'end 1', '2', '3'])
})

test('work under other keys does not wait', async () => {
  const turns = new KeyedQueue()
  const never = new Promise<void>(() => {})
  void turns.run('a', () => never)
  expect(await turns.run('b', async () => 'done')).toBe('done')
})

test('who fails keeps nobody from their turn', async () => {
  const turns = new KeyedQueue()
  const failed = turns.run('a', () => Promise.reject(new Error('no')))
  const next = turns.run('a', async () => 'done')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('done')
  expect(await turns.run('a', async () => 'done later')).toBe('done later')
})
