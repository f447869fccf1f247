import { expect, test } from 'vitest'
import { rendererFor } from '../../../src/cli/render/renderer.ts'
import { testIo } from '../world.ts'
import { everyEvent } from './events.ts'

async function rendered({ verbose = false } = {}) {
  const io = testIo({ now: Date.UTC(2026, 10, 24, 9, 4, 10) })
  const renderer = (await rendererFor(io, 'json', { verbose }))()
  for (const event of everyEvent) renderer.on(event)
  renderer.end()
  return io
}

test('every event reads as its line of the golden file', async () => {
  await expect((await rendered({ verbose: true })).out()).toMatchFileSnapshot('golden/events.ndjson')
})

test('every line is an object with type and time, nothing is on stderr, and no tick of bytes is told', async () => {
  const io = await rendered()
  const lines = io
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const line of lines) expect(line).toMatchObject({ type: expect.any(String), time: '2026-11-24T09:04:10.000Z' })
  const silent = ['bytes', 'detail', 'rateLimit']
  expect(lines.map((line) => line.type)).toEqual(
    everyEvent.map((event) => event.type).filter((type) => !silent.includes(type)),
  )
  expect(io.err()).toBe('')
})

test('a name comes through unchanged and is harmless on a terminal', async () => {
  const io = testIo()
  const item = 'a\x1b[2J\u009b2J\u202e\u2028\n"b".jpg'
  const renderer = (await rendererFor(io, 'json', { verbose: false }))()
  renderer.on({ type: 'image.failed', item, reason: 'x' })
  expect(JSON.parse(io.out()).item).toBe(item)
  expect(io.out().trimEnd()).not.toMatch(/[\p{Control}\u202e\u2028]/u)
})

test('a field that is added to an event does not leak into the output', async () => {
  const io = testIo()
  const event = { type: 'notice', text: 'x', accessTokenSecret: 'abc' } as const
  const renderer = (await rendererFor(io, 'json', { verbose: false }))()
  renderer.on(event)
  expect(JSON.parse(io.out())).toEqual({ v: 1, type: 'notice', time: '1970-01-01T00:00:00.000Z', text: 'x' })
})
