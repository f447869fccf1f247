import { describe, expect, test } from 'vitest'
import type { ListQuirk } from '../../src/simulator/pages.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { askJson, at, itemsAt, textAt } from './ask.ts'

function albumOf(count: number) {
  const world = new World()
  const album = world.addAlbum({ name: 'Album', key: 'AbC123' })
  for (let i = 0; i < count; i++) world.addImage(album, { key: `img${String(i + 1).padStart(4, '0')}` })
  return world
}

const IMAGES = '/api/v2/album/AbC123!images'

const imagesAt = async (simulator: Simulator, path: string) => {
  const page = await askJson(simulator, path)
  const keys = itemsAt(page, 'Response', 'AlbumImage').map((image) => textAt(image, 'ImageKey'))
  return { keys, pages: at(page, 'Response', 'Pages') }
}

/** All pages of a listing, by `NextPage`. */
async function listed(simulator: Simulator, count: number): Promise<string[]> {
  const keys: string[] = []
  for (let next: unknown = `${IMAGES}?count=${count}`; typeof next === 'string'; ) {
    const page = await imagesAt(simulator, next)
    keys.push(...page.keys)
    next = at(page.pages, 'NextPage')
  }
  return keys
}

describe('a list', () => {
  test.each([0, 1, 99, 100, 101, 200, 201])('of %i images comes whole when NextPage is followed', async (count) => {
    await using simulator = await simulate(albumOf(count))
    const keys = await listed(simulator, 100)
    expect(keys).toEqual([...simulator.world.images.keys()])
    expect(simulator.counts.api).toBe(Math.max(1, Math.ceil(count / 100)))
  })

  test('has the documented default page, and less than asked for when clamped', async () => {
    await using simulator = await simulate(albumOf(700), { clamps: { UserAlbums: 3 } })
    for (let i = 0; i < 59; i++) simulator.world.addAlbum({ name: `Album ${i}` })
    const { root } = simulator.world
    const facts = async (path: string) => {
      const { Count, RequestedCount, Total } = at(await askJson(simulator, path), 'Response', 'Pages') as Record<
        string,
        number
      >
      return [Count, RequestedCount, Total]
    }
    expect(await facts(IMAGES)).toEqual([100, 100, 700])
    expect(await facts(`${IMAGES}?count=9999`)).toEqual([500, 500, 700])
    expect(await facts(`/api/v2/node/${root.id}!children`)).toEqual([10, 10, 60])
    expect(await facts(`/api/v2/node/${root.id}!children?count=9999`)).toEqual([60, 200, 60])
    expect(await facts('/api/v2/user/janedoe!albums?count=50')).toEqual([3, 3, 60])
  })

  test('that is empty has Pages but no array', async () => {
    await using simulator = await simulate(albumOf(0))
    const page = await askJson(simulator, IMAGES)
    expect(at(page, 'Response')).not.toHaveProperty('AlbumImage')
    expect(at(page, 'Response', 'Pages')).toMatchObject({ Total: 0, Count: 0 })
    expect(at(page, 'Response', 'Pages')).not.toHaveProperty('NextPage')
    expect(at(page, 'Response', 'Pages', 'FirstPage')).toBe(`${IMAGES}?start=1&count=100`)
    expect(at(page, 'Response', 'Pages', 'LastPage')).toBe(`${IMAGES}?start=-99&count=100`)
  })

  test('repeats in page links what the list takes, _pretty and the filters, as they were sent, and nothing else', async () => {
    await using simulator = await simulate(albumOf(0))
    for (let i = 0; i < 12; i++) simulator.world.addAlbum({ name: `Album ${i}` })
    const list = `/api/v2/node/${simulator.world.root.id}!children`
    const next = async (query: string) =>
      textAt(await askJson(simulator, `${list}?${query}`), 'Response', 'Pages', 'NextPage')
    expect(await next('SortMethod=Name&_verbosity=1&_filter=Name,Type&_filteruri=&_expand=Album&_pretty=&x=1')).toBe(
      `${list}?SortMethod=Name&_filter=Name,Type&_filteruri=&_pretty=&start=11&count=10`,
    )
    expect(await next('APIKey=k&count=5&_filter=Name&start=1&FileNames=a')).toBe(`${list}?count=5&_filter=Name&start=6`)
  })

  test('says that a page is misaligned and leaves PrevPage out', async () => {
    await using simulator = await simulate(albumOf(30))
    expect((await imagesAt(simulator, `${IMAGES}?start=11&count=10`)).pages).toHaveProperty('PrevPage')
    const { pages } = await imagesAt(simulator, `${IMAGES}?start=5&count=10`)
    expect(pages).toMatchObject({ Misaligned: true, Start: 5, Count: 10 })
    expect(pages).not.toHaveProperty('PrevPage')
  })

  test('beyond its end is empty', async () => {
    await using simulator = await simulate(albumOf(3))
    expect((await imagesAt(simulator, `${IMAGES}?start=100`)).keys).toEqual([])
  })
})

