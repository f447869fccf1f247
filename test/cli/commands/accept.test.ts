import { describe, expect, it } from 'vitest'
import type { Counts } from '../../../src/exporter/types.ts'
import { World } from '../../../src/simulator/world.ts'
import { Inside } from '../inside.ts'

/** `Travel/Rome` with two pictures, and a video that SmugMug still processes. */
async function afterRun() {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  world.addImage(rome, { fileName: 'a.jpg', caption: 'Sunset at the Forum' })
  world.addImage(rome, { fileName: 'b.jpg' })
  const video = world.addVideo(rome, { fileName: 'dance.mov', processing: true, key: 'Dance42' })
  const scene = await Inside.of(world)
  await scene.download()
  return { scene, rome, video }
}

async function countsOf(run: Promise<Record<string, unknown>>) {
  const { code, exporters, accepted } = await run
  const { skipped, failed } = (exporters as { folder: Counts }).folder
  return { code, skipped, failed, accepted }
}

describe('smugdl accept', () => {
  it('makes a failure a deliberate exclusion in every later run, and --undo takes it back', async () => {
    const { scene } = await afterRun()
    await using _ = scene
    expect(await countsOf(scene.download())).toEqual({ code: 1, skipped: 0, failed: 1, accepted: 0 })
    expect((await scene.smugdl(['accept', 'Dance42', '--reason', 'never mind'])).code).toBe(0)
    for (const args of [[], ['--full']])
      expect(await countsOf(scene.download(...args))).toEqual({ code: 0, skipped: 1, failed: 0, accepted: 1 })
    const { out } = await scene.smugdl(['accept'])
    expect(out).toMatch(/^Dance42 .* Travel\/Rome\/dance\.MOV +never mind\n$/i)
    expect((await scene.smugdl(['accept', 'Dance42', '--undo'])).code).toBe(0)
    expect((await scene.smugdl(['accept', '--json'])).out).toBe('')
    expect(await scene.smugdl(['retry'])).toMatchObject({ code: 1, out: expect.stringMatching(/dance/i) })
    expect(await countsOf(scene.download())).toEqual({ code: 1, skipped: 0, failed: 1, accepted: 0 })
  })

  it('takes the name of the one picture that fails under it, and --undo that of the one that was accepted', async () => {
    const { scene } = await afterRun()
    await using _ = scene
    expect((await scene.smugdl(['accept', 'DANCE.mov', '--reason', 'never mind'])).code).toBe(0)
    expect((await scene.smugdl(['accept'])).out).toMatch(/^Dance42 /)
    expect((await scene.smugdl(['accept', 'a.jpg', '--reason', 'x'])).code).toBe(2)
    expect((await scene.smugdl(['accept', 'a.jpg', '--undo'])).code).toBe(2)
    expect((await scene.smugdl(['accept', 'DANCE.mov', '--undo'])).code).toBe(0)
    expect((await scene.smugdl(['accept'])).out).toBe('')
  })

  it('of an album counts all that fails in it; what can be had comes all the same', async () => {
    const { scene, rome } = await afterRun()
    await using _ = scene
    await scene.smugdl(['accept', rome.key, '--reason', 'an old one'])
    expect(await countsOf(scene.download())).toEqual({ code: 0, skipped: 1, failed: 0, accepted: 1 })
    rome.locked = true
    rome.updatedAt = scene.smugmug.world.tick()
    expect(await countsOf(scene.download())).toMatchObject({ code: 0, failed: 0 })
    rome.locked = false
    scene.smugmug.world.addImage(rome)
    expect(await countsOf(scene.download())).toEqual({ code: 0, skipped: 1, failed: 0, accepted: 1 })
    expect((await scene.home()).size).toBe(3)
  })

  it('refuses a key that no run has seen, naming the nearest, and then accepts none of those beside it', async () => {
    const { scene, rome } = await afterRun()
    await using _ = scene
    const { code, err } = await scene.smugdl(['accept', rome.key, 'Dance43', '--reason', 'x'])
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean Dance42?')])
    for (const args of [['Dance42'], ['Dance42', '--reason', 'x', '--undo'], ['--undo'], ['Dance42', '--undo']])
      expect((await scene.smugdl(['accept', ...args])).code).toBe(2)
    expect((await scene.smugdl(['accept', '--json'])).rows()).toEqual([])
  })
})

describe('smugdl retry', () => {
  it('asks at once for what failed, in the albums where it failed and in no other', async () => {
    const { scene, video } = await afterRun()
    await using _ = scene
    const { world } = scene.smugmug
    const zoo = world.addAlbum({ name: 'Zoo' })
    await scene.download()
    world.addImage(zoo)
    // Known to have failed for good: asked for again only after half a day.
    Object.assign(video, { processing: false, rights: 'none' })
    await scene.download('--full')
    Object.assign(video, {
      rights: 'largest',
      video: { ext: 'mp4', seed: 7, size: 9000, md5: 'given', sizeGiven: true },
    })
    world.addImage(zoo)

    const { code, rows } = await scene.smugdl(['retry', '--json'])
    expect([code, rows().at(-1)]).toMatchObject([
      0,
      { albums: { listed: 1, excluded: 1 }, exporters: { folder: { new: 1, unchanged: 2, failed: 0 } } },
    ])
    expect([...(await scene.home()).keys()].filter((path) => path.startsWith('Zoo'))).toHaveLength(1)
    const again = await scene.smugdl(['retry'])
    expect([again.code, again.err]).toEqual([0, expect.stringContaining('Nothing has failed')])
  })
})

describe('smugdl find', () => {
  it('looks in names, keys, captions and paths, whatever their case, and says where an image is', async () => {
    const { scene, video } = await afterRun()
    await using _ = scene
    for (const glob of ['A.JPG', '*sunset*', 'travel/rome/a.*', '**/a.jpg']) {
      const hits = (await scene.smugdl(['find', glob, '--json'])).rows()
      expect(hits).toMatchObject([{ fileName: 'a.jpg', home: [{ exporter: 'folder', path: 'Travel/Rome/a.jpg' }] }])
    }
    const { out } = await scene.smugdl(['find', video.key])
    expect(out).toMatch(
      /^Travel\/Rome\/dance\.\w+ \[Dance42\]\n {2}home {5}not there: SmugMug .*\n {2}SmugMug {2}http.*\n$/i,
    )
    expect(await scene.smugdl(['find', 'nothing'])).toMatchObject({ code: 1, out: '' })
  })
})
