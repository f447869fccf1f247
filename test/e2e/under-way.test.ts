import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { type Scenario, scenario, until } from './scenario.ts'

function twelveImages(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (let number = 0; number < 12; number++) world.addImage(album, { fileName: `${number}.jpg` })
  return world
}

/** A run whose eleventh and twelfth picture do not come until somebody lets them; the ten before are home. */
async function heldRun(scene: Scenario, ...args: string[]) {
  const go = Promise.withResolvers<void>()
  scene.smugmug.faults.add({ path: '/photos/', kind: 'media', after: 10, do: { kind: 'held', until: go.promise } })
  const running = scene.start('--concurrency', '2', ...args)
  await until(() => scene.smugmug.counts.media === 12)
  return { running, go: go.resolve }
}

describe.concurrent('while a run is under way', () => {
  it('status, runs and find answer at once from what is recorded, and the run notices nothing', async ({ expect }) => {
    await using scene = await scenario(twelveImages())
    const { running, go } = await heldRun(scene)
    const line = expect.stringMatching(/^A run is under way since \d{4}-.*: \d+ of 12 are home\.$/m)
    const status = await scene.smugdl(['status', '-o', scene.output])
    expect([status.code, status.stdout]).toEqual([1, line])
    expect(status.stdout).not.toContain('killed')
    const runs = await scene.smugdl(['runs', '-o', scene.output])
    expect([runs.code, runs.stderr, runs.stdout]).toEqual([0, line, expect.stringContaining('under way')])
    expect((await scene.smugdl(['find', '*.jpg', '-o', scene.output])).stderr).toEqual(line)
    go()
    expect((await running.run).code).toBe(0)
    expect((await scene.smugdl(['status', '-o', scene.output])).code).toBe(0)
  })

  it.each([
    ['a trailing slash', () => 'home/'],
    ['a way there and back', () => './config/../home/.'],
    [
      'a symbolic link',
      async (scene: Scenario): Promise<string> => {
        await symlink(scene.output, join(scene.folder, 'link'))
        return 'link'
      },
    ],
    [
      'a symbolic link to a folder above it',
      async (scene: Scenario): Promise<string> => {
        await symlink(scene.folder, join(scene.folder, 'above'))
        return 'above/home'
      },
    ],
  ] as const)('another into the same folder, spelled with %s, ends with 4 and touches nothing', async (_, spelled) => {
    await using scene = await scenario(twelveImages())
    await mkdir(join(scene.folder, 'config'), { recursive: true })
    const { running, go } = await heldRun(scene)
    const output = await spelled(scene)
    const { code, stderr } = await scene.smugdl(['-o', output])
    expect([code, stderr]).toEqual([4, expect.stringMatching(/Another run is using this folder/)])
    expect(scene.smugmug.counts.media).toBe(12)
    go()
    expect((await running.run).summary).toMatchObject({ failedInAll: 0, downloaded: { files: 12 } })
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`${signal} leaves the same row and summary as an end of its own, and says how far it came`, async ({
      expect,
    }) => {
      await using scene = await scenario(twelveImages())
      const { running, go } = await heldRun(scene)
      running.kill(signal)
      await until(() => running.said.includes('once more'))
      go()
      const { code, events, summary } = await running.run
      expect([code, summary]).toEqual([130, undefined])
      expect(events.at(-2)).toMatchObject({
        type: 'run.stopped',
        ended: 'interrupted',
        home: { files: 12 },
        announced: 12,
        exporters: { folder: { new: 12, failed: 0 } },
      })
      const runs = await scene.smugdl(['runs', '--json', '-o', scene.output])
      expect(JSON.parse(runs.stdout)).toMatchObject({
        ended: 'interrupted',
        exitCode: 130,
        summary: { exporters: { folder: { new: 12 } }, downloaded: { files: 12 } },
      })
    })

  it('a second signal leaves them too', async ({ expect }) => {
    await using scene = await scenario(twelveImages())
    const { running } = await heldRun(scene)
    running.kill('SIGINT')
    await until(() => running.said.includes('once more'))
    running.kill('SIGINT')
    const { code, events } = await running.run
    expect([code, events.at(-2)]).toEqual([
      130,
      expect.objectContaining({ type: 'run.stopped', home: expect.objectContaining({ files: 10 }) }),
    ])
  })

  it('an interruption shows no secret, on the screen, in the log and in what is kept', async ({ expect }) => {
    await using scene = await scenario(twelveImages())
    const log = `${scene.output}.log`
    const { running, go } = await heldRun(scene, '-v', '--log-file', log)
    running.kill('SIGINT')
    await until(() => running.said.includes('once more'))
    go()
    const { code, stdout, stderr } = await running.run
    expect(code).toBe(130)
    const runs = await scene.smugdl(['runs', '--json', '-o', scene.output])
    const logged = await readFile(log, 'utf8')
    expect(logged).toContain('Stopped. 12 of about 12 pictures are home')
    for (const secret of Object.values(scene.smugmug.credentials))
      for (const text of [stdout, stderr, runs.stdout, logged]) expect(text).not.toContain(secret)
  })
})