describe('a quirk', () => {
  const keys = ['img0001', 'img0002', 'img0003', 'img0004', 'img0005']
  const withQuirk = async (quirk: ListQuirk, times?: number) => {
    const simulator = await simulate(albumOf(5))
    simulator.quirks.add({ path: '!images', do: quirk, ...(times === undefined ? {} : { times }) })
    return simulator
  }

  test('shuffles: an order per listing is whole, an order per page has gaps', async () => {
    await using simulator = await simulate(albumOf(40))
    const all = [...simulator.world.images.keys()]
    const remove = simulator.quirks.add({ path: IMAGES, do: { kind: 'shuffled', every: 'listing' } })
    const [first, second] = [await listed(simulator, 7), await listed(simulator, 7)]
    expect(first.toSorted()).toEqual(all)
    expect(second.toSorted()).toEqual(all)
    expect(first).not.toEqual(second)
    remove()
    simulator.quirks.add({ path: IMAGES, do: { kind: 'shuffled', every: 'page' } })
    expect(new Set(await listed(simulator, 7)).size).toBeLessThan(40)
  })

  test('makes Total drift', async () => {
    await using simulator = await withQuirk({ kind: 'total', add: 2 }, 1)
    expect((await imagesAt(simulator, IMAGES)).pages).toMatchObject({ Total: 7, Count: 5 })
    expect((await imagesAt(simulator, IMAGES)).pages).toMatchObject({ Total: 5, Count: 5 })
  })

  test('loses an image from the first listing only, though Total counts it', async () => {
    await using simulator = await withQuirk({ kind: 'missing', keys: ['img0004'] }, 1)
    expect(await listed(simulator, 2)).toEqual(keys.filter((key) => key !== 'img0004'))
    expect(await listed(simulator, 2)).toEqual(keys)
  })

  test('shows the last image of a page again on the next', async () => {
    await using simulator = await withQuirk({ kind: 'overlap' })
    expect(await listed(simulator, 2)).toEqual([
      'img0001',
      'img0002',
      'img0002',
      'img0003',
      'img0004',
      'img0004',
      'img0005',
    ])
  })

  test('empties a page', async () => {
    await using simulator = await withQuirk({ kind: 'emptyPage' }, 1)
    expect(await listed(simulator, 2)).toEqual(['img0003', 'img0004', 'img0005'])
  })

  test('makes the flat list and the tree disagree', async () => {
    await using simulator = await simulate(albumOf(0))
    const { id } = simulator.world.addAlbum({ name: 'Two', key: 'XyZ789' })
    simulator.quirks.add({ path: '!albums', do: { kind: 'hidden', keys: ['AbC123'] } })
    simulator.quirks.add({ path: '!children', do: { kind: 'hidden', keys: [id] } })
    const flat = await askJson(simulator, '/api/v2/user/janedoe!albums')
    const tree = await askJson(simulator, `/api/v2/node/${simulator.world.root.id}!children`)
    expect(itemsAt(flat, 'Response', 'Album').map((album) => at(album, 'Name'))).toEqual(['Two'])
    expect(at(flat, 'Response', 'Pages', 'Total')).toBe(1)
    expect(itemsAt(tree, 'Response', 'Node').map((node) => at(node, 'Name'))).toEqual(['Album'])
  })
})
