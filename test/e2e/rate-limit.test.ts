import { describe, it } from 'vitest'
import type { RequestKind } from '../../src/simulator/rules.ts'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, type Scenario, scenario, until } from './scenario.ts'

/** Twenty albums with four images each. */
function twentyAlbums(): World {
  const world = new World()
  for (let i = 0; i < 20; i++) {
    const album = world.addAlbum({ name: `Album ${i}` })
    for (let j = 0; j < 4; j++) world.addImage(album, { size: 1000 })
  }
  return world
}

/** What came after the first 429 and before its second without requests was over. */
function inThePause({ smugmug }: Scenario, kind: RequestKind): number {
  const refused = smugmug.requests.findIndex(({ status }) => status === 429)
  const until = (smugmug.requests[refused]?.at ?? Number.NaN) + 1000
  return smugmug.requests.slice(refused + 1).filter((request) => request.kind === kind && request.at < until).length
}

/** So many API requests may be under way when the first is refused. */
const atOnce = 4

describe.concurrent('a 429', () => {
  it('stops all API requests until Retry-After has passed, while downloads go on', async ({ expect }) => {
    await using scene = await scenario(twentyAlbums())
    scene.smugmug.faults.add({
      path: '!images',
      after: 2,
      times: 1,
      do: { kind: 'tooManyRequests', retryAfterSeconds: 1 },
    })
    // The first picture is held until then, and all others wait for it.
    const refused = until(() => scene.smugmug.requests.some(({ status }) => status === 429))
    scene.smugmug.faults.add({ path: '/photos/', kind: 'media', times: 1, do: { kind: 'held', until: refused } })
    const run = await scene.download('--concurrency', '1')
    const { retries } = await expectAllHome(scene, run, { new: 80 })
    expect(inThePause(scene, 'api')).toBeLessThan(atOnce)
    expect(inThePause(scene, 'media')).toBeGreaterThan(0)
    expect(retries).toBe(0)
    expect(run.events.find(({ type }) => type === 'rateLimited')).toMatchObject({
      until: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
  })

  it('of the photo host stops downloads, and spends no retry', async ({ expect }) => {
    await using scene = await scenario(twentyAlbums(), { mediaOrigin: 'other' })
    scene.smugmug.faults.add({ path: '/photos/', times: 1, do: { kind: 'tooManyRequests', retryAfterSeconds: 1 } })
    const run = await scene.download('--concurrency', '3')
    const { retries } = await expectAllHome(scene, run, { new: 80 })
    expect(inThePause(scene, 'media')).toBeLessThan(3)
    expect(retries).toBe(0)
  })

  it('that comes again and again, because the account has used up its requests, is waited out', async ({ expect }) => {
    await using scene = await scenario(twentyAlbums(), { rateLimit: { requests: 10, windowSeconds: 1 } })
    const { retries } = await expectAllHome(scene, await scene.download(), { new: 80 })
    expect(retries).toBe(0)
    expect(scene.smugmug.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(2 * atOnce)
  })

  it('is said to a user, with the time until which nothing is asked', async ({ expect }) => {
    await using scene = await scenario(twentyAlbums())
    scene.smugmug.faults.add({ path: '!images', times: 1, do: { kind: 'tooManyRequests', retryAfterSeconds: 1 } })
    const { code, stderr } = await scene.smugdl(['-o', scene.output])
    expect([code, stderr]).toEqual([0, expect.stringMatching(/\d\d:\d\d:\d\d/)])
  })
})
