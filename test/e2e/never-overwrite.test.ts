import { lstat, mkdir, readFile, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'vitest'
import { readAll } from '../../src/simulator/content.ts'
import { originalOf } from '../../src/simulator/files.ts'
import { type Image, World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, type Scenario, scenario } from './scenario.ts'

/** `Album` with the image `a.jpg`. */
async function oneImage(): Promise<{ scene: Scenario; image: Image }> {
  const world = new World()
  const image = world.addImage(world.addAlbum({ name: 'Album' }), { fileName: 'a.jpg' })
  return { scene: await scenario(world), image }
}

async function write({ output }: Scenario, path: string, data: string | Buffer): Promise<void> {
  await mkdir(dirname(join(output, path)), { recursive: true })
  await writeFile(join(output, path), data)
}

const read = ({ output }: Scenario, path: string) => readFile(join(output, path), 'utf8')

describe.concurrent('what a user has under a name that we want', () => {
  it('stays as it is: ours is beside it, and that is said', async ({ expect }) => {
    const { scene, image } = await oneImage()
    await using _ = scene
    await write(scene, 'Album/a.jpg', 'mine')
    const { notices } = await expectHome(scene, await scene.download(), { new: 1 })
    const beside = `Album/a [${image.key}].jpg`
    expect(await scene.difference()).toEqual({ missing: [], unexpected: ['Album/a.jpg'] })
    expect([...(await scene.home()).keys()].sort()).toEqual([beside, 'Album/a.jpg'].sort())
    expect(await read(scene, 'Album/a.jpg')).toBe('mine')
    expect(notices.join()).toContain('Album/a.jpg')
    await expectHome(scene, await scene.download(), { unchanged: 1 })
    await expectHome(scene, await scene.download('--full'), { unchanged: 1 })
    expect(await read(scene, 'Album/a.jpg')).toBe('mine')
  })

  it('stays also when both names are taken: the picture is a named failure', async ({ expect }) => {
    const { scene, image } = await oneImage()
    await using _ = scene
    await write(scene, 'Album/a.jpg', 'mine')
    await write(scene, `Album/a [${image.key}].jpg`, 'mine too')
    const { failed } = await expectHome(scene, await scene.download(), { failed: 1 })
    expect(failed).toMatchObject([{ item: 'Album/a.jpg', next: expect.stringContaining('Move one of them') }])
    expect(await read(scene, 'Album/a.jpg')).toBe('mine')
    expect(await read(scene, `Album/a [${image.key}].jpg`)).toBe('mine too')
  })

  it('is taken as it is when it has the same bytes', async ({ expect }) => {
    const { scene, image } = await oneImage()
    await using _ = scene
    await write(scene, 'Album/a.jpg', readAll(originalOf(image).content))
    const before = await lstat(join(scene.output, 'Album/a.jpg'))
    await expectAllHome(scene, await scene.download(), { new: 1 })
    expect([...(await scene.home()).keys()]).toEqual(['Album/a.jpg'])
    expect((await lstat(join(scene.output, 'Album/a.jpg'))).ino).toBe(before.ino)
    const again = await scene.download()
    await expectAllHome(scene, again, { unchanged: 1 })
    expect(again.requests.media).toBe(0)
  })

  it('may be a link, and is not followed', async ({ expect }) => {
    const { scene } = await oneImage()
    await using _ = scene
    await write(scene, '../elsewhere.jpg', 'not in the output')
    await mkdir(join(scene.output, 'Album'), { recursive: true })
    await symlink(join(scene.folder, 'elsewhere.jpg'), join(scene.output, 'Album/a.jpg'))
    await expectHome(scene, await scene.download(), { new: 1 })
    expect(await scene.difference()).toEqual({ missing: [], unexpected: ['Album/a.jpg'] })
    expect(await readlink(join(scene.output, 'Album/a.jpg'))).toBe(join(scene.folder, 'elsewhere.jpg'))
    expect(await read(scene, '../elsewhere.jpg')).toBe('not in the output')
  })

  it('may be a link that leads nowhere', async ({ expect }) => {
    const { scene } = await oneImage()
    await using _ = scene
    await mkdir(join(scene.output, 'Album'), { recursive: true })
    await symlink(join(scene.folder, 'nowhere.jpg'), join(scene.output, 'Album/a.jpg'))
    await expectHome(scene, await scene.download(), { new: 1 })
    expect(await scene.difference()).toEqual({ missing: [], unexpected: ['Album/a.jpg'] })
  })

  it('may be a folder with something in it', async ({ expect }) => {
    const { scene, image } = await oneImage()
    await using _ = scene
    await write(scene, 'Album/a.jpg/notes.txt', 'mine')
    await expectHome(scene, await scene.download(), { new: 1 })
    expect([...(await scene.home()).keys()].sort()).toEqual(
      [`Album/a [${image.key}].jpg`, 'Album/a.jpg/notes.txt'].sort(),
    )
  })

  it('may be a file where the album’s folder should be: a named failure', async ({ expect }) => {
    const { scene } = await oneImage()
    await using _ = scene
    await write(scene, 'Album', 'mine')
    const { failed } = await expectHome(scene, await scene.download(), { failed: 1 })
    expect(failed.length).toBeGreaterThan(0)
    expect(await read(scene, 'Album')).toBe('mine')
  })
})

describe.concurrent('what a user does to our files', () => {
  it('is undone by a download when one was deleted', async ({ expect }) => {
    const { scene } = await oneImage()
    await using _ = scene
    await expectAllHome(scene, await scene.download(), { new: 1 })
    await rm(join(scene.output, 'Album'), { recursive: true })
    const next = await scene.download()
    await expectAllHome(scene, next, { updated: 1 })
    expect(next.requests.media).toBe(1)
  })

  it('counts for nothing when only the time of a file is another', async ({ expect }) => {
    const { scene } = await oneImage()
    await using _ = scene
    await expectAllHome(scene, await scene.download(), { new: 1 })
    await utimes(join(scene.output, 'Album/a.jpg'), 1_000_000_000, 1_000_000_000)
    const next = await scene.download()
    await expectAllHome(scene, next, { unchanged: 1 })
    expect(next.requests.media).toBe(0)
    const third = await scene.download()
    await expectAllHome(scene, third, { unchanged: 1 })
    expect(third.requests).toEqual({ api: 2, media: 0 })
  })

  it('stays when a file was changed: ours is fetched again and put beside', async ({ expect }) => {
    const { scene, image } = await oneImage()
    await using _ = scene
    await expectAllHome(scene, await scene.download(), { new: 1 })
    await write(scene, 'Album/a.jpg', 'retouched')
    const next = await scene.download()
    const { notices } = await expectHome(scene, next, { updated: 1 })
    expect(await read(scene, 'Album/a.jpg')).toBe('retouched')
    expect(await scene.difference()).toEqual({ missing: [], unexpected: ['Album/a.jpg'] })
    expect(notices.join()).toContain(`a [${image.key}].jpg`)
    await expectHome(scene, await scene.download('--full'), { unchanged: 1 })
  })

  it('stays when a file was changed and then replaced on SmugMug, too', async ({ expect }) => {
    const { scene, image } = await oneImage()
    await using _ = scene
    await expectAllHome(scene, await scene.download(), { new: 1 })
    await write(scene, 'Album/a.jpg', 'retouched')
    scene.smugmug.world.replaceImage(image)
    await expectHome(scene, await scene.download('--full'), { updated: 1 })
    expect(await read(scene, 'Album/a.jpg')).toBe('retouched')
    expect(await scene.difference()).toEqual({ missing: [], unexpected: ['Album/a.jpg'] })
  })

  it('stays: what was added to our folders is never touched', async ({ expect }) => {
    const { scene, image } = await oneImage()
    await using _ = scene
    await expectAllHome(scene, await scene.download(), { new: 1 })
    await write(scene, 'Album/notes.txt', 'mine')
    const [album] = image.albums
    if (album) scene.smugmug.world.rename(album, 'Renamed')
    await expectHome(scene, await scene.download('--full'), { updated: 1 })
    expect([...(await scene.home()).keys()]).toEqual(['Album/notes.txt', 'Renamed/a.jpg'])
  })
})
