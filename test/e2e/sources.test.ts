import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, scenario } from './scenario.ts'

function oneAlbum() {
  const world = new World()
  return { world, album: world.addAlbum({ name: 'Album' }) }
}

describe.concurrent('what comes home', () => {
  it('is the original where there is a right to it, without a request more', async ({ expect }) => {
    const { world, album } = oneAlbum()
    for (let i = 0; i < 5; i++) world.addImage(album)
    await using scene = await scenario(world)
    const run = await scene.download()
    expect(await expectAllHome(scene, run, { new: 5 })).toMatchObject({ renditions: 0, transcodes: 0 })
    expect(run.requests).toEqual({ api: 4, media: 5 }) // who, albums, folders, images
  })

  it('is a rendition where only ImageDownload or LargestImage is given, and is counted as such', async ({ expect }) => {
    const { world, album } = oneAlbum()
    world.addImage(album, { rights: 'download' })
    world.addImage(album, { rights: 'largest' })
    world.addImage(album)
    await using scene = await scenario(world)
    expect(await expectAllHome(scene, await scene.download(), { new: 3 })).toMatchObject({ renditions: 2 })
    const again = await scene.download()
    expect(await expectAllHome(scene, again, { unchanged: 3 })).toMatchObject({ renditions: 2 })
    const { stdout } = await scene.smugdl(['-o', scene.output])
    expect(stdout).toMatch(/2 pictures are smaller copies/)
  })

  it('is the original after the right came back', async ({ expect }) => {
    const { world, album } = oneAlbum()
    const image = world.addImage(album, { rights: 'largest' })
    await using scene = await scenario(world)
    expect(await expectAllHome(scene, await scene.download(), { new: 1 })).toMatchObject({ renditions: 1 })
    image.rights = 'original'
    expect(await expectAllHome(scene, await scene.download('--full'), { updated: 1 })).toMatchObject({ renditions: 0 })
  })

  it('is the original once SmugMug says so of the bytes that are home already', async ({ expect }) => {
    const { world, album } = oneAlbum()
    world.addImage(album)
    await using scene = await scenario(world)
    const edit = (answer: { Response: { AlbumImage: { ArchivedUri?: string }[] } }) => {
      for (const image of answer.Response.AlbumImage) delete image.ArchivedUri
      return answer
    }
    const heal = scene.smugmug.faults.add({ path: '!images', kind: 'api', do: { kind: 'edited', edit: edit as never } })
    expect(await expectAllHome(scene, await scene.download(), { new: 1 })).toMatchObject({ renditions: 1 })
    heal()
    const next = await scene.download('--full')
    expect(await expectAllHome(scene, next, { unchanged: 1 })).toMatchObject({ renditions: 0 })
    expect(next.requests.media).toBe(0)
  })

  it('stays the original when the right to it is taken away', async ({ expect }) => {
    const { world, album } = oneAlbum()
    const image = world.addImage(album)
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 1 })
    const before = await scene.home()
    image.rights = 'none'
    await expectHome(scene, await scene.download('--full'), { unchanged: 1 })
    expect(await scene.home()).toEqual(before)
  })

  it('is SmugMug’s conversion of a video, with its own extension, size and MD5', async ({ expect }) => {
    const { world, album } = oneAlbum()
    world.addVideo(album, { fileName: 'A.MOV', video: { size: 100_000 } })
    world.addVideo(album, { fileName: 'B.MOV', video: { ext: 'mp4', md5: 'absent' } })
    world.addVideo(album, { fileName: 'C.MOV', video: { sizeGiven: false, md5: 'empty' } })
    await using scene = await scenario(world)
    expect(await expectAllHome(scene, await scene.download(), { new: 3 })).toMatchObject({ transcodes: 3 })
    expect([...(await scene.home()).keys()]).toEqual(['Album/A.mp4', 'Album/B.mp4', 'Album/C.mp4'])
  })

  it('is a video also where the list does not bring along where it is', async ({ expect }) => {
    const { world, album } = oneAlbum()
    world.addVideo(album, { fileName: 'A.MOV' })
    await using scene = await scenario(world)
    // A server that does not know `_expand` answers 400; then nothing is asked of the list but the list.
    scene.smugmug.faults.add({ path: /_expand/, kind: 'api', do: { kind: 'status', status: 400 } })
    expect(await expectAllHome(scene, await scene.download(), { new: 1 })).toMatchObject({ transcodes: 1 })
  })

  it('is never the JPEG still that a video’s record tells of, whatever else is missing or unsaid', async ({
    expect,
  }) => {
    const { world, album } = oneAlbum()
    const named = (name: string) => ({ fileName: `${name}.MOV`, size: 20_000 })
    world.addVideo(album, named('whole'))
    world.addVideo(album, { ...named('only in the sizes'), video: { largest: false } })
    const none = world.addVideo(album, { ...named('no file'), rights: 'original' })
    none.video = undefined
    await using scene = await scenario(world)
    // Not even that it is one is always said.
    scene.smugmug.faults.add({
      path: '!images',
      do: {
        kind: 'edited',
        edit(answer) {
          for (const image of answer.Response.AlbumImage as Record<string, unknown>[]) delete image.IsVideo
          return answer
        },
      },
    })
    const { code, summary } = await scene.download()
    expect([code, summary?.failed]).toMatchObject([1, [{ item: expect.stringContaining('no file') }]])
    expect(summary?.exporters.folder).toMatchObject({ listed: 3, new: 2, failed: 1 })
    expect([...(await scene.home()).keys()]).toEqual(['Album/only in the sizes.mp4', 'Album/whole.mp4'])
    expect(scene.smugmug.requests.filter(({ path }) => path.includes('/D/'))).toEqual([])
  })

  it('has a video’s own time, which is UTC wherever this computer is, beside a photo’s by the camera’s clock', async ({
    expect,
  }) => {
    const { world, album } = oneAlbum()
    world.addVideo(album, { fileName: 'a.MOV', capturedAt: '2024-09-14T02:05:11' })
    world.addImage(album, { fileName: 'b.jpg', capturedAt: '2024-09-14T02:05:11' })
    await using scene = await scenario(world)
    const { code } = await scene.smugdl(['-o', scene.output, '-e', 'folder,manifest'], { TZ: 'America/New_York' })
    expect(code).toBe(0)
    const home = await scene.home()
    const time = (name: string) => new Date(Object(home.get(name)).mtimeMs).toISOString()
    expect(time('Album/a.mp4')).toBe('2024-09-14T02:05:11.000Z')
    expect(time('Album/b.jpg')).toBe('2024-09-14T06:05:11.000Z')
    const manifest = await readFile(join(scene.output, 'manifest.json'), 'utf8')
    expect(manifest.match(/"capturedAt": ?"[^"]+"/g)?.map((text) => text.replace(/^"capturedAt": ?/, ''))).toEqual([
      '"2024-09-14T02:05:11Z"',
      '"2024-09-14T02:05:11"',
    ])
  })

  it('is checked as far as SmugMug tells: without MD5, without size, without either', async () => {
    const { world, album } = oneAlbum()
    world.addImage(album, { md5: 'absent' })
    world.addImage(album, { md5: 'empty' })
    world.addImage(album, { sizeGiven: false })
    world.addImage(album, { md5: 'absent', sizeGiven: false })
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 4 })
    await expectAllHome(scene, await scene.download('--full'), { unchanged: 4 })
  })
})

