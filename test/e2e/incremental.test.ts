import { describe, it } from 'vitest'
import { type Album, type Image, World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, type Scenario, scenario } from './scenario.ts'

/** `Trips/Rome`, `Trips/Oslo` and `Garden`, with `a.jpg` and `b.jpg` in each, all of it at home. */
async function atHome(change: (world: World) => unknown = () => {}) {
  const world = new World()
  change(world)
  const trips = world.addFolder({ name: 'Trips' })
  const [rome, oslo, garden] = [
    world.addAlbum({ name: 'Rome', in: trips }),
    world.addAlbum({ name: 'Oslo', in: trips }),
    world.addAlbum({ name: 'Garden' }),
  ]
  for (const album of [rome, oslo, garden])
    for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName })
  const scene = await scenario(world)
  await expectAllHome(scene, await scene.download(), { new: 6 })
  return { scene, world, trips, rome, oslo, garden, first: imageOf(rome, 0) }
}

function imageOf({ images }: Album, index: number): Image {
  const image = images[index]
  if (image === undefined) throw new Error(`the album has no image ${index}`)
  return image
}

const paths = async (scene: Scenario) => [...(await scene.home()).keys()]

/** What a run asks before it asks for anything in particular: whose account it is, and which albums it has. */
const alwaysAsked = 2

describe.concurrent('a run over what did not change', () => {
  it('costs two API requests and no download on an account of sixty albums', async ({ expect }) => {
    const world = new World()
    for (let i = 0; i < 10; i++) {
      const folder = world.addFolder({ name: `Folder ${i}` })
      for (let j = 0; j < 6; j++) world.addImage(world.addAlbum({ name: `Album ${j}`, in: folder }), { size: 1000 })
    }
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 60 })
    const again = await scene.download()
    const { albums, apiRequests } = await expectAllHome(scene, again, { unchanged: 60 })
    expect(again.requests).toEqual({ api: alwaysAsked, media: 0 })
    expect({ albums, apiRequests }).toEqual({
      albums: { listed: 0, trusted: 60, excluded: 0 },
      apiRequests: again.requests.api,
    })
  })

  it('lists every album again with --full, and downloads nothing', async ({ expect }) => {
    const { scene } = await atHome()
    await using _ = scene
    const again = await scene.download('--full')
    const { albums } = await expectAllHome(scene, again, { unchanged: 6 })
    expect(albums).toMatchObject({ listed: 3, trusted: 0 })
    expect(again.requests.media).toBe(0)
  })

  it('lists again what was listed too long ago, too', async ({ expect }) => {
    const { scene } = await atHome()
    await using _ = scene
    const again = await scene.download('--relist-after', '0')
    expect((await expectAllHome(scene, again, { unchanged: 6 })).albums).toMatchObject({ listed: 3 })
  })

  it('does not lose a time of a file: it is when the picture was taken', async ({ expect }) => {
    const world = new World()
    const album = world.addAlbum({ name: 'Album' })
    world.addImage(album, { fileName: 'taken.jpg', capturedAt: '2019-07-03T18:15:30' })
    world.addImage(album, { fileName: 'uploaded.jpg', uploadedAt: Date.UTC(2020, 1, 2, 3, 4, 5) })
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 2 })
    const times = [...(await scene.home()).values()].map((file) => new Date(Object(file).mtimeMs).toISOString())
    expect(times).toEqual(['2019-07-03T18:15:30.000Z', '2020-02-02T03:04:05.000Z'])
  })
})

