import { describe, it } from 'vitest'
import type { Fault, JsonAnswer } from '../../src/simulator/faults.ts'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, type Scenario, scenario } from './scenario.ts'

const ofTheApi: Record<string, Fault> = {
  '500': { kind: 'status', status: 500 },
  '503': { kind: 'status', status: 503 },
  '503 with an HTML page': { kind: 'status', status: 503, body: '<html>Maintenance</html>' },
  'a reset connection': { kind: 'reset' },
  'a connection reset within the answer': { kind: 'reset', afterBytes: 100 },
  'an answer that ends early': { kind: 'truncated' },
  'an HTML page': { kind: 'html' },
  'no JSON': { kind: 'badJson' },
  'half a JSON document': { kind: 'cutJson' },
  'an empty answer': { kind: 'empty' },
  nonce_used: { kind: 'status', status: 401, body: '{"Code":401,"Message":"oauth_problem=nonce_used"}' },
  timestamp_refused: { kind: 'status', status: 401, body: '{"Code":401,"Message":"oauth_problem=timestamp_refused"}' },
}

const oncePerPicture: Record<string, Fault> = {
  '500': { kind: 'status', status: 500 },
  '503': { kind: 'status', status: 503 },
  'a reset connection': { kind: 'reset' },
  'a connection reset within the picture': { kind: 'reset', afterBytes: 5000 },
  'a connection that ends within the picture': { kind: 'truncated', afterBytes: 5000 },
  'a byte too few': { kind: 'short' },
  'a byte too many': { kind: 'longer' },
  'a wrong bit': { kind: 'flipped' },
  'no bytes': { kind: 'empty' },
  'an HTML page': { kind: 'html' },
  'a JSON document': { kind: 'lie', lie: 'noResponse' },
}

const forGood: Record<string, Fault> = {
  'an HTML page': { kind: 'html' },
  'a JSON document': { kind: 'lie', lie: 'noResponse' },
  'a wrong bit': { kind: 'flipped' },
  'a byte too few': { kind: 'short' },
  'a byte too many': { kind: 'longer' },
  'no bytes': { kind: 'empty' },
  '401': { kind: 'status', status: 401 },
  '403': { kind: 'status', status: 403 },
  '404': { kind: 'status', status: 404 },
  '410': { kind: 'status', status: 410 },
  'a redirect to nothing': { kind: 'redirect', to: '/photos/elsewhere' },
}

/** `Album` with an image that is named after each fault and afflicted by it, and `fine.jpg`. Returns what heals them all. */
async function afflicted(faults: Record<string, Fault>, times?: number): Promise<Scenario & { heal(): void }> {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  const images = Object.keys(faults).map((name) => world.addImage(album, { fileName: `${name}.jpg`, size: 20_000 }))
  world.addImage(album, { fileName: 'fine.jpg' })
  const scene = await scenario(world)
  for (const [index, fault] of Object.values(faults).entries())
    scene.smugmug.faults.add({ path: images[index]?.key ?? '', kind: 'media', do: fault, ...(times && { times }) })
  return { ...scene, heal: () => scene.smugmug.faults.clear() }
}

describe.concurrent('an API request is made again', () => {
  it('whatever was wrong with the answer', async ({ expect }) => {
    const world = new World()
    await using scene = await scenario(world)
    for (const [name, fault] of Object.entries(ofTheApi)) {
      const album = world.addAlbum({ name })
      world.addImage(album, { fileName: 'a.jpg' })
      scene.smugmug.faults.add({ path: `${album.key}!images`, kind: 'api', times: 1, do: fault })
    }
    const run = await scene.download()
    const albums = Object.keys(ofTheApi).length
    const { retries } = await expectAllHome(scene, run, { new: albums })
    expect(retries).toBe(albums)
    expect(run.requests.api).toBe(3 + 2 * albums)
  })

  it('whatever it asks for', async ({ expect }) => {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    world.addImage(album, { rights: 'largest' })
    await using scene = await scenario(world)
    const paths = ['!authuser', '!albums', '!children', '!images', '!largestimage']
    for (const path of paths) scene.smugmug.faults.add({ path, kind: 'api', times: 1, do: { kind: 'html' } })
    const { retries } = await expectAllHome(scene, await scene.download(), { new: 1 })
    expect(retries).toBe(paths.length)
  })
})

