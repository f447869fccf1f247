import { describe, expect, test } from 'vitest'
import { simulate } from '../../../src/simulator/simulate.ts'
import { World } from '../../../src/simulator/world.ts'
import { imagesOf } from '../../../src/smugmug/api/image.ts'
import { systemClock } from '../../../src/smugmug/transport/clock.ts'
import { HttpError } from '../../../src/smugmug/transport/http-error.ts'
import type { MediaResponse } from '../../../src/smugmug/transport/media.ts'
import { asAccount, collect, connected, failure, fakeClock, host } from '../host.ts'

const signal = new AbortController().signal

async function bytesOf({ body }: MediaResponse): Promise<Buffer> {
  return Buffer.concat(await collect(body))
}

async function photo(size: number, privacy: 'Public' | 'Private' = 'Private') {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome', privacy })
  world.addImage(album, { size })
  const simulator = await simulate(world)
  const smugmug = asAccount(simulator)
  const [image] = await collect(imagesOf(smugmug.api, { imagesUri: `/api/v2/album/${album.key}!images` }))
  return {
    simulator,
    smugmug,
    url: image?.archived?.url ?? '',
    async [Symbol.asyncDispose]() {
      await smugmug[Symbol.asyncDispose]()
      await simulator.close()
    },
  }
}

test('a private photo comes whole, signed', async () => {
  await using it = await photo(300_000)
  const response = await it.smugmug.media.open(it.url, { signal })
  expect(response).toMatchObject({ status: 200, contentType: 'image/jpeg', contentLength: 300_000, start: 0 })
  expect(await bytesOf(response)).toHaveLength(300_000)
  await response.discard() // after the end it does nothing
  expect(it.simulator.requests.at(-1)).toMatchObject({ kind: 'media', signed: true, status: 200 })
})

test('a photo goes on where it stopped, unless it has changed meanwhile', async () => {
  await using it = await photo(5000)
  const first = await it.smugmug.media.open(it.url, { signal })
  const whole = await bytesOf(first)
  const rest = await it.smugmug.media.open(it.url, { signal, offset: 4990, validator: first.validator })
  expect(rest).toMatchObject({ status: 206, start: 4990, contentLength: 10 })
  expect(await bytesOf(rest)).toEqual(whole.subarray(4990))
  const changed = await it.smugmug.media.open(it.url, { signal, offset: 4990, validator: '"another"' })
  expect(changed).toMatchObject({ status: 200, start: 0, contentLength: 5000 })
  await changed.discard()
})

test('no bytes at the offset is told apart from every other refusal', async () => {
  await using it = await photo(5000)
  const error = await failure(it.smugmug.media.open(it.url, { signal, offset: 5000 }))
  expect(error).toBeInstanceOf(HttpError)
  expect(error).toMatchObject({ kind: 'item', status: 416, retry: 'no' })
})

test.each([{ kind: 'status', status: 503 }, { kind: 'status', status: 500 }, { kind: 'reset' }] as const)(
  'is asked for again after %o',
  async (fault) => {
    await using it = await photo(5000)
    it.simulator.faults.add({ path: '/photos/', times: 2, do: fault })
    expect(await bytesOf(await it.smugmug.media.open(it.url, { signal }))).toHaveLength(5000)
    expect(it.smugmug.events.filter(({ type }) => type === 'retry')).toHaveLength(2)
  },
)

test('a body that breaks off is an item error worth another attempt, with what came before it', async () => {
  await using it = await photo(200_000)
  it.simulator.faults.add({ path: '/photos/', do: { kind: 'truncated', afterBytes: 100_000 } })
  const response = await it.smugmug.media.open(it.url, { signal })
  let received = 0
  const error = await failure(
    (async () => {
      for await (const chunk of response.body) received += chunk.byteLength
    })(),
  )
  expect(received).toBe(100_000)
  expect(error).toMatchObject({ kind: 'item', what: 'The connection broke', retry: 'yes' })
})

test('a body that trickles is a broken attempt, however long it goes on; the reader’s own time does not count', async () => {
  await using server = await host((_, response) => response.end('bytes'.repeat(100_000)))
  let nowMs = 0
  let passesMs = 0
  const clock = { ...systemClock, now: () => nowMs }
  await using smugmug = connected(server.origin, { clock })
  const read = async () => {
    for await (const _ of (await smugmug.media.open(`${server.origin}/a.jpg`, { signal })).body) nowMs += passesMs
  }
  passesMs = 3_600_000
  await read()
  clock.now = () => (nowMs += 200_000)
  const error = await failure(read())
  expect(error).toMatchObject({ kind: 'item', what: expect.stringContaining('kilobyte a second'), retry: 'yes' })
})