describe.concurrent('a change on SmugMug costs what it takes:', () => {
  it('a new image one listing and one download', async ({ expect }) => {
    const { scene, world, rome } = await atHome()
    await using _ = scene
    world.addImage(rome, { fileName: 'c.jpg' })
    const next = await scene.download()
    await expectAllHome(scene, next, { new: 1, unchanged: 6 })
    expect(next.requests).toEqual({ api: alwaysAsked + 1, media: 1 })
  })

  it('a new album the walk of the folders besides', async ({ expect }) => {
    const { scene, world, trips } = await atHome()
    await using _ = scene
    world.addImage(world.addAlbum({ name: 'Paris', in: trips }), { fileName: 'a.jpg' })
    const next = await scene.download()
    await expectAllHome(scene, next, { new: 1, unchanged: 6 })
    expect(next.requests).toEqual({ api: alwaysAsked + 2 + 1, media: 1 })
    expect(await paths(scene)).toContain('Trips/Paris/a.jpg')
  })

  it('a replaced image one download, where SmugMug announces it', async ({ expect }) => {
    const { scene, world, first } = await atHome((world) => {
      world.editsMoveImagesLastUpdated = true
    })
    await using _ = scene
    world.replaceImage(first)
    const next = await scene.download()
    await expectAllHome(scene, next, { updated: 1, unchanged: 5 })
    expect(next.requests).toEqual({ api: alwaysAsked + 1, media: 1 })
    expect(await paths(scene)).toHaveLength(6)
  })

  it('a replaced image that nothing announces is found by --full', async ({ expect }) => {
    const { scene, world, first } = await atHome()
    await using _ = scene
    world.replaceImage(first)
    await expectHome(scene, await scene.download(), { unchanged: 6 })
    const next = await scene.download('--full')
    await expectAllHome(scene, next, { updated: 1, unchanged: 5 })
    expect(next.requests.media).toBe(1)
  })

  it('another caption nothing but a listing', async ({ expect }) => {
    const { scene, world, first } = await atHome()
    await using _ = scene
    const before = await scene.home()
    world.editImage(first, { caption: 'By the river', title: 'Rome', keywords: ['river'] })
    const next = await scene.download('--full')
    await expectAllHome(scene, next, { unchanged: 6 })
    expect(next.requests.media).toBe(0)
    expect(await scene.home()).toEqual(before)
  })

  it('another file name a move', async ({ expect }) => {
    const { scene, world, first } = await atHome()
    await using _ = scene
    const before = await scene.home()
    world.editImage(first, { fileName: 'renamed.jpg' })
    const next = await scene.download('--full')
    await expectAllHome(scene, next, { updated: 1, unchanged: 5 })
    expect(next.requests.media).toBe(0)
    expect(next.summary?.exporters.folder?.bytes).toBe(0)
    expect((await scene.home()).get('Trips/Rome/renamed.jpg')).toEqual(before.get('Trips/Rome/a.jpg'))
    expect(await paths(scene)).not.toContain('Trips/Rome/a.jpg')
  })

  it('another order nothing but a listing', async ({ expect }) => {
    const { scene, world, rome } = await atHome()
    await using _ = scene
    world.rearrange(rome, [...rome.images].reverse())
    const next = await scene.download()
    await expectAllHome(scene, next, { unchanged: 6 })
    expect(next.requests).toEqual({ api: alwaysAsked + 1, media: 0 })
  })

  it('a renamed album a move, and its old folder goes', async ({ expect }) => {
    const { scene, world, rome } = await atHome()
    await using _ = scene
    world.rename(rome, 'Roma')
    const next = await scene.download()
    await expectAllHome(scene, next, { updated: 2, unchanged: 4 })
    expect(next.requests.media).toBe(0)
    expect((await paths(scene)).slice(-4)).toEqual([
      'Trips/Oslo/a.jpg',
      'Trips/Oslo/b.jpg',
      'Trips/Roma/a.jpg',
      'Trips/Roma/b.jpg',
    ])
  })

  it('an album in another folder a move', async ({ expect }) => {
    const { scene, world, trips, garden } = await atHome()
    await using _ = scene
    world.moveNode(garden, world.addFolder({ name: '2024', in: trips }))
    const next = await scene.download()
    await expectAllHome(scene, next, { updated: 2, unchanged: 4 })
    expect(next.requests.media).toBe(0)
    expect((await paths(scene)).slice(0, 2)).toEqual(['Trips/2024/Garden/a.jpg', 'Trips/2024/Garden/b.jpg'])
  })

  it('a renamed folder a move of all that is in it', async ({ expect }) => {
    const { scene, world, trips } = await atHome()
    await using _ = scene
    world.rename(trips, 'Journeys')
    const next = await scene.download()
    await expectAllHome(scene, next, { updated: 4, unchanged: 2 })
    expect(next.requests.media).toBe(0)
    expect([...new Set((await paths(scene)).map((path) => path.split('/')[0]))]).toEqual(['Garden', 'Journeys'])
  })

  it('a moved folder, however deep, likewise', async ({ expect }) => {
    const { scene, world, trips } = await atHome()
    await using _ = scene
    world.moveNode(trips, world.addFolder({ name: 'Archive' }))
    const next = await scene.download()
    await expectAllHome(scene, next, { updated: 4, unchanged: 2 })
    expect(next.requests.media).toBe(0)
    expect((await paths(scene))[0]).toBe('Archive/Trips/Oslo/a.jpg')
  })

  it('two albums that swap their names a move of both', async ({ expect }) => {
    const { scene, world, rome, oslo } = await atHome()
    await using _ = scene
    world.rename(rome, 'Passing by')
    world.rename(oslo, 'Rome')
    world.rename(rome, 'Oslo')
    const next = await scene.download('--full')
    await expectAllHome(scene, next)
    expect(next.requests.media).toBe(0)
    expect(await paths(scene)).toHaveLength(6)
    const settled = await scene.download('--full')
    await expectAllHome(scene, settled, { unchanged: 6 })
  })

  it('an image that moved to another album no download', async ({ expect }) => {
    const { scene, world, rome, garden, first } = await atHome()
    await using _ = scene
    world.moveImage(first, rome, garden)
    const next = await scene.download()
    const { gone } = await expectHome(scene, next, { new: 1, unchanged: 5 })
    expect(next.requests.media).toBe(0)
    expect(gone).toBe(1)
    expect((await scene.difference()).missing).toEqual([])
  })

  it('an image that a second album collects no download', async ({ expect }) => {
    const { scene, world, garden, first } = await atHome()
    await using _ = scene
    world.collect(first, garden)
    const next = await scene.download()
    await expectAllHome(scene, next, { new: 1, unchanged: 6 })
    expect(next.requests.media).toBe(0)
  })
})

