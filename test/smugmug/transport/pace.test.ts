import { describe, expect, test } from 'vitest'
import { simulate } from '../../../src/simulator/simulate.ts'
import { World } from '../../../src/simulator/world.ts'
import { imagesOf } from '../../../src/smugmug/api/image.ts'
import { type Ended, firstPace, imagesAPage, type Pace, paceAfter } from '../../../src/smugmug/transport/pace.ts'
import { asAccount, collect } from '../host.ts'

const failed: Ended = { kind: 'failed' }
/** A page of 100 images at so many milliseconds each. */
const page = (msEach: number): Ended => ({ kind: 'answered', ms: 100 * msEach, images: 100 })
const times = (count: number, ended: Ended): Ended[] => Array.from({ length: count }, () => ended)
const paceOf = (endings: readonly Ended[], from = firstPace): Pace => endings.reduce(paceAfter, from)

describe('how many requests there are at once', () => {
  test.each<[string, Ended[], number]>([
    ['at first', [], 4],
    ['after four good answers', times(4, page(30)), 5],
    ['after three', times(3, page(30)), 4],
    ['after those that were under way, and five more', times(4 + 3 + 5, page(30)), 6],
    ['after many', times(200, page(30)), 8],
    ['after many to other questions', times(200, { kind: 'answered', ms: 80 }), 8],
    ['after many large answers', times(200, { kind: 'answered', ms: 80, isLarge: true }), 4],
    ['after a failure', [failed], 2],
    ['after all four failed together', times(4, failed), 2],
    ['after one more', times(5, failed), 1],
    ['after failures without end', times(100, failed), 1],
    ['after failures, and good answers since', [...times(100, failed), ...times(60, page(30))], 8],
    ['when each image takes twice as long', [...times(4, page(30)), ...times(8, page(60))], 4],
    ['when a page takes longer than ten seconds', times(1, page(101)), 3],
    ['when a few images take long', times(4, { kind: 'answered', ms: 900, images: 3 }), 5],
  ])('%s: %#', (_, endings, expected) => {
    expect(paceOf(endings).atOnce).toBe(expected)
  })

  /** Where more than that many at once only wait for one another. */
  test.each([4, 5, 6, 7, 8])('stays near the %i that SmugMug answers without slowing down', (capacity) => {
    let pace = firstPace
    let sum = 0
    for (let answers = 0; answers < 500; answers++) {
      pace = paceAfter(pace, page(30 * Math.max(1, pace.atOnce / capacity)))
      if (answers >= 100) sum += pace.atOnce
    }
    expect(sum / 400).toBeGreaterThan(0.9 * capacity)
    expect(sum / 400).toBeLessThan(1.6 * capacity)
  })
})

describe('how many images a page is asked for', () => {
  test.each([
    [undefined, 100],
    [30, 100],
    [99, 100],
    [100, 50],
    [199, 50],
    [200, 25],
    [5000, 25],
  ])('at %s ms an image: %i', (msAnImage, expected) => {
    expect(imagesAPage({ msAnImage })).toBe(expected)
  })

  test('follows what the last pages took', () => {
    expect(imagesAPage(paceOf(times(5, page(150))))).toBe(50)
    expect(imagesAPage(paceOf([...times(5, page(150)), ...times(10, page(30))]))).toBe(100)
  })

  test('is the same within a list, and fewer when SmugMug is slow', async () => {
    const world = new World()
    const [small, large] = [10, 120].map((count) => {
      const album = world.addAlbum({ name: `${count}` })
      for (let i = 0; i < count; i++) world.addImage(album, { size: 100 })
      return `/api/v2/album/${album.key}!images`
    })
    await using simulator = await simulate(world)
    await using smugmug = asAccount(simulator)
    // A tenth of a second for each.
    simulator.faults.add({ path: '!images', times: 1, do: { kind: 'delay', ms: 1001 } })
    for (const imagesUri of [small ?? '', large ?? '']) await collect(imagesOf(smugmug.api, { imagesUri }))
    const counts = simulator.requests.map(({ path }) => new URLSearchParams(path.split('?')[1]).get('count'))
    // On a busy machine it may take twice as long.
    const [first, second, ...others] = counts
    expect([first, ['50', '25'].includes(second ?? ''), new Set(others)]).toEqual(['100', true, new Set([second])])
  })
})

test('the API is asked for more at once as long as it answers, and for eight at most', async () => {
  const world = new World()
  const { key } = world.addAlbum({ name: 'Album' })
  await using simulator = await simulate(world)
  await using smugmug = asAccount(simulator)
  const hold = Promise.withResolvers<void>()
  const path = `/api/v2/album/${key}`
  await Promise.all(Array.from({ length: 100 }, () => smugmug.api.get(path)))
  simulator.faults.add({ path, do: { kind: 'held', until: hold.promise } })
  const before = simulator.counts.api
  const asked = Array.from({ length: 20 }, () => smugmug.api.get(path))
  while (simulator.counts.api < before + 8) await new Promise((resolve) => setImmediate(resolve))
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(simulator.counts.api).toBe(before + 8)
  hold.resolve()
  await Promise.all(asked)
})
