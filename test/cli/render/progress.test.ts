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
  expect(amountText(progress())).toBe('1 file · 100 B · 10 images listed so far')
})

test('with albums still to be listed, the rest is extrapolated from what the account announces', () => {
  const { on, progress, plan, fetch, pass } = tracked()
  on({ type: 'walk.finished', albums: 4, folders: 0, announcedImages: 40 })
  plan('a', 10, 5, 1_000)
  fetch('i', 1_000)
  pass(1_000)
  expect(progress()).toMatchObject({
    estimated: true,
    fraction: 0.25,
    msLeft: 3_000,
    files: { done: 1, planned: 20 },
    bytes: { planned: 4_000 },
  })
})

test('once every album is planned the totals are exact', () => {
  const { on, progress, plan, fetch, pass } = tracked()
  on({ type: 'walk.finished', albums: 2, folders: 0, announcedImages: 4_000 })
  plan('a', 10, 5, 1_000)
  plan('b', 10, 0, 0)
  fetch('i', 500)
  pass(1_000)
  expect(progress()).toMatchObject({ estimated: false, fraction: 0.5, msLeft: 1_000, files: { done: 1, planned: 5 } })
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
