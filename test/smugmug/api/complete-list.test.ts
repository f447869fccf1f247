import { describe, expect, test } from 'vitest'
import { type Simulator, simulate } from '../../../src/simulator/simulate.ts'
import { World } from '../../../src/simulator/world.ts'
import { imagesOf } from '../../../src/smugmug/api/image.ts'
import { type Lie, lies } from '../../faults/lies.ts'
import {
  asAccount,
  type Connected,
  collect,
  collectUntilError,
  connected,
  envelope,
  failure,
  host,
  json,
  quick,
} from '../host.ts'

const first = '/api/v2/album/AbC123!images'
const image = (key: string) => ({ ImageKey: key, FileName: `${key}.jpg` })
const list = (api: Connected['api']) => collectUntilError(imagesOf(api, { imagesUri: first }))

/** An album of so many images and their list; `lie` tells what is answered to a request for it. */
async function albumOf(images: number): Promise<Simulator & { list: string; lie(lie: Lie, times?: number): void }> {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (let i = 0; i < images; i++) world.addImage(album)
  const simulator = await simulate(world)
  const list = `/api/v2/album/${album.key}!images`
  const lie = (name: Lie, times = Number.POSITIVE_INFINITY) =>
    void simulator.faults.add({ path: list, times, do: lies[name] })
  return Object.assign(simulator, { list, lie })
}

describe.each([
  'no Response',
  'stat: fail',
  'Response: []',
  'Response: null',
  'no Pages',
  'no Total',
  'a Locator alone',
] as const)('an answer with %s instead of a list', (name) => {
  test('is asked for again', async () => {
    await using simulator = await albumOf(3)
    await using smugmug = asAccount(simulator)
    simulator.lie(name, quick.attempts - 1)
    expect(await collect(imagesOf(smugmug.api, { imagesUri: simulator.list }))).toHaveLength(3)
    expect(simulator.counts.api).toBe(quick.attempts)
  })

  test('for ever is an error, and no empty album', async () => {
    await using simulator = await albumOf(3)
    await using smugmug = asAccount(simulator)
    simulator.lie(name)
    expect(await failure(collect(imagesOf(smugmug.api, { imagesUri: simulator.list })))).toMatchObject({
      kind: 'item',
      what: "SmugMug's answer holds no list",
      item: simulator.list,
    })
  })
})

test.each(['nonce_used', 'no Response', '500'] as const)(
  'a page of %s for as long as it is long is asked for by halves',
  async (name) => {
    await using simulator = await albumOf(250)
    await using smugmug = asAccount(simulator)
    simulator.faults.add({ path: /(?=.*[?&]start=101(&|$))(?=.*[?&]count=100(&|$))/, do: lies[name] })
    expect(await collect(imagesOf(smugmug.api, { imagesUri: simulator.list }))).toHaveLength(250)
    const counts = simulator.requests.map(({ path }) => /[?&]count=(\d+)/.exec(path)?.[1])
    expect(counts.filter((count) => count === '50')).toHaveLength(3)
  },
)

test('a page of more than an answer may hold is asked for by halves, as often as it takes', async () => {
  await using simulator = await albumOf(60)
  await using smugmug = asAccount(simulator)
  const longer = (answer: string) => answer.replaceAll('"ImageKey":', `"Junk":"${'x'.repeat(200_000)}",$&`)
  simulator.faults.add({ path: simulator.list, do: { kind: 'rewritten', rewrite: longer } })
  expect(await collect(imagesOf(smugmug.api, { imagesUri: simulator.list }))).toHaveLength(60)
  const counts = simulator.requests.map(({ path }) => /[?&]count=(\d+)/.exec(path)?.[1])
  expect(counts.slice(0, 4)).toEqual(['100', '50', '25', '25'])
})

describe.each(['nonce_used', 'timestamp_refused', 'token_revoked', '402'] as const)('%s for ever', (name) => {
  test('at one address is that address’s failure', async () => {
    await using simulator = await albumOf(3)
    await using smugmug = asAccount(simulator)
    simulator.lie(name)
    expect(await failure(collect(imagesOf(smugmug.api, { imagesUri: simulator.list })))).toMatchObject({ kind: 'item' })
  })

  test('at every address is the login’s', async () => {
    await using simulator = await albumOf(3)
    await using smugmug = asAccount(simulator)
    simulator.faults.add({ path: '', do: lies[name] })
    expect(await failure(collect(imagesOf(smugmug.api, { imagesUri: simulator.list })))).toMatchObject({ kind: 'auth' })
  })
})

describe('a list without an end', () => {
  test('that repeats its images is left after a second reading, with all of them', async () => {
    await using server = await host((_, response, { searchParams }) => {
      const NextPage = `${first}?start=${Number(searchParams.get('start') ?? 1) + 2}&count=2`
      json(response, envelope('AlbumImage', ['a', 'b'].map(image), { Total: 2, NextPage }))
    })
    await using smugmug = connected(server.origin)
    const { found, error } = await list(smugmug.api)
    expect(found.map(({ key }) => key)).toEqual(['a', 'b'])
    expect(error).toMatchObject({ kind: 'item', what: 'The pages of a list go round in a circle', item: first })
    expect(server.asked).toHaveLength(4)
  })

  test('of little in much text is left before it fills the memory', async () => {
    await using server = await host((_, response, { searchParams }) => {
      const start = Number(searchParams.get('start') ?? 1)
      const images = [{ ...image(`k${start}`), Caption: 'x'.repeat(5_000_000) }]
      json(response, envelope('AlbumImage', images, { Total: 5000, NextPage: `${first}?start=${start + 1}` }))
    })
    await using smugmug = connected(server.origin)
    const { found, error } = await list(smugmug.api)
    expect(found).toHaveLength(1)
    expect(error).toMatchObject({ kind: 'item', what: 'A list says far more than its entries can hold' })
  })

  test('of ever new images, whatever its Total grows to, is left after some more than it announced', async () => {
    await using server = await host((_, response, { searchParams }) => {
      const start = Number(searchParams.get('start') ?? 1)
      const images = Array.from({ length: 100 }, (_, i) => image(`k${start + i}`))
      const NextPage = `${first}?start=${start + 100}&count=100`
      json(response, envelope('AlbumImage', images, { Total: start + 200, NextPage }))
    })
    await using smugmug = connected(server.origin)
    const { error } = await list(smugmug.api)
    expect(error).toMatchObject({ kind: 'item', what: 'SmugMug announces 201 entries and lists on and on' })
    expect(server.asked.length).toBeLessThan(20)
  })
})

test.each(['http://[', 'https://a b', '//'])('a next page at %s costs the list and nothing else', async (NextPage) => {
  await using server = await host((_, response) =>
    json(response, envelope('AlbumImage', [image('a')], { Total: 2, NextPage })),
  )
  await using smugmug = connected(server.origin)
  const { found, error } = await list(smugmug.api)
  expect(found).toHaveLength(1)
  expect(error).toMatchObject({ kind: 'item', what: 'A link that SmugMug gives is no address', item: NextPage })
})

test('the Total of one page counts though the next one says 0', async () => {
  await using server = await host((_, response, { searchParams }) => {
    if (searchParams.has('start')) return json(response, envelope('AlbumImage', [], { Total: 0 }))
    json(response, envelope('AlbumImage', [image('a')], { Total: 2, NextPage: `${first}?start=2` }))
  })
  await using smugmug = connected(server.origin)
  expect((await list(smugmug.api)).error).toMatchObject({ kind: 'item', what: 'SmugMug lists 1 of 2 entries' })
})
