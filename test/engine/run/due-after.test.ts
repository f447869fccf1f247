import { expect, test } from 'vitest'
import { dueAfter } from '../../../src/engine/run/due-after.ts'

const dayMs = 24 * 60 * 60 * 1000
const days = (attempts: number, heals: boolean) => (dueAfter(attempts, heals, 5000) - 5000) / dayMs

test('what may heal is asked for in each of the next four runs, then at growing intervals', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => days(attempts, true))).toEqual([0, 0, 0, 0, 0.5, 1, 2, 4])
})

test('what hardly heals is asked for at growing intervals from the first time on', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((attempts) => days(attempts, false))).toEqual([0.5, 1, 2, 4, 8, 16, 30])
})

test('nothing is ever given up: at the latest after thirty days', () => {
  for (const heals of [true, false]) for (const attempts of [20, 100, 5000]) expect(days(attempts, heals)).toBe(30)
})
