import fc from 'fast-check'
import stringWidth from 'string-width'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { blockLines } from '../../../src/cli/render/block.ts'
import { trackProgress } from '../../../src/cli/render/progress.ts'
import { rendererFor } from '../../../src/cli/render/renderer.ts'
import type { RunEvent } from '../../../src/engine/events.ts'
import { testIo } from '../world.ts'
import { everyEvent } from './events.ts'
import { screenOf } from './screen.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const noon = new Date(2026, 10, 24, 12).getTime()

async function started(io = testIo({ tty: true, columns: 80, rows: 24, now: noon })) {
  const renderer = (await rendererFor(io, 'auto', { verbose: false }))()
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      io.advance(Math.min(100, ms - passed))
      vi.advanceTimersByTime(Math.min(100, ms - passed))
    }
  }
  return { io, renderer, pass, screen: (columns = 80) => screenOf(io.err(), columns) }
}

const walked: RunEvent[] = [
  { type: 'walk.finished', albums: 1, folders: 0, announcedImages: 4 },
  { type: 'album.started', albumKey: 'a', album: 'Travel/Rome' },
  {
    type: 'album.planned',
    albumKey: 'a',
    album: 'Travel/Rome',
    trusted: false,
    images: 4,
    toFetch: 4,
    bytes: 4_000_000,
  },
  { type: 'image.started', albumKey: 'a', imageKey: 'i', item: 'Travel/Rome/IMG_1.jpg', bytes: 1_000_000 },
]

test('the block shows how far the run is, how fast, and what is under way', async () => {
  const { renderer, pass, screen } = await started()
  for (const event of walked) renderer.on(event)
  pass(2_000)
  renderer.on({ type: 'bytes', bytes: 1_000_000 })
  renderer.on({ type: 'image.fetched', albumKey: 'a', imageKey: 'i', item: 'Travel/Rome/IMG_1.jpg', bytes: 1_000_000 })
  renderer.on({ type: 'image.started', albumKey: 'a', imageKey: 'j', item: 'Travel/Rome/IMG_2.jpg', bytes: 1_000_000 })
  pass(100)
  expect(screen(120)).toEqual([
    '25 % · 1 of 4 files home · 1.0 MB of 4.0 MB · 476 kB/s',
    '0 of 1 album: Travel/Rome',
    '  Travel/Rome/IMG_2.jpg (1.0 MB)',
    '',
  ])
})

test('what is news scrolls above the block', async () => {
  const { renderer, pass, screen } = await started()
  for (const event of walked) renderer.on(event)
  pass(100)
  renderer.on({ type: 'notice', text: 'One' })
  renderer.on({ type: 'image.failed', item: 'Travel/Rome/IMG_9.jpg', reason: 'The bytes differ' })
  pass(100)
  expect(screen().slice(0, 2)).toEqual(['One', 'Not safe: Travel/Rome/IMG_9.jpg: The bytes differ'])
  expect(screen()[2]).toMatch(/^0 % · 0 of 4 files/u)
  expect(screen()).toHaveLength(6)
})

test('a pause by the rate limit and a waiting retry say until when, and go when they are over', async () => {
  const { renderer, pass, screen } = await started()
  for (const event of walked) renderer.on(event)
  renderer.on({ type: 'rateLimited', until: noon + 60_000 })
  renderer.on({
    type: 'retry',
    item: 'Travel/Rome/IMG_1.jpg',
    reason: 'The connection was reset',
    attempt: 1,
    delayMs: 5_000,
  })
  pass(100)
  expect(screen()).toContain('SmugMug asks for a pause: going on by itself at 12:01:00; downloads go on')
  expect(screen()).toContain('Travel/Rome/IMG_1.jpg waits until 12:00:05: The connection was reset')
  pass(6_000)
  expect(screen().join('\n')).not.toContain('waits until')
  pass(60_000)
  expect(screen().join('\n')).not.toContain('downloads go on')
})

test('the end of the run takes the block away and leaves the summary, the sums last', async () => {
  const { io, renderer, pass, screen } = await started()
  for (const event of everyEvent.slice(0, -1)) renderer.on(event)
  pass(100)
  for (const event of everyEvent.slice(-1)) renderer.on(event)
  expect(screen().filter((line) => /files home/u.test(line))).toEqual([])
  expect(io.out()).toMatch(/\nmanifest: 1,300 listed = [^:]*\n$/u)
})