test.each([
  'http://[',
  'http://photos.smugmug.com/a.jpg',
  '//10.0.0.1/a.jpg',
  'https://[::ffff:127.0.0.1]/a.jpg',
  'ftp://photos.smugmug.com/a',
])('nothing is asked of %s', async (url) => {
  await using smugmug = connected('http://127.0.0.1:1')
  expect(await failure(smugmug.media.open(url, { signal }))).toMatchObject({ kind: 'item', retry: 'no' })
  expect(smugmug.events).toEqual([])
})

test('an address relative to the API’s origin is asked of it', async () => {
  await using server = await host((_, response) => response.end('bytes'))
  await using smugmug = connected(server.origin)
  for (const url of ['/photos/a.jpg', `//${new URL(server.origin).host}/photos/a.jpg`])
    expect(await bytesOf(await smugmug.media.open(url, { signal }))).toHaveLength(5)
  expect(server.asked).toEqual(['/photos/a.jpg', '/photos/a.jpg'])
})

test.each([401, 403])('a picture refused with %i is had without a signature', async (status) => {
  await using server = await host((request, response) => {
    response.writeHead(request.headers.authorization === undefined ? 200 : status)
    response.end('bytes')
  })
  await using smugmug = connected(server.origin)
  const response = await smugmug.media.open(`${server.origin}/i-kQ3v9Zt/D/a-D.jpg`, { signal })
  expect((await bytesOf(response)).toString()).toBe('bytes')
  expect(server.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false])
})

test('one that is refused both ways is one refusal, and its address gives no token away', async () => {
  await using server = await host((_, response) => response.writeHead(403).end('<h1>Forbidden</h1>'))
  await using smugmug = connected(server.origin)
  const url = `${server.origin}/Album/i-kQ3v9Zt/0/SecretToken/D/a-D.jpg?x=1`
  const error = await failure(smugmug.media.open(url, { signal }))
  expect(error).toMatchObject({ kind: 'item', status: 403 })
  expect(server.asked).toHaveLength(2)
  expect(String(error)).not.toMatch(/SecretToken|x=1/)
  expect(JSON.stringify(smugmug.events)).not.toMatch(/SecretToken|x=1/)
})

test('bytes of a part that does not say which part are asked for from the start', async () => {
  await using server = await host((request, response) => {
    response.writeHead(request.headers.range === undefined ? 200 : 206).end('all of it')
  })
  await using smugmug = connected(server.origin)
  const response = await smugmug.media.open(`${server.origin}/a.jpg`, { signal, offset: 4 })
  expect(response).toMatchObject({ status: 200, start: 0 })
  expect((await bytesOf(response)).toString()).toBe('all of it')
})

test('a weak ETag is no validator; Last-Modified is', async () => {
  const date = 'Thu, 02 May 2024 08:00:00 GMT'
  await using server = await host((_, response) => {
    response.writeHead(200, { etag: 'W/"weak"', 'last-modified': date }).end('x')
  })
  await using smugmug = connected(server.origin)
  const response = await smugmug.media.open(`${server.origin}/a.jpg`, { signal })
  expect(response.validator).toBe(date)
  await response.discard()
})

describe('a 429 of the photo host', () => {
  test('pauses its downloads, not the API', async () => {
    const clock = fakeClock()
    let refused = 0
    await using photos = await host((_, response) => {
      if (refused++ === 0) response.writeHead(429, { 'retry-after': '30' }).end()
      else response.writeHead(200).end('bytes')
    })
    await using smugmug = connected(photos.origin, { clock })
    const response = await smugmug.media.open(`${photos.origin}/a.jpg`, { signal })
    expect((await bytesOf(response)).toString()).toBe('bytes')
    expect(clock.slept).toEqual([30_000])
    expect(smugmug.events.filter(({ type }) => type !== 'request')).toEqual([
      { type: 'rateLimited', target: 'media', host: new URL(photos.origin).host, untilMs: clock.now() },
    ])
  })
})

test('aborting ends a download at once, as cancelled', async () => {
  const stop = new AbortController()
  await using server = await host((_, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('some')
  })
  await using smugmug = connected(server.origin)
  const response = await smugmug.media.open(`${server.origin}/a.jpg`, { signal: stop.signal })
  const reading = failure(bytesOf(response))
  stop.abort()
  expect(await reading).toMatchObject({ kind: 'cancelled' })
})
