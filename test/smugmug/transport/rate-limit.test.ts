import { describe, expect, test } from 'vitest'
import { simulate } from '../../../src/simulator/simulate.ts'
import { World } from '../../../src/simulator/world.ts'
import { pauseAsked, rateWindowOf } from '../../../src/smugmug/transport/retry-after.ts'
import { asAccount, connected, envelope, failure, fakeClock, host, json } from '../host.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')
const album = envelope('Album', { AlbumKey: 'AbC123' })

describe('pauseAsked()', () => {
  test.each([
    [{}, 0],
    [{ 'retry-after': '' }, 0],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '12' }, 12_000],
    [{ 'retry-after': ' 12 ' }, 12_000],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': 'soon' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    // The server's clock is an hour ahead of ours: it is its own minute that counts.
    [{ 'retry-after': 'Thu, 01 Jan 2026 01:01:00 GMT', date: 'Thu, 01 Jan 2026 01:00:00 GMT' }, 60_000],
  ])('%o: %i ms', (headers, ms) => {
    expect(pauseAsked(new Headers(headers as Record<string, string>), nowMs)).toBe(ms)
  })
})

test('rateWindowOf() goes by the clock of the server', () => {
  const headers = { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': String(nowMs / 1000 + 3600) }
  expect(rateWindowOf(new Headers(headers), nowMs)).toEqual({ remaining: 7, resetAtMs: nowMs + 3600_000 })
  const date = new Date(nowMs + 3000_000).toUTCString()
  expect(rateWindowOf(new Headers({ ...headers, date }), nowMs)).toEqual({ remaining: 7, resetAtMs: nowMs + 600_000 })
  expect(rateWindowOf(new Headers({ 'x-ratelimit-remaining': '7' }), nowMs)).toBeUndefined()
})

describe('a 429', () => {
  test('stops every API request of the run until Retry-After has passed, and spends no attempt', async () => {
    const clock = fakeClock(nowMs)
    const begins: number[] = []
    let refusals = 3
    await using server = await host((_, response) => {
      begins.push(clock.now())
      if (refusals-- > 0) json(response, { Code: 429, Message: 'Too Many Requests' }, 429, { 'retry-after': '60' })
      else json(response, album)
    })
    const retry = { attempts: 1, firstDelayMs: 0, factor: 1, maxDelayMs: 0 }
    await using smugmug = connected(server.origin, { clock, retry })
    const asked = ['A', 'B', 'C', 'D', 'E', 'F'].map((key) => smugmug.api.get(`/api/v2/album/${key}`))
    expect(await Promise.all(asked)).toHaveLength(6)
    const during = begins.filter((at) => at > nowMs && at < nowMs + 60_000)
    expect(during).toEqual([])
    expect(smugmug.events.filter(({ type }) => type === 'rateLimited')[0]).toEqual({
      type: 'rateLimited',
      target: 'api',
      host: new URL(server.origin).host,
      untilMs: nowMs + 60_000,
    })
    expect(smugmug.events.filter(({ type }) => type === 'retry')).toEqual([])
  })

  test('pauses as long as it was asked to, although the clock is set back by half an hour meanwhile', async () => {
    const clock = fakeClock(nowMs)
    let back = 0
    const setBack = {
      now: () => clock.now() - back,
      async sleep(ms: number, signal: AbortSignal) {
        await clock.sleep(ms, signal)
        back = 1_800_000
      },
    }
    let refusals = 1
    await using server = await host((_, response) => {
      if (refusals-- > 0) json(response, { Code: 429, Message: 'Too Many Requests' }, 429, { 'retry-after': '60' })
      else json(response, album)
    })
    await using smugmug = connected(server.origin, { clock: setBack })
    await smugmug.api.get('/api/v2/album/A')
    expect(clock.slept).toEqual([60_000])
  })

  test('without Retry-After waits longer each time', async () => {
    const clock = fakeClock(nowMs)
    let refusals = 6
    await using server = await host((_, response) => {
      if (refusals-- > 0) response.writeHead(429).end()
      else json(response, album)
    })
    await using smugmug = connected(server.origin, { clock })
    await smugmug.api.get('/api/v2/album/AbC123')
    expect(clock.slept).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000])
  })

  test.each([
    ['99999999', '2029-03-03 09:46 UTC'],
    ['9'.repeat(40), '+275760-09-13 00:00 UTC'],
  ])('that asks for %s s ends the run, which says until when', async (asked, until) => {
    const clock = fakeClock(nowMs)
    await using server = await host((_, response) => response.writeHead(429, { 'retry-after': asked }).end())
    await using smugmug = connected(server.origin, { clock })
    expect(await failure(smugmug.api.get('/api/v2/album/AbC123'))).toMatchObject({
      kind: 'unreachable',
      what: expect.stringContaining(`takes no more requests before ${until}`),
    })
    expect([clock.slept, smugmug.events.filter(({ type }) => type === 'rateLimited')]).toEqual([[], []])
  })

  test('with nothing left of a window that is hours away ends the run at the next request', async () => {
    const clock = fakeClock(nowMs)
    const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowMs / 1000 + 20 * 3600) }
    await using server = await host((_, response) =>
      json(response, album, 200, { ...reset, date: new Date(nowMs).toUTCString() }),
    )
    await using smugmug = connected(server.origin, { clock })
    await smugmug.api.get('/api/v2/album/AbC123')
    expect(await failure(smugmug.api.get('/api/v2/album/AbC123'))).toMatchObject({ kind: 'unreachable' })
    expect(clock.slept).toEqual([])
  })

  test('that never ends, although each pause is kept, ends the run', async () => {
    const clock = fakeClock(nowMs)
    await using server = await host((_, response) => response.writeHead(429, { 'retry-after': '60' }).end())
    await using smugmug = connected(server.origin, { clock })
    expect(await failure(smugmug.api.get('/api/v2/album/AbC123'))).toMatchObject({ kind: 'unreachable' })
    expect(clock.slept).toHaveLength(10)
  })
})

test('the allowance is told, and when nothing is left of it the next request waits for the next window', async () => {
  const clock = fakeClock(Date.now()) // for the simulator too, whose Date header is real
  const world = new World()
  const { key } = world.addAlbum({ name: 'Rome' })
  await using simulator = await simulate(world, { now: clock.now, rateLimit: { requests: 2, windowSeconds: 300 } })
  await using smugmug = asAccount(simulator, { clock })
  for (let i = 0; i < 3; i++) await smugmug.api.get(`/api/v2/album/${key}`)
  expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 200])
  const told = smugmug.events.filter(({ type }) => type === 'rateLimit')
  expect(told.map((event) => 'remaining' in event && event.remaining)).toEqual([1, 0, 1])
})

test('no more than four API requests are under way at once at first, never more than eight, and all are made', async () => {
  let open = 0
  let most = 0
  let mostAtFirst = 0
  await using server = await host((_, response) => {
    most = Math.max(most, ++open)
    if (server.asked.length <= 4) mostAtFirst = most
    setImmediate(() => {
      open--
      json(response, album)
    })
  })
  await using smugmug = connected(server.origin)
  await Promise.all(Array.from({ length: 40 }, (_, i) => smugmug.api.get(`/api/v2/album/K${i}`)))
  expect(mostAtFirst).toBeLessThanOrEqual(4)
  expect(most).toBeLessThanOrEqual(8)
  expect(server.asked).toHaveLength(40)
})
