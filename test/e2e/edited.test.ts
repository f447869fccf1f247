import { appendFile, copyFile, mkdir, readFile, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, type Scenario, scenario } from './scenario.ts'

const name = (n: number) => `${String(n).padStart(2, '0')}.jpg`

/** `Rome` and `Oslo`, of 15 pictures each, at home. */
async function atHome(): Promise<Scenario> {
  const world = new World()
  for (const album of ['Rome', 'Oslo'].map((name) => world.addAlbum({ name })))
    for (let n = 1; n <= 15; n++) world.addImage(album, { fileName: name(n), size: 1000 })
  const scene = await scenario(world)
  await expectAllHome(scene, await scene.download(), { new: 30 })
  return scene
}

/** As an editor does that writes captions into pictures. */
async function edit({ output }: Scenario, album: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await appendFile(join(output, album, name(n)), 'a caption')
}

const isEdited = async ({ output }: Scenario, path: string) =>
  (await readFile(join(output, path), 'latin1')).endsWith('a caption')

describe.concurrent('files that the user changed at home', () => {
  it('get their originals beside them as long as they are at most 20, each once', async ({ expect }) => {
    await using scene = await atHome()
    await edit(scene, 'Rome', 12)
    await edit(scene, 'Oslo', 8)
    const run = await scene.download()
    expect(await expectHome(scene, run, { updated: 20, unchanged: 10 })).toMatchObject({
      edited: { kept: 0, restored: 20 },
    })
    expect(run.requests.media).toBe(20)
    expect([await isEdited(scene, 'Rome/12.jpg'), await isEdited(scene, 'Oslo/08.jpg')]).toEqual([true, true])
    const again = await scene.download()
    await expectHome(scene, again, { unchanged: 30 })
    expect([again.requests.media, again.summary?.edited]).toEqual([0, undefined])
  })

  it('are left alone when they are more: exit 1 names both flags, and nothing is fetched for any of them', async ({
    expect,
  }) => {
    await using scene = await atHome()
    await edit(scene, 'Rome', 12)
    await edit(scene, 'Oslo', 9)
    const before = [...(await scene.home()).keys()]
    for (let night = 1; night <= 2; night++) {
      const run = await scene.download()
      const { failed } = await expectHome(scene, run, { failed: 21, unchanged: 9 })
      expect(run.requests.media).toBe(0)
      for (const { next } of failed) expect(next).toMatch(/^--keep-edited .*--restore-originals/)
    }
    expect([...(await scene.home()).keys()]).toEqual(before)
    const { stdout, code } = await scene.smugdl(['-o', scene.output])
    expect(code).toBe(1)
    expect(stdout).toContain('    Oslo: 9\n    Rome: 12\n')
  })

  it('stay for good with --keep-edited, which later runs need not be told again', async ({ expect }) => {
    await using scene = await atHome()
    await edit(scene, 'Rome', 15)
    await edit(scene, 'Oslo', 10)
    await expectHome(scene, await scene.download(), { failed: 25, unchanged: 5 })
    const { code, stdout } = await scene.smugdl(['-o', scene.output, '--keep-edited'])
    expect([code, scene.smugmug.counts.media]).toEqual([0, 30])
    expect(stdout).toContain(
      '25 pictures were changed by you since they came home: kept, their originals are not fetched again (--restore-originals brings them beside yours)',
    )
    expect(stdout).toContain('All 30 pictures and videos are home, 25 of them as you changed them: ')
    const next = await scene.download()
    expect(await expectHome(scene, next, { unchanged: 30 })).toMatchObject({ edited: { kept: 25, restored: 0 } })
    expect(next.requests).toEqual({ api: 2, media: 0 })
    expect(await isEdited(scene, 'Rome/15.jpg')).toBe(true)
  })

  it('are no findings of verify when they are kept, and are no copies for the certificate', async ({ expect }) => {
    await using scene = await atHome()
    await edit(scene, 'Rome', 2)
    expect((await scene.smugdl(['verify', '-o', scene.output])).code).toBe(1)
    await expectHome(scene, await scene.download('--keep-edited'), { unchanged: 30 })
    const verified = await scene.smugdl(['verify', '-o', scene.output])
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(' + 2 kept as you changed them (')])
    const checked = await scene.smugdl(['check', '-o', scene.output])
    expect(checked.code).toBe(1)
    expect(checked.stdout).toContain('* Rome/01.jpg: You changed the file at home and keep it so')
    expect(checked.stdout).toContain('--restore-originals')
    expect(checked.stdout).toContain('Not complete: 28 of 30, 2 different')
  })

  it('get all their originals beside them with --restore-originals, kept ones and ones that were asked about', async ({
    expect,
  }) => {
    await using scene = await atHome()
    await edit(scene, 'Rome', 3)
    await expectHome(scene, await scene.download('--keep-edited'), { unchanged: 30 })
    await edit(scene, 'Oslo', 15)
    await expectHome(scene, await scene.download('--restore-originals'), { updated: 18, unchanged: 12 })
    expect([await isEdited(scene, 'Rome/03.jpg'), await isEdited(scene, 'Oslo/15.jpg')]).toEqual([true, true])
    expect((await scene.difference()).missing).toEqual([])
    expect((await scene.smugdl(['check', '-o', scene.output])).code).toBe(0)
  })

  it('are replaced by nothing: what is new on SmugMug comes beside a kept one', async ({ expect }) => {
    await using scene = await atHome()
    await edit(scene, 'Rome', 1)
    await expectHome(scene, await scene.download('--keep-edited'), { unchanged: 30 })
    const image = [...scene.smugmug.world.images.values()].find(({ fileName }) => fileName === '01.jpg')
    if (image) scene.smugmug.world.replaceImage(image)
    await expectHome(scene, await scene.download('--full'), { updated: 1, unchanged: 29 })
    expect(await isEdited(scene, 'Rome/01.jpg')).toBe(true)
    expect((await scene.difference()).missing).toEqual([])
  })

  it('are ours again when the user puts the original back, and are fetched when the user deletes one', async ({
    expect,
  }) => {
    await using scene = await atHome()
    const [kept, aside] = [join(scene.output, 'Rome/01.jpg'), join(scene.folder, 'aside/01.jpg')]
    await mkdir(dirname(aside))
    await copyFile(kept, aside)
    await edit(scene, 'Rome', 2)
    await expectHome(scene, await scene.download('--keep-edited'), { unchanged: 30 })
    await copyFile(aside, kept)
    await utimes(kept, 1_000_000_000, 1_000_000_000)
    await rm(join(scene.output, 'Rome/02.jpg'))
    const run = await scene.download('--full', '--restore-originals')
    await expectAllHome(scene, run, { updated: 1, unchanged: 29 })
    expect(run.summary?.edited).toBeUndefined()
  })

  it('are counted and left alone by a dry run, too', async ({ expect }) => {
    await using scene = await atHome()
    await edit(scene, 'Rome', 15)
    await edit(scene, 'Oslo', 6)
    const { summary, requests } = await scene.download('--dry-run')
    expect([summary?.failedInAll, requests.media]).toEqual([21, 0])
    expect((await scene.download('--dry-run', '--keep-edited')).summary).toMatchObject({ edited: { kept: 21 } })
    await expectHome(scene, await scene.download(), { failed: 21, unchanged: 9 })
  })
})

describe.concurrent('--keep-edited and --restore-originals', () => {
  it('contradict each other', async ({ expect }) => {
    await using scene = await scenario(new World())
    const { code, stderr } = await scene.smugdl(['--keep-edited', '--restore-originals'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('Give one of them')])
  })
})
