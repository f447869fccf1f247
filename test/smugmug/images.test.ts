import { describe, expect, test } from 'vitest'
import { type Simulator, type SimulatorOptions, simulate } from '../../src/simulator/simulate.ts'
import { type Album, World } from '../../src/simulator/world.ts'
import { ListingIncomplete } from '../../src/smugmug/api/complete-list.ts'
import { imagesOf } from '../../src/smugmug/api/image.ts'
import { sourceOf } from '../../src/smugmug/api/source.ts'
import { asAccount, collect, collectUntilError } from './host.ts'

async function albumOf(images: number, options?: SimulatorOptions): Promise<Simulator & { album: Album; uri: string }> {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (let i = 0; i < images; i++) world.addImage(album)
  return Object.assign(await simulate(world, options), { album, uri: `/api/v2/album/${album.key}!images` })
}

const keysOf = (album: Album) => album.images.map(({ key }) => key)

describe.each([0, 1, 99, 100, 101, 200, 201])('an album of %i images', (count) => {
  test('is listed in its order, each image once', async () => {
    await using simulator = await albumOf(count)
    await using smugmug = asAccount(simulator)
    const images = await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
    expect(images.map(({ key }) => key)).toEqual(keysOf(simulator.album))
    expect(simulator.requests).toHaveLength(Math.max(1, Math.ceil(count / 100)))
  })
})

test('a page smaller than asked for loses nothing', async () => {
  await using simulator = await albumOf(95, { clamps: { AlbumImages: 10 } })
  await using smugmug = asAccount(simulator)
  const images = await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  expect(images.map(({ key }) => key)).toEqual(keysOf(simulator.album))
})

test('pages that overlap because somebody uploads give each image once', async () => {
  await using simulator = await albumOf(250)
  await using smugmug = asAccount(simulator)
  simulator.quirks.add({ path: simulator.uri, do: { kind: 'overlap' } })
  const images = await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  expect(images.map(({ key }) => key)).toEqual(keysOf(simulator.album))
})

test('another order on each page is mended by listing again, or said to be incomplete', async () => {
  await using simulator = await albumOf(250)
  await using smugmug = asAccount(simulator)
  simulator.quirks.add({ path: simulator.uri, do: { kind: 'shuffled', every: 'page' }, times: 3 })
  const images = await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  expect(images.map(({ key }) => key).sort()).toEqual(keysOf(simulator.album).sort())
  expect(new Set(images.map(({ key }) => key)).size).toBe(250)
})

test('images that were missing once are found by the second listing, without repeating the others', async () => {
  await using simulator = await albumOf(120)
  await using smugmug = asAccount(simulator)
  const missing = keysOf(simulator.album).slice(3, 6)
  simulator.quirks.add({ path: simulator.uri, times: 1, do: { kind: 'missing', keys: missing } })
  const images = await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  expect(images).toHaveLength(120)
  expect(images.slice(-3).map(({ key }) => key)).toEqual(missing)
})

test('an album that stays short yields all that it lists, then throws with both counts', async () => {
  await using simulator = await albumOf(120)
  await using smugmug = asAccount(simulator)
  simulator.quirks.add({ path: simulator.uri, do: { kind: 'missing', keys: keysOf(simulator.album).slice(0, 2) } })
  const { found, error } = await collectUntilError(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  expect(found.map(({ key }) => key)).toEqual(keysOf(simulator.album).slice(2))
  expect(error).toBeInstanceOf(ListingIncomplete)
  expect(error).toMatchObject({ kind: 'item', received: 118, total: 120, item: simulator.uri })
})

test('an empty page in the middle is no end of the album', async () => {
  await using simulator = await albumOf(150)
  await using smugmug = asAccount(simulator)
  simulator.quirks.add({ path: simulator.uri, times: 1, do: { kind: 'emptyPage' } })
  expect(await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))).toHaveLength(150)
})

test('a Total that is too high on one page and not on the next costs another reading and is no shortfall', async () => {
  await using simulator = await albumOf(150)
  await using smugmug = asAccount(simulator)
  simulator.quirks.add({ path: simulator.uri, times: 1, do: { kind: 'total', add: 7 } })
  expect(await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))).toHaveLength(150)
  expect(simulator.requests).toHaveLength(4)
})

test('our parameters are added again for every page', async () => {
  await using simulator = await albumOf(201)
  await using smugmug = asAccount(simulator)
  await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  const controls = simulator.requests.map(({ path }) => {
    const query = new URLSearchParams(path.split('?')[1])
    return ['_verbosity', '_filter', '_filteruri', '_expand'].map((name) => query.get(name))
  })
  expect(controls[2]).toEqual(controls[0])
  expect(controls[0]).not.toContain(null)
})

test.each(['root', 'expansions'] as const)(
  'videos come with their list, whether a filter reaches only the %s or not',
  async (filterReach) => {
    await using simulator = await albumOf(2, { filterReach })
    await using smugmug = asAccount(simulator)
    const video = simulator.world.addVideo(simulator.album)
    const images = await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
    const listed = images.find(({ isVideo }) => isVideo)
    expect(listed).toMatchObject({ key: video.key, largestVideo: { ext: 'mp4', size: video.video?.size } })
    const source = listed && (await sourceOf(smugmug.api, listed))
    expect(source).toMatchObject({ kind: 'transcode', ext: 'mp4', md5: expect.stringMatching(/^[0-9a-f]{32}$/) })
    expect(simulator.requests).toHaveLength(1)
  },
)

test('an image carries the clock of the camera, not that of California', async () => {
  await using simulator = await albumOf(0)
  await using smugmug = asAccount(simulator)
  simulator.world.addImage(simulator.album, {
    capturedAt: '2024-04-30T07:12:09',
    gps: { latitude: 41.9, longitude: 12.5, altitude: 21 },
    keywords: ['maker faire', 'fire'],
    caption: 'Spanish Steps',
    fileName: '',
    hidden: true,
  })
  simulator.world.addImage(simulator.album, { capturedAt: '1950-12-24T18:00:00' })
  const [image, old] = await collect(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  expect(image).toMatchObject({
    fileName: '',
    capturedAt: '2024-04-30T07:12:09',
    capturedInstant: '2024-04-30T14:12:09+00:00',
    latitude: 41.9,
    longitude: 12.5,
    altitude: 21,
    keywords: ['maker faire', 'fire'],
    caption: 'Spanish Steps',
    hidden: true,
    serial: 0,
  })
  expect(old).toMatchObject({ capturedAt: '1950-12-24T18:00:00', latitude: undefined, altitude: undefined })
})

test('a record that cannot be read keeps no other from coming, and is told at the end', async () => {
  await using simulator = await albumOf(120)
  await using smugmug = asAccount(simulator)
  const nameless = simulator.album.images[7]
  if (nameless === undefined) throw new Error('no image')
  const keys = keysOf(simulator.album).filter((key) => key !== nameless.key)
  Object.assign(nameless, { key: '' })
  const { found, error } = await collectUntilError(imagesOf(smugmug.api, { imagesUri: simulator.uri }))
  expect(found.map(({ key }) => key)).toEqual(keys)
  expect(error).toMatchObject({
    kind: 'item',
    message: expect.stringContaining('1 of 120 entries'),
    received: 119,
    total: 120,
    unreadable: [{ kind: 'item', what: expect.stringContaining('ImageKey') }],
  })
})
