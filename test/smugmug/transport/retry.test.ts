import { describe, expect, test } from 'vitest'
import { SmugdlError } from '../../../src/error.ts'
import { simulate } from '../../../src/simulator/simulate.ts'
import { World } from '../../../src/simulator/world.ts'
import { imagesOf } from '../../../src/smugmug/api/image.ts'
import { authUser } from '../../../src/smugmug/api/user.ts'
import { defaultRetryPolicy, delayBefore } from '../../../src/smugmug/transport/retry.ts'
import { asAccount, collect, connected, envelope, failure, fakeClock, host, json, quick } from '../host.ts'

describe('delayBefore()', () => {
  const error = (retry: SmugdlError['retry']) => new SmugdlError('item', { what: 'failed', retry })
  const policy = { attempts: 7, firstDelayMs: 1000, factor: 2, maxDelayMs: 30_000 }

  test.each([
    // attempt, chance, delay
    [1, 0, 500],
    [1, 1, 1000],
    [3, 0, 2000],
    [3, 0.5, 3000],
    [6, 1, 30_000],
    [9, 0, 15_000],
  ])('after attempt %i, with chance %d: %i ms', (attempt, chance, delayMs) => {
    expect(delayBefore(error('yes'), attempt, policy, () => chance)).toBe(delayMs)
  })

  test('waits as long as it is asked to, but not for five minutes', () => {
    expect(delayBefore(error({ afterMs: 20_000 }), 1, policy, () => 0)).toBe(20_000)
    expect(delayBefore(error({ afterMs: 1 }), 3, policy, () => 0)).toBe(2000)
    expect(delayBefore(error({ afterMs: 301_000 }), 1, policy, () => 0)).toBeUndefined()
  })

  test('never tries again what cannot help', () => {
    expect(delayBefore(error('no'), 1, policy, () => 0)).toBeUndefined()
    expect(delayBefore(new TypeError('a bug'), 1, policy, () => 0)).toBeUndefined()
  })

  test('the default makes at least six attempts, over about a minute', () => {
    const { attempts } = defaultRetryPolicy
    const delaysMs = Array.from({ length: attempts - 1 }, (_, index) =>
      Number(delayBefore(error('yes'), index + 1, defaultRetryPolicy, () => 0.5)),
    )
    expect(attempts).toBeGreaterThanOrEqual(6)
    const sumMs = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0)
    expect(sumMs).toBeGreaterThan(45_000)
    expect(sumMs).toBeLessThan(75_000)
  })
})

describe('an API request is made again after', () => {
  test.each([
    { kind: 'status', status: 500 },
    { kind: 'status', status: 502 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 504 },
    { kind: 'html' },
    { kind: 'badJson' },
    { kind: 'cutJson' },
    { kind: 'empty' },
    { kind: 'reset' },
    { kind: 'reset', afterBytes: 10 },
    { kind: 'truncated' },
    { kind: 'status', status: 401, body: '{"Code":401,"Message":"oauth_problem=nonce_used"}' },
    { kind: 'status', status: 401, body: '{"Code":401,"Message":"oauth_problem%3Dtimestamp_refused%26x%3Dy"}' },
  ] as const)('%o', async (fault) => {
    await using simulator = await simulate()
    await using smugmug = asAccount(simulator)
    simulator.faults.add({ path: '!authuser', times: quick.attempts - 1, do: fault })
    expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'janedoe' })
    expect(simulator.counts.api).toBe(quick.attempts)
  })
})

describe('an API request is made once when it is answered', () => {
  test.each([400, 401, 403, 404, 405, 406, 409, 410])('%i', async (status) => {
    await using simulator = await simulate()
    await using smugmug = asAccount(simulator)
    simulator.faults.add({ path: '/api/v2/album/', do: { kind: 'status', status } })
    expect(await failure(smugmug.api.get('/api/v2/album/AbC123'))).toMatchObject({ status, retry: 'no' })
    expect(simulator.counts.api).toBe(1)
  })
})

test('Retry-After of a 503 is kept', async () => {
  const clock = fakeClock(Date.now())
  await using simulator = await simulate()
  await using smugmug = asAccount(simulator, { clock })
  simulator.faults.add({
    path: '!authuser',
    times: 1,
    do: { kind: 'status', status: 503, headers: { 'Retry-After': '17' } },
  })
  await authUser(smugmug.api)
  expect(clock.slept).toEqual([17_000])
})