test('after end() nothing is drawn any more and no timer is left', async () => {
  const { io, renderer, pass, screen } = await started()
  for (const event of walked) renderer.on(event)
  pass(100)
  renderer.end()
  expect(screen()).toEqual([''])
  const before = io.err()
  for (const event of everyEvent) renderer.on(event)
  pass(10_000)
  expect(io.err()).toBe(before)
  expect(vi.getTimerCount()).toBe(0)
})

test('an unchanged block is not written again, a changed one at most ten times a second', async () => {
  const { io, renderer, pass } = await started()
  let writes = 0
  const write = io.stderr.writeRaw
  io.stderr.writeRaw = (chunk: string) => {
    writes++
    return write(chunk)
  }
  for (const event of walked) renderer.on(event)
  for (let i = 0; i < 1_000; i++) {
    renderer.on({ type: 'bytes', bytes: 1_000 })
    pass(1)
  }
  expect(writes).toBeLessThanOrEqual(10)
  pass(60_000)
  writes = 0
  pass(10_000)
  expect(writes).toBe(0)
})

test('a terminal that becomes narrower keeps a clean screen', async () => {
  const io = testIo({ tty: true, columns: 80, rows: 24, now: noon })
  const { renderer, pass } = await started(io)
  for (const event of walked) renderer.on(event)
  pass(100)
  const wide = io.err().length
  io.resize({ columns: 30 })
  renderer.on({ type: 'notice', text: 'narrower' })
  pass(100)
  // 49, 25 and 32 columns now stand on 2, 1 and 2 rows.
  expect(io.err().slice(wide)).toMatch(/^\x1b\[5A\r\x1b\[Jnarrower\n/u)
})

test('a name with control sequences and bidi marks can neither move the cursor nor break the block', async () => {
  const { renderer, pass, screen } = await started()
  const evil = 'a\x1b[2J\x1b[10A\u009b5A\r\n\u202egpj.exe'
  for (const event of walked) renderer.on(event)
  renderer.on({ type: 'album.started', albumKey: 'b', album: evil })
  renderer.on({ type: 'image.started', albumKey: 'b', imageKey: 'x', item: evil, bytes: undefined })
  renderer.on({ type: 'retry', item: evil, reason: evil, attempt: 1, delayMs: 5_000 })
  renderer.on({ type: 'image.failed', item: evil, reason: evil })
  renderer.on({ type: 'notice', text: evil })
  pass(100)
  // `screenOf` throws at any sequence that the live area does not use itself.
  expect(screen().at(-2)).toBe('  a�[2J�[10A�5A �gpj.exe')
  expect(screen()).toHaveLength(7)
})

test('eight files under way are shown at most, and the block never becomes smaller', async () => {
  const { renderer, pass, screen } = await started()
  for (const event of walked) renderer.on(event)
  const file = (n: number) => ({ albumKey: 'a', imageKey: `${n}`, item: `Travel/Rome/${n}.jpg`, bytes: 1_000 })
  for (let n = 0; n < 12; n++) renderer.on({ type: 'image.started', ...file(n) })
  pass(100)
  expect(screen().filter((line) => line.startsWith('  '))).toHaveLength(8)
  const { length } = screen()
  for (let n = 0; n < 12; n++) renderer.on({ type: 'image.fetched', ...file(n) })
  pass(100)
  expect(screen()).toHaveLength(length)
})

test('the block fits every terminal, whatever the names', () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 })
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 8 }),
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 30 }),
      (names, columns, rows) => {
        const { on, progress } = trackProgress(() => noon)
        for (const name of names) {
          on({ type: 'album.started', albumKey: name, album: name })
          on({ type: 'image.started', albumKey: 'a', imageKey: name, item: name, bytes: name.length * 1e6 })
          on({ type: 'retry', item: name, reason: name, attempt: 1, delayMs: 1_000 })
        }
        const lines = blockLines(progress(), columns, rows)
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns)
      },
    ),
    { numRuns: 40 },
  )
})
