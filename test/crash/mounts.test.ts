import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { readHome, readStaging } from '../e2e/home.ts'
import { expectAllHome, type Scenario, scenario, until } from '../e2e/scenario.ts'
import { startTraced, whyNoTrace } from './trace.ts'

/** An album of so many pictures of 100 kB. */
function pictures(count: number): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  for (let i = 0; i < count; i++) world.addImage(album, { size: 100_000 })
  return world
}

/** A disk of its own under the output; where none can be mounted, skips the test and says so. */
async function mounted({ output }: Scenario, size: string, skip: (note: string) => never) {
  await mkdir(output)
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', output], {
    encoding: 'utf8',
  })
  if (status !== 0) skip(`nothing can be mounted here: ${(stderr || error?.message) ?? 'no reason given'}`)
  return {
    remount: (options: string) => execFileSync('mount', ['-o', `remount,${options}`, output]),
    vanish: () => execFileSync('umount', ['-l', output]),
    [Symbol.dispose]: () => void spawnSync('umount', ['-l', output]),
  }
}

async function nothingWrong(scene: Scenario): Promise<void> {
  expect((await scene.difference()).unexpected).toEqual([])
}

describe('a disk', () => {
  it('that becomes full ends the run with 4; with more space the next one completes', async ({ skip }) => {
    await using scene = await scenario(pictures(30))
    using disk = await mounted(scene, '1500k', skip)
    const { code, stderr } = await scene.download('--no-space-check')
    expect([code, stderr]).toEqual([4, expect.stringContaining('The disk is full')])
    await nothingWrong(scene)
    const there = (await readHome(scene.output)).size
    expect(there).toBeGreaterThan(0)
    disk.remount('size=20m')
    const before = scene.smugmug.counts.media
    await expectAllHome(scene, await scene.download())
    expect(scene.smugmug.counts.media - before).toBeLessThanOrEqual(30 - there)
  })

  it('that is too small is refused with both numbers, before the first picture', async ({ skip }) => {
    await using scene = await scenario(pictures(30))
    using _ = await mounted(scene, '1500k', skip)
    const { code, stderr } = await scene.download()
    expect([code, stderr]).toEqual([4, expect.stringMatching(/do not fit.* needed, .* free: .* short/s)])
    expect(scene.smugmug.counts.media).toBe(0)
  })

  it('that can only be read ends the run with 4, before and after the first run', async ({ skip }) => {
    await using scene = await scenario(pictures(3))
    using disk = await mounted(scene, '20m', skip)
    disk.remount('ro')
    expect((await scene.download()).code).toBe(4)
    disk.remount('rw')
    await expectAllHome(scene, await scene.download(), { new: 3 })
    for (const image of scene.smugmug.world.images.values()) scene.smugmug.world.replaceImage(image)
    disk.remount('ro')
    const before = await scene.home()
    expect((await scene.download('--full')).code).toBe(4)
    expect(await scene.home()).toEqual(before)
    disk.remount('rw')
    await expectAllHome(scene, await scene.download('--full'), { updated: 3 })
  })

  it('that vanishes in the middle ends the run with 4, and nothing is written in its place', async ({ skip }) => {
    await using scene = await scenario(pictures(30))
    using disk = await mounted(scene, '20m', skip)
    scene.smugmug.faults.add({ path: '/photos/', kind: 'media', after: 10, do: { kind: 'delay', ms: 1000 } })
    const running = scene.start('--concurrency', '4')
    await until(() => scene.smugmug.counts.media >= 14)
    disk.vanish()
    const { code, stderr } = await running.run
    expect([code, stderr]).toEqual([4, expect.any(String)])
    expect(await readHome(scene.output)).toEqual(new Map())
  })

  it('without hard links takes everything home, new and changed', async ({ skip }) => {
    const reason = whyNoTrace()
    if (reason !== undefined) skip(reason)
    const world = pictures(5)
    await using scene = await scenario(world)
    const args = ['download', '--full', '-o', scene.output]
    const env = { HOME: scene.folder, SMUGDL_CONFIG_DIR: scene.folder, ...scene.smugmug.environment }
    const run = () =>
      startTraced(
        ['-o', '/dev/null', '-e', 'trace=link,linkat', '-e', 'inject=link,linkat:error=EPERM'],
        args,
        env,
        scene.folder,
      )
    expect(await run()).toMatchObject({ code: 0 })
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
    const [a, b] = world.images.values()
    if (a && b) {
      world.replaceImage(a)
      world.editImage(b, { fileName: 'renamed.jpg' })
    }
    expect(await run()).toMatchObject({ code: 0 })
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
    expect(await readStaging(scene.output)).toEqual([])
  })
})
