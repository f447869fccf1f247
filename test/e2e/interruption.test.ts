import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { readStaging } from './home.ts'
import { expectAllHome, type Scenario, scenario, until } from './scenario.ts'

/** `Album` with thirty images of 20 kB. */
function thirtyImages(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  for (let i = 0; i < 30; i++) world.addImage(album, { size: 20_000 })
  return world
}

/** After ten pictures, all stop in the middle and stay open. Returns what lets the next ones through. */
function stallAfterTen({ smugmug }: Scenario): () => void {
  return smugmug.faults.add({ path: '/photos/', kind: 'media', after: 10, do: { kind: 'stalled' } })
}

/** How many pictures stand open, half sent. */
function half({ smugmug }: Scenario): number {
  return smugmug.requests.filter(({ kind, bytesSent }) => kind === 'media' && bytesSent > 0 && bytesSent < 20_000)
    .length
}

/** Every file at home is one of the account's, whole. */
async function nothingWrong(scene: Scenario): Promise<string[]> {
  return (await scene.difference()).unexpected
}

describe.concurrent('a run that is stopped', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`by ${signal} once finishes what is in flight, starts nothing new, and exits 130`, async ({ expect }) => {
      await using scene = await scenario(thirtyImages())
      const { smugmug } = scene
      const go = Promise.withResolvers<void>()
      smugmug.faults.add({ path: '/photos/', kind: 'media', after: 10, do: { kind: 'held', until: go.promise } })
      const running = scene.start('--concurrency', '4')
      await until(() => smugmug.counts.media === 14)
      running.kill(signal)
      await until(() => running.said.includes('once more'))
      go.resolve()
      const { code, stderr } = await running.run
      expect([code, stderr]).toEqual([130, expect.stringContaining('Interrupted')])
      expect(smugmug.counts.media).toBe(14)
      expect(await nothingWrong(scene)).toEqual([])
      expect((await scene.home()).size).toBe(14)
      const status = await scene.smugdl(['status', '-o', scene.output])
      expect(status.stdout).toMatch(/ {2}interrupted: the next run continues\n$/)
      const next = await scene.download()
      await expectAllHome(scene, next, { new: 16, unchanged: 14 })
      expect(next.requests.media).toBe(16)
    })
  }

  it('by SIGINT twice stops at once, exits 130, and the next run fetches the missing parts only', async ({
    expect,
  }) => {
    await using scene = await scenario(thirtyImages())
    const release = stallAfterTen(scene)
    const running = scene.start('--concurrency', '4')
    await until(() => half(scene) === 4)
    running.kill('SIGINT')
    await until(() => running.said.includes('once more'))
    running.kill('SIGINT')
    expect(await running.run).toMatchObject({ code: 130 })
    expect(await nothingWrong(scene)).toEqual([])
    release()
    const next = await scene.download()
    await expectAllHome(scene, next, { new: 20, unchanged: 10 })
    expect(next.requests.media).toBe(20)
    expect(scene.smugmug.requests.slice(-20).filter(({ range }) => range !== undefined)).toHaveLength(4)
  })

  it('by SIGKILL leaves no file that is wrong, and the next run repeats at most what was in flight', async ({
    expect,
  }) => {
    await using scene = await scenario(thirtyImages())
    const release = stallAfterTen(scene)
    const running = scene.start('--concurrency', '4')
    await until(() => half(scene) === 4)
    running.kill('SIGKILL')
    expect(await running.run).toMatchObject({ code: undefined, signal: 'SIGKILL' })
    expect(await nothingWrong(scene)).toEqual([])
    release()
    const next = await scene.download()
    await expectAllHome(scene, next)
    const notFetchedYet = 20
    expect(next.requests.media).toBeLessThanOrEqual(notFetchedYet + 4)
  })

  it('by SIGKILL at any moment is finished by the next one', async ({ expect }) => {
    await using scene = await scenario(thirtyImages())
    for (const after of [0, 1, 5, 12, 25, 29]) {
      const stall = scene.smugmug.faults.add({ path: '', after, do: { kind: 'stalled' } })
      const before = scene.smugmug.requests.length
      const running = scene.start()
      await until(() => scene.smugmug.requests.length > before + after || running.said.includes('run.finished'))
      running.kill('SIGKILL')
      await running.run
      stall()
      expect(await nothingWrong(scene)).toEqual([])
    }
    await scene.download()
    await expectAllHome(scene, await scene.download(), { unchanged: 30 })
  })
})