describe.concurrent('what cannot come home', () => {
  it('is named with its reason: no right, still processing, never processed', async ({ expect }) => {
    const { world, album } = oneAlbum()
    world.addImage(album, { fileName: 'none.jpg', rights: 'none' })
    world.addVideo(album, { fileName: 'soon.MOV', processing: true, status: 'Preprocess' })
    world.addVideo(album, { fileName: 'never.MOV', processing: true, subStatus: 'CanNotProcess' })
    world.addImage(album, { fileName: 'fine.jpg' })
    await using scene = await scenario(world)
    const { failed, processing } = await expectHome(scene, await scene.download(), { new: 1, failed: 3 })
    const reasons = failed.map(({ item, reason }) => `${item}: ${reason}`)
    expect(reasons.sort()).toEqual([
      'Album/never.MOV: SmugMug failed to process it',
      'Album/none.jpg: SmugMug gives no copy of it to this login',
      'Album/soon.MOV: SmugMug is still processing it',
    ])
    for (const { next } of failed) expect(next).toBeTruthy()
    expect(processing).toBe(1)
    expect([...(await scene.home()).keys()]).toEqual(['Album/fine.jpg'])
  })

  it('is told by the next run too, and what hardly heals is not asked for again', async ({ expect }) => {
    const { world, album } = oneAlbum()
    world.addImage(album, { fileName: 'none.jpg', rights: 'none' })
    world.addImage(album, { fileName: 'fine.jpg' })
    await using scene = await scenario(world)
    await expectHome(scene, await scene.download(), { new: 1, failed: 1 })
    const again = await scene.download()
    await expectHome(scene, again, { unchanged: 1, failed: 1 })
    expect(again.requests).toEqual({ api: 2, media: 0 })
  })

  it('comes with a later run, once SmugMug has processed it', async () => {
    const { world, album } = oneAlbum()
    const video = world.addVideo(album, { fileName: 'soon.MOV', processing: true, video: {} })
    await using scene = await scenario(world)
    await expectHome(scene, await scene.download(), { failed: 1 })
    video.processing = false
    await expectAllHome(scene, await scene.download(), { new: 1 })
  })
})
