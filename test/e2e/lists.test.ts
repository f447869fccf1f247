import { describe, it } from 'vitest'
import { type Album, World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, scenario } from './scenario.ts'

function albumOf(count: number, world = new World()): { world: World; album: Album } {
  const album = world.addAlbum({ name: 'Album' })
  for (let i = 0; i < count; i++) world.addImage(album, { fileName: `${i}.jpg`, size: 1000 })
  return { world, album }
}

/** Pages of three, so that every boundary is near. */
const pagesOfThree = { clamps: { AlbumImages: 3, UserAlbums: 3, ChildNodes: 3 } }

describe.concurrent('lists come whole', () => {
  for (const count of [0, 1, 2, 3, 4, 6, 7]) {
    it(`of ${count} images, albums and folders, three a page`, async ({ expect }) => {
      const { world } = albumOf(count)
      const albums = world.addFolder({ name: 'Albums' })
      const folders = world.addFolder({ name: 'Folders' })
      for (let i = 0; i < count; i++) {
        world.addImage(world.addAlbum({ name: `Album ${i}`, in: albums }), { size: 1000 })
        world.addImage(world.addAlbum({ name: 'Inner', in: world.addFolder({ name: `${i}`, in: folders }) }), {
          size: 1000,
        })
      }
      await using scene = await scenario(world, pagesOfThree)
      const run = await scene.download()
      await expectAllHome(scene, run, { new: 3 * count })
      expect(run.events.find(({ type }) => type === 'walk.finished')).toMatchObject({
        albums: 1 + 2 * count,
        folders: 2 + count,
      })
    })
  }

  it('of exactly one page as SmugMug has them, and of one more', async () => {
    const { world } = albumOf(100)
    albumOf(101, world)
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 201 })
  })

  it('although each page begins with the last item of the one before', async () => {
    const { world } = albumOf(8)
    await using scene = await scenario(world, pagesOfThree)
    scene.smugmug.quirks.add({ path: '!images', do: { kind: 'overlap' } })
    await expectAllHome(scene, await scene.download(), { new: 8 })
  })

  it('although their Total says less than they hold', async () => {
    const { world } = albumOf(8)
    await using scene = await scenario(world, pagesOfThree)
    scene.smugmug.quirks.add({ path: '!images', do: { kind: 'total', add: -1 } })
    await expectAllHome(scene, await scene.download(), { new: 8 })
  })

  it('when an image is left out once: the list is read again', async () => {
    const { world, album } = albumOf(8)
    await using scene = await scenario(world, pagesOfThree)
    const key = album.images[4]?.key ?? ''
    scene.smugmug.quirks.add({ path: '!images', times: 1, do: { kind: 'missing', keys: [key] } })
    await expectAllHome(scene, await scene.download(), { new: 8 })
  })

  it('in another order on every page, or it is said that they do not', async ({ expect }) => {
    const { world } = albumOf(7)
    await using scene = await scenario(world, pagesOfThree)
    scene.smugmug.quirks.add({ path: '!images', do: { kind: 'shuffled', every: 'page' } })
    const run = await scene.download()
    const { failed } = run.summary ?? { failed: [] }
    // Two readings may not be enough for such a list; then it is said, and nothing that came is lost.
    if (failed.length === 0) await expectAllHome(scene, run, { new: 7 })
    else expect(failed).toMatchObject([{ item: 'Album', reason: expect.stringMatching(/lists \d of 7/) }])
  })

  it('of albums: one that is left out once is asked for again', async () => {
    const world = new World()
    const albums = Array.from({ length: 5 }, (_, i) => world.addAlbum({ name: `${i}` }))
    for (const album of albums) world.addImage(album)
    await using scene = await scenario(world, pagesOfThree)
    scene.smugmug.quirks.add({ path: '!albums', times: 1, do: { kind: 'missing', keys: [albums[2]?.key ?? ''] } })
    await expectAllHome(scene, await scene.download(), { new: 5 })
  })
})

describe.concurrent('a list that stays short', () => {
  it('is one failed entry, what it lists comes home, and the next run mends it', async ({ expect }) => {
    const { world, album } = albumOf(8)
    world.addImage(world.addAlbum({ name: 'Other' }))
    await using scene = await scenario(world, pagesOfThree)
    const mend = scene.smugmug.quirks.add({
      path: `${album.key}!images`,
      do: { kind: 'missing', keys: [album.images[4]?.key ?? ''] },
    })
    const { failed } = await expectHome(scene, await scene.download(), { new: 8, failed: 1 })
    expect(failed).toMatchObject([{ item: 'Album', reason: expect.stringContaining('7 of 8') }])
    expect(await scene.difference()).toEqual({ missing: ['Album/4.jpg'], unexpected: [] })
    mend()
    await expectAllHome(scene, await scene.download(), { new: 1, unchanged: 8 })
  })

  it('because a Total says more than there is costs nothing that is there', async ({ expect }) => {
    const { world } = albumOf(5)
    await using scene = await scenario(world, pagesOfThree)
    scene.smugmug.quirks.add({ path: '!images', do: { kind: 'total', add: 1 } })
    const { failed } = await expectHome(scene, await scene.download(), { new: 5, failed: 1 })
    expect(failed).toMatchObject([{ item: 'Album', reason: expect.stringContaining('5 of 6') }])
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
  })

  it('because a page is 404 is not taken for its end', async ({ expect }) => {
    const { world } = albumOf(8)
    await using scene = await scenario(world, pagesOfThree)
    const mend = scene.smugmug.faults.add({ path: 'start=4', kind: 'api', do: { kind: 'status', status: 404 } })
    const { failed } = await expectHome(scene, await scene.download(), { new: 3, failed: 1 })
    expect(failed).toMatchObject([{ item: 'Album' }])
    mend()
    await expectAllHome(scene, await scene.download(), { new: 5, unchanged: 3 })
  })

  it('because a page is empty is told', async ({ expect }) => {
    const { world } = albumOf(8)
    await using scene = await scenario(world, pagesOfThree)
    scene.smugmug.quirks.add({ path: 'start=4', do: { kind: 'emptyPage' } })
    const { failed } = await expectHome(scene, await scene.download(), { new: 3, failed: 5 })
    expect(failed).toMatchObject([{ item: 'Album', reason: expect.stringContaining('3 of 8') }])
  })

  it('takes nothing for deleted', async ({ expect }) => {
    const { world, album } = albumOf(5)
    await using scene = await scenario(world, pagesOfThree)
    await expectAllHome(scene, await scene.download(), { new: 5 })
    scene.smugmug.quirks.add({ path: '!images', do: { kind: 'missing', keys: [album.images[1]?.key ?? ''] } })
    const { gone } = await expectHome(scene, await scene.download('--full'), { unchanged: 5, failed: 1 })
    expect(gone).toBe(0)
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
  })
})

describe.concurrent('an account that lists fewer images than it announces', () => {
  it('is said so, without changing the exit code', async ({ expect }) => {
    const { world } = albumOf(3)
    world.user.imageCount = 5
    await using scene = await scenario(world)
    const { announced } = await expectAllHome(scene, await scene.download(), { new: 3 })
    expect(announced).toBe(5)
    const { stdout, stderr } = await scene.smugdl(['-o', scene.output])
    expect(stdout + stderr).toMatch(/counter says 5/)
  })
})
