import { createHash } from 'node:crypto'
import { Agent, request } from 'undici'
import { expect, test } from 'vitest'
import { demoWorld } from '../../src/simulator/demo.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { testCertificate as certificate } from '../smugmug/certificate.ts'
import { ask, askJson, at, authorize, itemsAt, textAt } from './ask.ts'

test('a client that follows the links gets every image that listing() tells of, byte for byte', async () => {
  await using simulator = await simulate(demoWorld())
  const found = new Map<string, string>()
  for await (const album of pages('/api/v2/user/marisol!albums?_verbosity=1')) {
    for await (const image of pages(`${textAt(album, 'Uris', 'AlbumImages')}?_verbosity=1&_expand=LargestVideo`)) {
      const link = at(image, 'Uris', 'LargestVideo')
      const video =
        link === undefined ? undefined : at(await askJson(simulator, String(link)), 'Response', 'LargestVideo')
      const url = at(video, 'Url') ?? at(image, 'ArchivedUri')
      if (typeof url !== 'string') continue
      const bytes = Buffer.from(await (await ask(simulator, url)).arrayBuffer())
      found.set(
        `${textAt(album, 'AlbumKey')} ${textAt(image, 'ImageKey')}`,
        createHash('md5').update(bytes).digest('hex'),
      )
    }
  }
  const expected = [...simulator.listing()].filter(({ available }) => available !== 'none')
  expect(found).toEqual(new Map(expected.map((image) => [`${image.albumKey} ${image.imageKey}`, image.md5])))
  expect(found.size).toBeGreaterThan(290)

  async function* pages(first: string): AsyncGenerator<unknown> {
    for (let next: string | undefined = first; next !== undefined; ) {
      const page: unknown = await askJson(simulator, next)
      yield* itemsAt(page, 'Response', textAt(page, 'Response', 'Locator'))
      const link = at(page, 'Response', 'Pages', 'NextPage')
      next = link === undefined ? undefined : `${link}&_verbosity=1`
    }
  }
})

test('close() ends requests that are still under way', async () => {
  const simulator = await simulate(demoWorld())
  simulator.faults.add({ path: '!authuser', do: { kind: 'delay', ms: 3_600_000 } })
  const pending = ask(simulator, '/api/v2!authuser')
  const refused = expect(pending).rejects.toThrow()
  while (simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await simulator.close()
  await refused
})

test('requests remembers the newest, counts remembers all', async () => {
  await using simulator = await simulate(demoWorld(), { keepRequests: 2 })
  for (const path of ['/api/v2!authuser', '/api/v2/user/marisol', '/api/v2/user/nobody'])
    await (await ask(simulator, path)).text()
  expect(simulator.counts).toEqual({ api: 3, media: 0, oauth: 0 })
  expect(simulator.requests.map(({ path, status, signed }) => ({ path, status, signed }))).toEqual([
    { path: '/api/v2/user/marisol', status: 200, signed: true },
    { path: '/api/v2/user/nobody', status: 404, signed: true },
  ])
})

test('everything is served over https with a certificate', async () => {
  await using simulator = await simulate(demoWorld(), { tls: certificate })
  expect(simulator.origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const dispatcher = new Agent({ connect: { ca: certificate.cert } })
  const url = `${simulator.origin}/api/v2!authuser`
  const headers = { Accept: 'application/json', Authorization: authorize(simulator, url) }
  expect((await request(url, { dispatcher, headers })).statusCode).toBe(200)
  await expect(request(url, { headers })).rejects.toThrow(/certificate/)
  await dispatcher.close()
})

test('a list of images takes its time for each of them, and what lists none does not', async () => {
  const world = new World()
  const full = world.addAlbum({ name: 'Full' })
  world.addImage(full, {})
  const empty = world.addAlbum({ name: 'Empty' })
  await using simulator = await simulate(world, { listCostMs: 3_600_000 })
  const list = (key: string) => askJson(simulator, `/api/v2/album/${key}!images`).then(() => key)
  const slow = list(full.key)
  slow.catch(() => {}) // ends with the simulator
  expect(await Promise.race([slow, list(empty.key)])).toBe(empty.key)
})

test('behind something else it gives the addresses, and takes the signatures, of that', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  world.addImage(album, {})
  await using simulator = await simulate(world, { origin: 'https://front.example' })
  expect(simulator.environment.SMUGDL_API_ORIGIN).toBe('https://front.example')
  const path = `/api/v2/album/${album.key}!images`
  const headers = { Authorization: authorize(simulator, simulator.origin + path) }
  const list = await askJson({ ...simulator, origin: simulator.listensAt }, path, { headers })
  expect(textAt(itemsAt(list, 'Response', 'AlbumImage')[0], 'ArchivedUri')).toMatch(
    /^https:\/\/front\.example\/photos\//,
  )
})