describe.concurrent('a picture', () => {
  it('is fetched again, whatever was wrong with it once', async ({ expect }) => {
    await using scene = await afflicted(oncePerPicture, 1)
    const run = await scene.download()
    const pictures = Object.keys(oncePerPicture).length
    await expectAllHome(scene, run, { new: pictures + 1 })
    expect(run.requests.media).toBe(2 * pictures + 1)
  })

  it('that stays wrong is one named failure and nothing at home, and the next run heals it', async ({ expect }) => {
    await using scene = await afflicted(forGood)
    const names = Object.keys(forGood).map((name) => `Album/${name}.jpg`)
    const { failed } = await expectHome(scene, await scene.download(), { new: 1, failed: names.length })
    expect(failed.map(({ item }) => item).sort()).toEqual(names.sort())
    for (const failure of failed)
      expect(failure).toMatchObject({ reason: expect.any(String), next: expect.any(String) })
    expect([...(await scene.home()).keys()]).toEqual(['Album/fine.jpg'])
    scene.heal()
    const next = await scene.download()
    await expectAllHome(scene, next, { new: names.length, unchanged: 1 })
    expect(next.requests.media).toBe(names.length)
  })

  it('is told from a page even where SmugMug told neither size nor MD5', async ({ expect }) => {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    for (const name of ['page', 'json', 'nothing', 'fine'])
      world.addImage(album, { fileName: `${name}.jpg`, md5: 'absent', sizeGiven: false })
    await using scene = await scenario(world)
    const instead: Fault[] = [{ kind: 'html' }, { kind: 'lie', lie: 'noResponse' }, { kind: 'empty' }]
    for (const [index, fault] of instead.entries())
      scene.smugmug.faults.add({ path: album.images[index]?.key ?? '', kind: 'media', do: fault })
    await expectHome(scene, await scene.download(), { new: 1, failed: 3 })
    expect([...(await scene.home()).keys()]).toEqual(['Album/fine.jpg'])
  })
})

describe.concurrent('a record', () => {
  const fiveImages = () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    for (const name of ['a', 'b', 'c', 'd', 'e']) world.addImage(album, { fileName: `${name}.jpg` })
    return world
  }
  const edited = (edit: (images: Record<string, unknown>[]) => void): Fault => ({
    kind: 'edited',
    edit(answer: JsonAnswer) {
      edit(answer.Response.AlbumImage as Record<string, unknown>[])
      return answer
    },
  })

  it('that must be given up is named and counted by itself, and the others come home', async ({ expect }) => {
    await using scene = await scenario(fiveImages())
    const edit = ([, b, , d]: Record<string, unknown>[]) => {
      delete b?.ImageKey
      Object.assign(d ?? {}, { ImageKey: 7, FileName: '' })
    }
    scene.smugmug.faults.add({ path: '!images', kind: 'api', do: edited(edit) })
    const { code, summary } = await scene.download()
    expect([code, summary?.exporters.folder]).toMatchObject([1, { listed: 5, new: 3, failed: 2 }])
    expect(summary?.failed.map(({ item }) => item)).toEqual(['Album/b.jpg', 'Album/entry 4'])
    scene.smugmug.faults.clear()
    await expectAllHome(scene, await scene.download(), { new: 2, unchanged: 3 })
  })

  it('whose fields are odd, or nest deeper than any stack, comes home all the same', async ({ expect }) => {
    await using scene = await scenario(fiveImages())
    const deep = JSON.parse(`${'['.repeat(3000)}1${']'.repeat(3000)}`)
    const edit = ([a, b, c, d]: Record<string, unknown>[]) => {
      Object.assign(a ?? {}, { Altitude: 'NaN', KeywordArray: [null], Title: false, Caption: ['x'] })
      Object.assign(b ?? {}, { DateTimeOriginal: '0000-00-00', Format: null, Hidden: 'perhaps', Latitude: {} })
      Object.assign(c ?? {}, { Foo: deep, Uris: deep, OriginalSize: 'much' })
      Object.assign(d ?? {}, { FileName: `d${'.'.repeat(200_000)}x.jpg` })
    }
    scene.smugmug.faults.add({ path: '!images', kind: 'api', do: edited(edit) })
    const { code, summary } = await scene.download()
    expect([code, summary?.exporters.folder]).toMatchObject([0, { listed: 5, new: 5, failed: 0 }])
  })
})

describe.concurrent('an album that SmugMug does not list', () => {
  it('is its own failure, the rest comes home, and the next run heals it', async ({ expect }) => {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    for (const in_ of [album, album, world.addAlbum({ name: 'Other' })]) world.addImage(in_)
    await using scene = await scenario(world)
    scene.smugmug.faults.add({ path: `${album.key}!images`, kind: 'api', do: { kind: 'status', status: 403 } })
    const { failed } = await expectHome(scene, await scene.download(), { new: 1, failed: 1 })
    expect(failed).toMatchObject([{ item: 'Album', albumKey: album.key }])
    scene.smugmug.faults.clear()
    await expectAllHome(scene, await scene.download(), { new: 2, unchanged: 1 })
  })
})
