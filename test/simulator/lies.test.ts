import { expect, test } from 'vitest'
import { LIES } from '../../src/simulator/lies.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { ask, askJson, at, itemsAt, textAt } from './ask.ts'

const IMAGES = '/api/v2/album/AbC123!images'

function worldOfFive() {
  const world = new World()
  const album = world.addAlbum({ name: 'Album', key: 'AbC123' })
  const images = Array.from({ length: 5 }, () => world.addImage(album))
  return { world, album, images }
}

test.each(LIES)('the lie %s is a 200 of JSON that holds no list, in place of an album’s images', async (lie) => {
  await using simulator = await simulate(worldOfFive().world)
  simulator.faults.add({ path: '!images', times: 1, do: { kind: 'lie', lie } })
  const response = await ask(simulator, IMAGES)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
  expect(response.headers.get('x-ratelimit-remaining')).not.toBeNull()
  const body = await response.json()
  const told = {
    noResponse: { Code: 200, Message: 'Ok' },
    statFail: { stat: 'fail' },
    responseArray: { Response: [] },
    responseNull: { Response: null },
    noPages: { Response: { Locator: 'AlbumImage', LocatorType: 'Objects' }, Code: 200 },
    noTotal: { Response: { Pages: {} }, Code: 200 },
    totalZero: { Response: { Locator: 'AlbumImage', Pages: { Total: 0, Count: 0 } }, Code: 200 },
    noPayload: { Response: { Locator: 'AlbumImage', Pages: { Total: 5, Count: 5 } }, Code: 200 },
  }[lie]
  expect(body).toMatchObject(told)
  expect(itemsAt(body, 'Response', 'AlbumImage')).toHaveLength(lie === 'noTotal' ? 5 : 0)
  if (lie === 'noPages') expect(at(body, 'Response')).not.toHaveProperty('Pages')
  expect(itemsAt(await askJson(simulator, IMAGES), 'Response', 'AlbumImage')).toHaveLength(5)
})

test('an object can be named and not be there', async () => {
  const { world, images } = worldOfFive()
  await using simulator = await simulate(world)
  simulator.faults.add({ path: '!download', do: { kind: 'lie', lie: 'noPayload' } })
  const body = await askJson(simulator, `/api/v2/image/${images[0]?.key}-0!download`)
  expect(body).toMatchObject({ Response: { Locator: 'ImageDownload', LocatorType: 'Object' }, Code: 200 })
  expect(at(body, 'Response')).not.toHaveProperty('ImageDownload')
})

test('a JSON document comes in place of a picture', async () => {
  const { world, images } = worldOfFive()
  await using simulator = await simulate(world)
  simulator.faults.add({ path: '/photos/', do: { kind: 'lie', lie: 'noResponse' } })
  const url = textAt(await askJson(simulator, `/api/v2/image/${images[0]?.key}-0`), 'Response', 'Image', 'ArchivedUri')
  expect(await (await ask(simulator, url)).json()).toEqual({ Code: 200, Message: 'Ok' })
})

test('an OAuth problem can be told of one address', async () => {
  await using simulator = await simulate(worldOfFive().world)
  simulator.faults.add({ path: '!images', do: { kind: 'oauthProblem', problem: 'timestamp_refused' } })
  expect(await askJson(simulator, IMAGES)).toEqual({ Code: 401, Message: 'oauth_problem=timestamp_refused' })
  expect((await ask(simulator, '/api/v2!authuser')).status).toBe(200)
})

test('a page that is too slow is refused for its nonce, a smaller one is not', async () => {
  await using simulator = await simulate(worldOfFive().world)
  simulator.faults.add({ path: '!images', do: { kind: 'slowPage', most: 2 } })
  expect(await askJson(simulator, `${IMAGES}?count=3`)).toEqual({ Code: 401, Message: 'oauth_problem=nonce_used' })
  expect(itemsAt(await askJson(simulator, `${IMAGES}?count=2`), 'Response', 'AlbumImage')).toHaveLength(2)
})

test('an open video can have no largest one, in lists and by itself, while its sizes are told', async () => {
  const { world, album } = worldOfFive()
  world.addVideo(album, { key: 'clip222', video: { largest: false } })
  await using simulator = await simulate(world)
  expect((await ask(simulator, '/api/v2/image/clip222-0!largestvideo')).status).toBe(404)
  const list = await askJson(simulator, `${IMAGES}?_expand=LargestVideo`)
  expect(Object.values(at(list, 'Expansions') as object).filter((expansion) => at(expansion, 'LargestVideo'))).toEqual(
    [],
  )
  const details = at(await askJson(simulator, '/api/v2/image/clip222-0!sizedetails'), 'Response', 'ImageSizeDetails')
  const response = await ask(simulator, textAt(details, 'VideoSize1920', 'Url'))
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'video/mp4'])
  expect([...simulator.listing()].at(-1)).toMatchObject({ available: 'transcode' })
})

test('a listing can lag behind a deletion: the image is listed, and not found anywhere', async () => {
  const { world, album, images } = worldOfFive()
  const [gone] = images
  await using simulator = await simulate(world)
  if (!gone) throw new Error('no image')
  const url = textAt(await askJson(simulator, `/api/v2/image/${gone.key}-0`), 'Response', 'Image', 'ArchivedUri')
  world.removeImage(gone, undefined, { lags: true })
  const keys = async () =>
    itemsAt(await askJson(simulator, IMAGES), 'Response', 'AlbumImage').map((image) => at(image, 'ImageKey'))
  expect(await keys()).toContain(gone.key)
  expect(at(await askJson(simulator, '/api/v2/album/AbC123'), 'Response', 'Album', 'ImageCount')).toBe(4)
  for (const address of [`/api/v2/image/${gone.key}-0`, `/api/v2/album/AbC123/image/${gone.key}-0`, url])
    expect((await ask(simulator, address)).status).toBe(404)
  expect([...simulator.listing()].map(({ imageKey }) => imageKey)).not.toContain(gone.key)
  album.ghosts = []
  expect(await keys()).not.toContain(gone.key)
})