describe.concurrent('the same picture twice', () => {
  it('in two albums is fetched once and is in both', async ({ expect }) => {
    const world = new World()
    const image = world.addImage(world.addAlbum({ name: 'One' }), { fileName: 'a.jpg' })
    for (const name of ['Two', 'Three']) world.collect(image, world.addAlbum({ name }))
    await using scene = await scenario(world)
    const run = await scene.download()
    const { downloaded } = await expectAllHome(scene, run, { new: 3 })
    expect(run.requests.media).toBe(1)
    expect(downloaded.files).toBe(1)
    expect(await paths(scene)).toEqual(['One/a.jpg', 'Three/a.jpg', 'Two/a.jpg'])
  })

  it('uploaded twice is fetched once', async ({ expect }) => {
    const world = new World()
    for (const name of ['One', 'Two'])
      world.addImage(world.addAlbum({ name }), { fileName: 'a.jpg', seed: 7, size: 9000 })
    await using scene = await scenario(world)
    const run = await scene.download()
    await expectAllHome(scene, run, { new: 2 })
    expect(run.requests.media).toBe(1)
  })
})

describe.concurrent('what was deleted on SmugMug stays at home, and that is said:', () => {
  it('an image', async ({ expect }) => {
    const { scene, world, first } = await atHome()
    await using _ = scene
    const before = await scene.home()
    world.removeImage(first)
    const { gone } = await expectHome(scene, await scene.download(), { unchanged: 5 })
    expect(gone).toBe(1)
    expect(await scene.home()).toEqual(before)
    const { stdout } = await scene.smugdl(['-o', scene.output])
    expect(stdout).toMatch(/1 picture or video at home no longer on SmugMug/)
  })

  it('an album, and a folder with all that it holds', async ({ expect }) => {
    // An account that lists no album at all is not believed; this one still has one.
    const { scene, world, garden, trips } = await atHome((world) => world.addAlbum({ name: 'Empty' }))
    await using _ = scene
    const before = await scene.home()
    world.removeNode(garden)
    world.removeNode(trips)
    const { gone } = await expectHome(scene, await scene.download(), {})
    expect(gone).toBe(6)
    expect(await scene.home()).toEqual(before)
  })

  it('an image that comes back is unchanged', async ({ expect }) => {
    const { scene, world, rome, first } = await atHome()
    await using _ = scene
    world.removeImage(first)
    await expectHome(scene, await scene.download(), { unchanged: 5 })
    const { albums: _albums, ...facts } = first
    world.addImage(rome, { ...facts, video: undefined })
    const next = await scene.download()
    await expectAllHome(scene, next, { unchanged: 6 })
    expect(next.requests.media).toBe(0)
  })
})

describe.concurrent('a changed option', () => {
  it('moves what is at home, and back', async ({ expect }) => {
    const { scene, world } = await atHome()
    await using _ = scene
    world.addImage(world.addAlbum({ name: 'Ångström & sons' }), { fileName: 'a.jpg' })
    await expectAllHome(scene, await scene.download(), { new: 1, unchanged: 6 })
    const before = await scene.home()
    const moved = await scene.download('--set', 'folder.path={album.url}/{name}')
    await expectAllHome(scene, moved, { updated: 1, unchanged: 6 })
    expect(moved.requests.media).toBe(0)
    expect(await paths(scene)).not.toContain('Ångström & sons/a.jpg')
    await expectAllHome(scene, await scene.download(), { unchanged: 7 })
    const back = await scene.download('--set', 'folder.path={album.path}/{name}')
    await expectAllHome(scene, back, { updated: 1, unchanged: 6 })
    expect(back.requests.media).toBe(0)
    expect(await scene.home()).toEqual(before)
  })
})