describe.concurrent('a run that is stopped while pictures come ahead of a list that is under way', () => {
  /** Sixty images of 20 kB, two pages; the second comes when `go` says so. Ten pictures come, the next ones stop in the middle. */
  async function underWay() {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    for (let i = 0; i < 60; i++) world.addImage(album, { size: 20_000 })
    const scene = await scenario(world, { clamps: { AlbumImages: 30 } })
    const go = Promise.withResolvers<void>()
    scene.smugmug.faults.add({ path: 'start=31', kind: 'api', do: { kind: 'held', until: go.promise } })
    return { scene, go: go.resolve }
  }

  for (const [how, signals] of Object.entries({ SIGKILL: ['SIGKILL'], 'SIGINT twice': ['SIGINT', 'SIGINT'] } as const))
    it(`by ${how} has given no name, and the next one fetches none again`, async ({ expect }) => {
      const { scene, go } = await underWay()
      await using _ = scene
      const release = stallAfterTen(scene)
      const running = scene.start('--concurrency', '4')
      await until(() => half(scene) === 4)
      for (const [index, signal] of signals.entries()) {
        if (index > 0) await until(() => running.said.includes('once more'))
        running.kill(signal)
      }
      await running.run
      expect([...(await scene.home()).values()].filter((entry) => entry !== 'empty folder')).toEqual([])
      release()
      go()
      const next = await scene.download()
      await expectAllHome(scene, next, { new: 60 })
      expect(next.requests.media).toBe(50)
      // What was sent and not written when the kill came is fetched from its start.
      const goneOnWith = scene.smugmug.requests.slice(-60).filter(({ range }) => range !== undefined).length
      expect([1, 2, 3, 4]).toContain(goneOnWith)
    })

  it('by SIGINT once finishes what is in flight, starts nothing new, and the next one goes on', async ({ expect }) => {
    const { scene, go } = await underWay()
    await using _ = scene
    const { smugmug } = scene
    const pictures = Promise.withResolvers<void>()
    smugmug.faults.add({ path: '/photos/', kind: 'media', after: 10, do: { kind: 'held', until: pictures.promise } })
    const running = scene.start('--concurrency', '4')
    await until(() => smugmug.counts.media === 14)
    running.kill('SIGINT')
    await until(() => running.said.includes('once more'))
    pictures.resolve()
    go()
    expect(await running.run).toMatchObject({ code: 130 })
    expect(smugmug.counts.media).toBe(14)
    const next = await scene.download()
    await expectAllHome(scene, next, { new: 60 })
    expect(next.requests.media).toBe(46)
  })
})

describe.concurrent('a large picture whose download broke off', () => {
  const size = 20_000_000

  /** Kills a run when half of the only picture is on the disk. */
  async function killedInTheMiddle(scene: Scenario): Promise<void> {
    const heal = scene.smugmug.faults.add({ path: '/photos/', kind: 'media', do: { kind: 'stalled' } })
    const running = scene.start()
    await until(async () => {
      const part = (await readStaging(scene.output)).find((name) => name.endsWith('.part'))
      return part !== undefined && (await stat(join(scene.output, '.smugdl', 'staging', part))).size >= 9_000_000
    })
    running.kill('SIGKILL')
    await running.run
    heal()
  }

  function oneLarge(md5: 'given' | 'absent' = 'given'): World {
    const world = new World()
    world.addImage(world.addAlbum({ name: 'Album' }), { fileName: 'large.jpg', size, md5 })
    return world
  }

  const lastRequest = ({ smugmug }: Scenario) => smugmug.requests.filter(({ kind }) => kind === 'media').at(-1)

  for (const md5 of ['given', 'absent'] as const) {
    it(`goes on where it was, MD5 ${md5}`, async ({ expect }) => {
      await using scene = await scenario(oneLarge(md5))
      await killedInTheMiddle(scene)
      await expectAllHome(scene, await scene.download(), { new: 1 })
      expect(lastRequest(scene)).toMatchObject({ status: 206, range: expect.stringMatching(/^bytes=[1-9]\d+-$/) })
      expect(lastRequest(scene)?.bytesSent).toBeLessThan(size)
    })
  }

  it('starts over where the server does not know ranges', async ({ expect }) => {
    await using scene = await scenario(oneLarge(), { ranges: 'ignored' })
    await killedInTheMiddle(scene)
    await expectAllHome(scene, await scene.download(), { new: 1 })
    expect(lastRequest(scene)).toMatchObject({ status: 200, bytesSent: size })
  })

  it('starts over where it was replaced meanwhile', async ({ expect }) => {
    const world = oneLarge('absent')
    await using scene = await scenario(world)
    await killedInTheMiddle(scene)
    for (const image of world.images.values()) world.replaceImage(image)
    await expectAllHome(scene, await scene.download(), { new: 1 })
    expect(lastRequest(scene)).toMatchObject({ status: 200 })
  })

  it('goes on within the same run, too', async ({ expect }) => {
    await using scene = await scenario(oneLarge())
    scene.smugmug.faults.add({
      path: '/photos/',
      kind: 'media',
      times: 2,
      do: { kind: 'truncated', afterBytes: 2_000_000 },
    })
    const run = await scene.download()
    await expectAllHome(scene, run, { new: 1 })
    expect(run.requests.media).toBe(3)
    const ranges = scene.smugmug.requests.filter(({ kind }) => kind === 'media').map(({ range }) => range)
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=/), expect.stringMatching(/^bytes=/)])
  })
})