test('only the page that failed is listed again', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (let i = 0; i < 250; i++) world.addImage(album)
  await using simulator = await simulate(world)
  await using smugmug = asAccount(simulator)
  simulator.faults.add({ path: 'start=101', times: 1, do: { kind: 'cutJson' } })
  const images = await collect(imagesOf(smugmug.api, { imagesUri: `/api/v2/album/${album.key}!images` }))
  expect(images.map(({ key }) => key)).toEqual(album.images.map(({ key }) => key))
  expect(simulator.counts.api).toBe(4)
})

describe('patience', () => {
  const once = { attempts: 2, firstDelayMs: 1, factor: 1, maxDelayMs: 1 }

  test('one address that always fails is an item, as long as others are answered', async () => {
    await using server = await host((_, response, { pathname }) => {
      if (pathname.includes('BAD')) json(response, { Code: 500 }, 500)
      else json(response, envelope('Album', { AlbumKey: 'AbC123' }))
    })
    await using smugmug = connected(server.origin, { retry: once })
    for (let i = 0; i < 5; i++) {
      const error = await failure(smugmug.api.get('/api/v2/album/BAD'))
      expect(error).toMatchObject({ kind: 'item', status: 500 })
      await smugmug.api.get('/api/v2/album/AbC123')
    }
  })

  test.each([
    ['fail', 500, {}],
    ['are refused, although the login is not', 401, { Message: 'oauth_problem=nonce_used' }],
  ])('after many that always %s, others get one more attempt, until that helps again', async (_, status, body) => {
    let isFlaky = false
    await using server = await host((_, response, { pathname }) => {
      isFlaky = !isFlaky
      if (pathname.includes('BAD') || (pathname.includes('FLAKY') && isFlaky)) json(response, body, status)
      else json(response, envelope('Album', { AlbumKey: 'AbC123' }))
    })
    await using smugmug = connected(server.origin, { retry: { ...once, attempts: 7 } })
    const attemptsAt = async (path: string) => {
      const before = server.asked.filter((each) => each === path).length
      await smugmug.api.get(path).catch(() => {})
      return server.asked.filter((each) => each === path).length - before
    }
    const attempts: number[] = []
    for (let i = 0; i < 7; i++) {
      attempts.push(await attemptsAt('/api/v2/album/BAD'))
      await smugmug.api.get('/api/v2/album/AbC123')
    }
    expect(attempts).toEqual([7, 7, 7, 7, 7, 2, 2])
    for (let i = 0; i < 3; i++) {
      isFlaky = false
      await smugmug.api.get('/api/v2/album/FLAKY')
    }
    expect(await attemptsAt('/api/v2/album/BAD')).toBe(7)
  })

  test('a host that fails everybody ends the run', async () => {
    await using server = await host((_, response) => json(response, { Code: 500 }, 500))
    await using smugmug = connected(server.origin, { retry: once })
    const kinds: unknown[] = []
    for (let i = 0; i < 4; i++) {
      const error = await failure(smugmug.api.get(`/api/v2/album/K${i}`))
      kinds.push(error instanceof SmugdlError && error.kind)
    }
    expect(kinds).toEqual(['item', 'item', 'unreachable', 'unreachable'])
  })

  test('a photo host that is down is not hidden by an API that is up', async () => {
    const signal = new AbortController().signal
    await using photos = await host((_, response) => response.writeHead(503).end())
    await using server = await host((_, response) => json(response, envelope('Album', { AlbumKey: 'AbC123' })))
    await using smugmug = connected(server.origin, { retry: once, photosOrigin: photos.origin })
    const kinds: unknown[] = []
    for (let i = 0; i < 3; i++) {
      await smugmug.api.get('/api/v2/album/AbC123')
      const error = await failure(smugmug.media.open(`${photos.origin}/${i}.jpg`, { signal }))
      kinds.push(error instanceof SmugdlError && error.kind)
    }
    expect(kinds).toEqual(['item', 'item', 'unreachable'])
  })
})
