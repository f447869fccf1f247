import { expect, test } from 'vitest'
import { trackProgress } from '../../../src/cli/render/progress.ts'
import { amountText } from '../../../src/cli/render/progress-text.ts'

function tracked() {
  let at = 0
  const { on, progress } = trackProgress(() => at)
  const plan = (albumKey: string, images: number, toFetch: number, bytes: number) =>
    on({ type: 'album.planned', albumKey, album: albumKey, trusted: false, images, toFetch, bytes })
  const fetch = (imageKey: string, bytes: number) => {
    on({ type: 'image.started', albumKey: 'a', imageKey, item: imageKey, bytes })
    on({ type: 'bytes', bytes })
    on({ type: 'image.fetched', albumKey: 'a', imageKey, item: imageKey, bytes })
  }
  return { on, progress, plan, fetch, pass: (ms: number) => (at += ms) }
}

test('nothing is estimated before the walk has ended', () => {
  const { progress, plan, fetch, pass } = tracked()
  plan('a', 10, 10, 1_000)
  fetch('i', 100)
  pass(1_000)
  expect(progress()).toMatchObject({ fraction: undefined, msLeft: undefined, listed: 10 })
  expect(amountText(progress())).toBe('1 file home · 10 pictures and videos listed so far · 100 B · 100 B/s')
})

test('of albums still to be listed, what they announce is to be fetched, less what is at home', () => {
  const { on, progress, plan, fetch, pass } = tracked()
  on({ type: 'walk.finished', albums: 4, folders: 0, announcedImages: 40 })
  plan('a', 10, 5, 1_000)
  fetch('i', 1_000)
  pass(5_000)
  expect(progress()).toMatchObject({
    estimated: true,
    fraction: (5 + 35 * (1 / 7)) / 40,
    msLeft: 30_000,
    files: { home: 6, planned: 40 },
    bytes: { planned: 7_000 },
  })
  expect(amountText(progress())).toBe(
    '25 % · about 30 s left · 6 of about 40 files home · 1.0 kB of about 7.0 kB · 200 B/s',
  )
})

test('a run that goes on counts what is home from the first moment, and its percent never falls', () => {
  const { on, progress, plan, fetch, pass } = tracked()
  on({ type: 'walk.finished', albums: 3, folders: 0, announcedImages: 1_200 })
  on({ type: 'albums.chosen', albums: 3, images: 1_200, atHome: { files: 357, bytes: 357_000 } })
  expect(progress()).toMatchObject({ files: { home: 357, planned: 1_200 }, msLeft: undefined })
  const percents = [progress().fraction ?? 0]
  const albums = [
    [400, 43],
    [300, 300],
    [500, 500],
  ] as const
  for (const [at, [images, toFetch]] of albums.entries()) {
    plan(`album ${at}`, images, toFetch, toFetch * 1_000)
    for (let n = 0; n < toFetch; n++) {
      fetch(`${at} ${n}`, 1_000)
      pass(100)
      percents.push(progress().fraction ?? 0)
    }
  }
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  expect(percents[0]).toBeCloseTo(357 / 1_200)
  expect(progress()).toMatchObject({ fraction: 1, files: { home: 1_200, planned: 1_200 }, msLeft: undefined })
})

test('no time left is told in the first seconds, nor while SmugMug asks for a pause', () => {
  const { on, progress, plan, fetch, pass } = tracked()
  on({ type: 'walk.finished', albums: 1, folders: 0, announcedImages: 100 })
  plan('a', 100, 100, 100_000)
  fetch('i', 1_000)
  pass(2_900)
  expect(progress().msLeft).toBeUndefined()
  pass(2_100)
  expect(progress().msLeft).toBe(99 * 5_000)
  on({ type: 'rateLimited', until: 10_000 })
  expect(progress().msLeft).toBeUndefined()
  pass(5_000)
  expect(progress().msLeft).toBe(99 * 10_000)
})

test('when little is left, no seconds are counted that are over when they are read', () => {
  const { on, progress, plan, fetch, pass } = tracked()
  on({ type: 'walk.finished', albums: 1, folders: 0, announcedImages: 2 })
  plan('a', 2, 2, 2_000)
  fetch('i', 1_000)
  pass(4_000)
  expect(amountText(progress())).toBe('50 % · nearly done · 1 of 2 files home · 1.0 kB of 2.0 kB · 250 B/s')
})

test('once every album is planned the totals are exact', () => {
  const { on, progress, plan, fetch, pass } = tracked()
  on({ type: 'walk.finished', albums: 2, folders: 0, announcedImages: 4_000 })
  plan('a', 10, 5, 1_000)
  plan('b', 10, 0, 0)
  fetch('i', 500)
  pass(5_000)
  expect(progress()).toMatchObject({
    estimated: false,
    fraction: (15 + 2.5) / 20,
    msLeft: 5_000,
    files: { home: 16, planned: 20 },
  })
})

test('bytes that a retry fetches twice never make more than the files under way can hold', () => {
  const { on, progress, plan } = tracked()
  on({ type: 'walk.finished', albums: 1, folders: 0, announcedImages: undefined })
  plan('a', 1, 1, 100)
  on({ type: 'image.started', albumKey: 'a', imageKey: 'i', item: 'i', bytes: 100 })
  on({ type: 'bytes', bytes: 90 })
  on({ type: 'bytes', bytes: 90 })
  expect(progress().bytes).toMatchObject({ done: 100, planned: 100 })
})

test('a run with nothing to fetch counts albums', () => {
  const { on, progress, plan } = tracked()
  on({ type: 'walk.finished', albums: 2, folders: 0, announcedImages: 20 })
  plan('a', 10, 0, 0)
  plan('b', 10, 0, 0)
  on({ type: 'album.finished', albumKey: 'a', album: 'a' })
  expect(progress()).toMatchObject({ fraction: 0.5, msLeft: undefined })
})

test('the allowance of requests is told only when it is nearly used up and still counts', () => {
  const { on, progress, pass } = tracked()
  on({ type: 'rateLimit', remaining: 4_000, resetAt: 10_000 })
  expect(progress().allowance).toBeUndefined()
  on({ type: 'rateLimit', remaining: 20, resetAt: 10_000 })
  expect(progress().allowance).toMatchObject({ remaining: 20 })
  pass(10_000)
  expect(progress().allowance).toBeUndefined()
})

test('an image that two exporters could not take is one that is not safe', () => {
  const { on, progress } = tracked()
  on({ type: 'image.failed', item: 'a/b.jpg', exporter: 'folder', reason: 'full' })
  on({ type: 'image.failed', item: 'a/b.jpg', exporter: 'zip', reason: 'full' })
  expect(progress().files.failed).toBe(1)
})
