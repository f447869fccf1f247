import { expect, test } from 'vitest'
import { rate } from '../../../src/cli/render/rate.ts'

function clock() {
  let at = 1_000_000
  return { now: () => at, pass: (ms: number) => (at += ms) }
}

test('a steady flow has its own rate from the first second on', () => {
  const { now, pass } = clock()
  const speed = rate(now)
  const seen: number[] = []
  for (let tenth = 0; tenth < 600; tenth++) {
    speed.add(50)
    pass(100)
    if (tenth % 100 === 99) seen.push(Math.round(speed.perSecond()))
  }
  for (const perSecond of seen) expect(perSecond).toBeGreaterThan(480)
  for (const perSecond of seen) expect(perSecond).toBeLessThan(520)
})

test('the first item of a run does not claim a thousand a second', () => {
  const { now, pass } = clock()
  const speed = rate(now)
  speed.add(1)
  pass(1)
  expect(speed.perSecond()).toBe(1)
})

test('a stall is seen within the window, and a rate of nothing is 0', () => {
  const { now, pass } = clock()
  const speed = rate(now, { windowMs: 10_000 })
  expect(speed.perSecond()).toBe(0)
  speed.add(1_000)
  pass(5_000)
  expect(speed.perSecond()).toBe(200)
  pass(7_000)
  expect(speed.perSecond()).toBe(0)
})

test('what is older than the window no longer counts', () => {
  const { now, pass } = clock()
  const speed = rate(now, { windowMs: 10_000 })
  for (let second = 0; second < 60; second++) {
    speed.add(second < 30 ? 1_000 : 10)
    pass(1_000)
  }
  expect(speed.perSecond()).toBeCloseTo(10, 0)
})

test('what is left takes as long as it would at this rate; of a stall, or of nothing left, no time is told', () => {
  const { now, pass } = clock()
  const speed = rate(now, { windowMs: 10_000 })
  expect(speed.msFor(600)).toBeUndefined()
  speed.add(1_000)
  pass(5_000)
  expect(speed.msFor(600)).toBe(3_000)
  expect(speed.msFor(0)).toBeUndefined()
  pass(7_000)
  expect(speed.msFor(600)).toBeUndefined()
})
