import { expect, test } from 'vitest'
import { rateLimiter } from '../../src/simulator/rate-limit.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { ask } from './ask.ts'

test('a window opens with its first request and lasts as long as it says', () => {
  const clock = { ms: 1_000_000 }
  const ask = rateLimiter({ requests: 2, windowSeconds: 60 }, () => clock.ms)
  expect(ask(true)).toEqual({ allowed: true, headers: { 'X-RateLimit-Remaining': '1', 'X-RateLimit-Reset': '1060' } })
  clock.ms += 30_500
  expect(ask(true)).toMatchObject({
    allowed: true,
    headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1060' },
  })
  expect(ask(true)).toMatchObject({ allowed: false, headers: { 'Retry-After': '30', 'X-RateLimit-Reset': '1060' } })
  expect(ask(false).allowed).toBe(true)
  clock.ms += 100_000
  expect(ask(true)).toMatchObject({
    allowed: true,
    headers: { 'X-RateLimit-Remaining': '1', 'X-RateLimit-Reset': '1191' },
  })
})

test('the API answers 429 when the window is used up; pictures are not counted', async () => {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'Album' }))
  await using simulator = await simulate(world, { rateLimit: { requests: 2, windowSeconds: 900 } })
  const statuses: number[] = []
  for (let i = 0; i < 3; i++) {
    await ask(simulator, `${simulator.photosOrigin}/photos/i-none/0/x/D/none-D.jpg`)
    const response = await ask(simulator, '/api/v2!authuser')
    statuses.push(response.status)
    expect(Number(response.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now())
    if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(890)
  }
  expect(statuses).toEqual([200, 200, 429])
})
