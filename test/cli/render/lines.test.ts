import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { rendererFor } from '../../../src/cli/render/renderer.ts'
import { testIo } from '../world.ts'
import { everyEvent, summary } from './events.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

async function started({ verbose = false } = {}) {
  const io = testIo()
  const log: string[] = []
  const renderer = (await rendererFor(io, 'auto', { verbose, log: (line) => log.push(line) }))()
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      io.advance(Math.min(100, ms - passed))
      vi.advanceTimersByTime(Math.min(100, ms - passed))
    }
  }
  return { io, renderer, log, pass, lines: () => io.err().split('\n').slice(0, -1) }
}

test('a run says what it starts, and then every 5 percent', async () => {
  const { renderer, pass, lines } = await started()
  renderer.on({
    type: 'run.started',
    account: { nickName: 'jdoe', name: 'Jane Doe' },
    output: '/photos',
    exporters: ['folder'],
    newHome: false,
    dryRun: false,
  })
  renderer.on({ type: 'walk.finished', albums: 1, folders: 0, announcedImages: 100 })
  renderer.on({
    type: 'album.planned',
    albumKey: 'a',
    album: 'a',
    trusted: false,
    images: 100,
    toFetch: 100,
    bytes: 100_000,
  })
  for (let n = 0; n < 100; n++) {
    renderer.on({ type: 'bytes', bytes: 1_000 })
    renderer.on({ type: 'image.fetched', albumKey: 'a', imageKey: `${n}`, item: `a/${n}`, bytes: 1_000 })
    pass(1_000)
  }
  expect(lines()[0]).toBe('Downloading the account of Jane Doe (jdoe) into /photos (folder)')
  expect(lines()[1]).toMatch(/^5 % · about 1 min 16 s left · 5 of 100 files home · 5\.0 kB of 100 kB · /u)
  expect(lines()).toHaveLength(1 + 20)
})

test('a run that only waits says every 30 seconds that it lives', async () => {
  const { renderer, pass, lines } = await started()
  renderer.on({ type: 'rateLimited', until: 600_000 })
  pass(300_000)
  expect(lines()[0]).toMatch(/asks for a pause \(its rate limit is reached\): going on by itself at \d\d:\d\d:\d\d$/u)
  expect(lines()).toHaveLength(1 + 10)
})

test('details come with -v, and go to the log in any case', async () => {
  const plain = await started()
  const verbose = await started({ verbose: true })
  for (const event of everyEvent) {
    plain.renderer.on(event)
    verbose.renderer.on(event)
  }
  expect(plain.io.err()).not.toContain('Listing page 2')
  expect(verbose.io.err()).toContain('Listing page 2 of Travel/Rome\n')
  expect(verbose.io.err()).toContain('SmugMug allows 12 more API requests before')
  expect(plain.log).toEqual(verbose.log)
  expect(plain.log).toContain('Listing page 2 of Travel/Rome')
  expect(plain.log.join('\n')).toContain('Run again later.')
})

test('the summary is the answer on stdout, all else is conversation', async () => {
  const { io, renderer } = await started()
  for (const event of everyEvent) renderer.on(event)
  expect(io.out()).toContain('1,300 listed')
  expect(io.err()).not.toContain('1,300 listed')
})

test('no timer is left after the end', async () => {
  const { io, renderer, pass } = await started()
  renderer.on({ type: 'rateLimited', until: 600_000 })
  renderer.end()
  const before = io.err()
  pass(300_000)
  expect(io.err()).toBe(before)
  expect(vi.getTimerCount()).toBe(0)
})

test('a notice is shown once: when it comes, or in the summary of a quiet run that failed', async () => {
  const { io, renderer, log } = await started()
  const quietIo = testIo()
  const quiet = (await rendererFor(quietIo, 'quiet', { verbose: false }))()
  for (const event of everyEvent) for (const each of [renderer, quiet]) each.on(event)
  for (const said of [io.err() + io.out(), log.join('\n'), quietIo.out()])
    expect(said.split('The folder tree and the flat list disagree about one album.')).toHaveLength(2)
})

test('quiet says nothing when all is safe, and every failed item when not', async () => {
  const safe = testIo()
  const silent = (await rendererFor(safe, 'quiet', { verbose: false }))()
  silent.on({
    type: 'run.finished',
    summary: { ...summary, failed: [], failedInAll: 0 },
  })
  expect(safe.out() + safe.err()).toBe('')
  const unsafe = testIo()
  const renderer = (await rendererFor(unsafe, 'quiet', { verbose: false }))()
  for (const event of everyEvent) renderer.on(event)
  expect(unsafe.out()).toContain('    Travel/Rome/clip.mp4\n')
  expect(unsafe.err()).toBe('')
})

test('with --progress lines a terminal gets lines, and with none only what is news', async () => {
  for (const mode of ['lines', 'none'] as const) {
    const io = testIo({ tty: true })
    const renderer = (await rendererFor(io, mode, { verbose: false }))()
    renderer.on({ type: 'notice', text: 'One' })
    for (let passed = 0; passed < 31_000; passed += 1_000) {
      io.advance(1_000)
      vi.advanceTimersByTime(1_000)
    }
    renderer.end()
    expect(io.err().split('\n')[0]).toBe('One')
    expect(io.err()).not.toContain('\x1b')
    expect(io.err().trimEnd().split('\n')).toHaveLength(mode === 'none' ? 1 : 2)
  }
})
