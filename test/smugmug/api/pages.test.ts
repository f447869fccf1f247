import { describe, expect, test } from 'vitest'
import { pages } from '../../../src/smugmug/api/pages.ts'
import { collect, collectUntilError, connected, envelope, failure, host, json } from '../host.ts'

const first = '/api/v2/album/AbC123!images'
const image = (key: string) => ({ ImageKey: key })

test('pages() follows NextPage, in whatever order its parameters are, never its own arithmetic', async () => {
  await using server = await host((_, response, { searchParams }) => {
    const start = searchParams.get('start') ?? '1'
    if (start === '1') {
      const next = `${first}?start=3&count=2`
      return json(response, envelope('AlbumImage', [image('a'), image('b')], { Total: 4, Start: 1, NextPage: next }))
    }
    if (start === '3') {
      const next = `${first}?count=2&start=77`
      return json(response, envelope('AlbumImage', [image('c')], { Total: 4, Start: 3, NextPage: next }))
    }
    json(response, envelope('AlbumImage', [image('d')], { Total: 4, Start: 77 }))
  })
  await using smugmug = connected(server.origin)
  const found = await collect(pages(smugmug.api, first, { count: 100, trim: { _expand: 'LargestVideo' } }))
  expect(found.flatMap(({ records }) => records)).toEqual(['a', 'b', 'c', 'd'].map(image))
  expect(server.asked).toEqual([
    `${first}?count=100&_verbosity=1&_expand=LargestVideo`,
    `${first}?start=3&count=2&_verbosity=1&_expand=LargestVideo`,
    `${first}?count=2&start=77&_verbosity=1&_expand=LargestVideo`,
  ])
})

test.each([undefined, null, ''])('pages() takes NextPage %o for the end', async (NextPage) => {
  await using server = await host((_, response) => {
    json(response, envelope('AlbumImage', [image('a')], { Total: 1, NextPage }))
  })
  await using smugmug = connected(server.origin)
  expect(await collect(pages(smugmug.api, first, { count: 100 }))).toHaveLength(1)
})

test('pages() survives an empty list, which has no array at all', async () => {
  await using server = await host((_, response) => json(response, envelope('AlbumImage', [], { Total: 0 })))
  await using smugmug = connected(server.origin)
  const [page] = await collect(pages(smugmug.api, first, { count: 100 }))
  expect(page).toMatchObject({ records: [], total: 0 })
})

describe('a 404 on a page', () => {
  async function list(total: number) {
    const server = await host((_, response, { searchParams }) => {
      if (searchParams.get('start') === '3') return json(response, { Code: 404, Message: 'Not Found' }, 404)
      const NextPage = `${first}?start=3&count=2`
      json(response, envelope('AlbumImage', [image('a'), image('b')], { Total: total, NextPage }))
    })
    const smugmug = connected(server.origin)
    const result = await collectUntilError(pages(smugmug.api, first, { count: 100 }))
    await smugmug[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    return result
  }

  test('is the end when all of Total has come', async () => {
    expect(await list(2)).toMatchObject({ found: [{}], error: undefined })
  })

  test('is an error when it has not', async () => {
    expect(await list(3)).toMatchObject({ found: [{}], error: { kind: 'item', status: 404 } })
  })
})

describe('a list that is refused with our parameters', () => {
  test.each([400, 404])('by %i is asked for without any', async (status) => {
    await using server = await host((_, response, { search }) => {
      if (search.includes('_') || search.includes('count=100')) json(response, { Code: status }, status)
      else if (search === '') {
        const pages = { Total: 2, NextPage: `${first}?start=2&count=1` }
        json(response, envelope('AlbumImage', [image('a')], pages))
      } else json(response, envelope('AlbumImage', [image('b')], { Total: 2 }))
    })
    await using smugmug = connected(server.origin)
    const found = await collect(pages(smugmug.api, first, { count: 100, trim: { _filter: 'ImageKey' } }))
    expect(found.flatMap(({ records }) => records)).toEqual([image('a'), image('b')])
  })

  test('and without them is an error', async () => {
    await using server = await host((_, response) => json(response, { Code: 404 }, 404))
    await using smugmug = connected(server.origin)
    expect(await failure(collect(pages(smugmug.api, first, { count: 100 })))).toMatchObject({ status: 404 })
  })
})

describe('a list of many pages', () => {
  const total = 23
  const size = 2

  /** What SmugMug answers for the page that begins there: right, but for what `bend` makes of it. */
  function pageFrom(start: number, bend: (start: number) => Record<string, unknown>) {
    const keys = Array.from({ length: Math.min(size, total - start + 1) }, (_, index) => image(`k${start + index}`))
    const NextPage = start + size > total ? {} : { NextPage: `${first}?count=${size}&start=${start + size}` }
    return envelope('AlbumImage', keys, { Total: total, Start: start, Count: keys.length, ...NextPage, ...bend(start) })
  }

  async function read(bend: (start: number) => Record<string, unknown> = () => ({})) {
    let underWay = 0
    let most = 0
    await using server = await host(async (_, response, { searchParams }) => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      json(response, pageFrom(Number(searchParams.get('start') ?? 1), bend))
    })
    await using smugmug = connected(server.origin)
    const found = await collect(pages(smugmug.api, first, { count: size }))
    return { keys: found.flatMap(({ records }) => records), starts: server.asked.map(startOf), most }
  }

  const startOf = (address: string) => Number(/[?&]start=(\d+)/.exec(address)?.[1] ?? 1)
  const all = Array.from({ length: total }, (_, index) => image(`k${index + 1}`))
  const inOrder = Array.from({ length: 12 }, (_, index) => index * 2 + 1)

  test('is read side by side when the first has said how it goes on, each page once and in order, four at most at once', async () => {
    const { keys, starts, most } = await read()
    expect(keys).toEqual(all)
    expect(starts.toSorted((a, b) => a - b)).toEqual(inOrder)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(4)
  })

  test.each([
    ['does not say where it is', () => ({ Start: undefined })],
    ['says that it is elsewhere', () => ({ Start: 99 })],
    ['counts otherwise than it holds', () => ({ Count: 1 })],
    ['says that the list is longer by now', () => ({ Total: total + 1 })],
    ['leads elsewhere', () => ({ NextPage: `${first}?count=3&start=9` })],
  ])('is read by NextPage alone after a page that %s', async (_, bent) => {
    const { keys, starts } = await read((start) => (start === 7 ? bent() : {}))
    expect(keys).toEqual(all)
    // What was asked for ahead of it is asked for again, in its turn.
    expect(starts.slice(-8)).toEqual(inOrder.slice(4))
  })
})
