import { readdir, readFile, rm, utimes } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import zip from '../../../plugins/zip/index.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { type Album, type Image, World } from '../../../src/simulator/world.ts'
import { archiveContents } from '../../plugins/archive-contents.ts'
import { Backup } from '../adopt/backup.ts'

interface Home extends AsyncDisposable {
  backup: Backup
  world: World
  rome: Album
  oslo: Album
  images: Image[]
}

/** `Travel/Rome` with 30 pictures and `Travel/Oslo` with 2, at home. */
async function atHome(): Promise<Home> {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: 'Rome', in: travel })
  const oslo = world.addAlbum({ name: 'Oslo', in: travel })
  const images = Array.from({ length: 30 }, (_, n) => world.addImage(rome, { fileName: `${n + 1}.jpg`, size: 1000 }))
  for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(oslo, { fileName, size: 1000 })
  const backup = await Backup.of(world)
  await backup.run()
  return { backup, world, rome, oslo, images, [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose]() }
}

async function trashOf({ backup }: Home): Promise<string[]> {
  const entries = await readdir(backup.at('.smugdl/trash'), { recursive: true, withFileTypes: true }).catch(() => [])
  const trash = `${backup.at('.smugdl/trash')}/`
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(trash.length))
}

describe('a mirror', () => {
  it('is not made unless it is asked for: what is gone stays, and is counted', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    for (const image of images.slice(0, 3)) world.removeImage(image)
    expect(await backup.run()).toMatchObject({ gone: 3, failedInAll: 0 })
    expect((await backup.paths()).length).toBe(32)
  })

  it('moves what is gone into the trash of the day, under its own path, and knows it no more', async () => {
    await using home = await atHome()
    const { backup, world, images, oslo } = home
    const bytes = await readFile(backup.at('Travel/Rome/2.jpg'))
    for (const image of images.slice(0, 2)) world.removeImage(image)
    world.removeNode(oslo)
    const dry = await backup.run({ mirror: 'default', dryRun: true })
    expect([dry.removed, (await backup.paths()).length]).toEqual([4, 32])

    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 4, gone: 0, failedInAll: 0 })
    expect((await backup.paths()).length).toBe(28)
    const trash = await trashOf(home)
    expect(trash.map((path) => path.replace(/^\d{4}-\d\d-\d\d\//, '')).sort()).toEqual([
      'Travel/Oslo/a.jpg',
      'Travel/Oslo/b.jpg',
      'Travel/Rome/1.jpg',
      'Travel/Rome/2.jpg',
    ])
    const [two = ''] = trash.filter((path) => path.endsWith('2.jpg'))
    expect(await readFile(backup.at(`.smugdl/trash/${two}`))).toEqual(bytes)
    await expect(readdir(backup.at('Travel/Oslo'))).rejects.toThrow('ENOENT')
    {
      using catalog = backup.catalog()
      expect([[...catalog.listings.gone()], catalog.albums.get(oslo.key)]).toEqual([[], undefined])
    }
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 0, gone: 0 })
  })

  it('takes pictures out of an archive into one in the trash, and the archive with all of them', async () => {
    await using home = await atHome()
    const { backup, world, images, oslo } = home
    backup.exporters = [zip as Exporter]
    await backup.run()
    for (const image of images.slice(0, 2)) world.removeImage(image)
    world.removeNode(oslo)
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 4, failedInAll: 0 })
    const trash = (await trashOf(home)).map((path) => path.replace(/^\d{4}-\d\d-\d\d\//, ''))
    expect(trash.sort()).toEqual(['Travel/Oslo.zip', 'Travel/Rome [removed].zip'])
    expect(await archiveContents(backup.at('Travel/Rome.zip'))).toHaveLength(28)
    expect((await backup.paths()).filter((path) => path.endsWith('.jpg'))).toHaveLength(32)
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 0 })
  })

  it('removes no more than is allowed: by default a tenth and 20 files in any case, else nothing at all', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    for (const image of images.slice(0, 21)) world.removeImage(image)
    for (const mirror of ['default', { files: 20 }, { percent: 65 }] as const) {
      const { removed, failedInAll, failed } = await backup.run({ mirror })
      expect([removed, failedInAll, failed[0]?.reason]).toEqual([0, 1, expect.stringContaining('21 files are gone')])
      expect((await backup.paths()).length).toBe(32)
    }
    expect(await backup.run({ mirror: { percent: 66 } })).toMatchObject({ removed: 21, failedInAll: 0 })
  })

  it('is refused when an album could not be listed whole, in this run or in what it left unsaid', async () => {
    await using home = await atHome()
    const { backup, world, images, oslo } = home
    world.removeImage(images[0] as Image)
    oslo.locked = true
    oslo.updatedAt = world.tick()
    const { removed, failed } = await backup.run({ mirror: 'default' })
    expect([removed, failed.map(({ item }) => item)]).toEqual([0, expect.arrayContaining(['mirror', 'Travel/Oslo'])])
    expect((await backup.paths()).length).toBe(32)
  })

  it('is refused when the account announces far more than it lists', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    world.removeImage(images[0] as Image)
    world.user.imageCount = 200
    const { removed, failed } = await backup.run({ mirror: 'default' })
    expect([removed, failed[0]?.reason]).toEqual([
      0,
      expect.stringContaining('SmugMug announces 200 pictures and videos'),
    ])
  })

  it('takes nothing because a list left it out: what still answers in its place stays, and its album is listed again', async () => {
    await using home = await atHome()
    const { backup, world, images, rome } = home
    const [one, two, three] = images as [Image, Image, Image]
    world.removeImage(one)
    rome.imageCount = 27
    const heal = backup.smugmug.quirks.add({ path: '!images', do: { kind: 'hidden', keys: [two.key, three.key] } })
    for (const dryRun of [true, false]) {
      const { removed, failed } = await backup.run({ mirror: 'default', dryRun })
      expect([removed, failed.map(({ item }) => item)]).toEqual([1, ['Travel/Rome/2.jpg', 'Travel/Rome/3.jpg']])
      expect(failed[0]).toMatchObject({ imageKey: two.key, reason: expect.stringContaining('still has it: it stays') })
    }
    expect((await backup.paths()).length).toBe(31)
    heal()
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 0, failedInAll: 0, gone: 0 })
  })

  it('takes nothing when SmugMug finds nothing in its place, not even what is there', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    for (const image of images.slice(0, 3)) world.removeImage(image)
    backup.smugmug.faults.add({ path: '/image/', kind: 'api', do: { kind: 'status', status: 404 } })
    const { removed, failed } = await backup.run({ mirror: 'default' })
    expect([removed, failed]).toMatchObject([
      0,
      [{ item: 'mirror', reason: expect.stringContaining('that are there') }],
    ])
    expect((await backup.paths()).length).toBe(32)
    backup.smugmug.faults.clear()
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 3, failedInAll: 0 })
  })

  it('leaves what SmugMug does not tell of, and names it', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    for (const image of images.slice(0, 3)) world.removeImage(image)
    const fault = { kind: 'status', status: 403 } as const
    backup.smugmug.faults.add({ path: `/image/${images[0]?.key}`, kind: 'api', do: fault })
    const { removed, failed } = await backup.run({ mirror: 'default' })
    expect([removed, failed]).toMatchObject([
      2,
      [{ item: 'Travel/Rome/1.jpg', reason: expect.stringContaining('(403)') }],
    ])
  })

  it('of some albums touches no other, nor what is gone with its album', async () => {
    await using home = await atHome()
    const { backup, world, images, oslo } = home
    const attic = world.addAlbum({ name: 'Attic' })
    world.addImage(attic)
    await backup.run()
    world.removeImage(images[0] as Image)
    world.removeImage(oslo.images[0] as Image)
    world.removeNode(attic)
    expect(await backup.run({ mirror: 'default', albums: ['Travel/Oslo'] })).toMatchObject({ removed: 1 })
    expect(await backup.run({ mirror: 'default', exclude: ['**/Rome'] })).toMatchObject({ removed: 0 })
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 2 })
  })

  it('leaves what the user changed and names it once; a copy with another time is still ours', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    for (const image of images.slice(0, 3)) world.removeImage(image)
    await backup.write('Travel/Rome/1.jpg', 'my own')
    await utimes(backup.at('Travel/Rome/2.jpg'), 1, 1)
    await rm(backup.at('Travel/Rome/3.jpg'))
    const { removed, notices, gone } = await backup.run({ mirror: 'default' })
    expect([removed, gone]).toEqual([2, 0])
    expect(notices).toEqual([expect.stringContaining('you changed Travel/Rome/1.jpg')])
    expect(await readFile(backup.at('Travel/Rome/1.jpg'), 'utf8')).toBe('my own')
    expect((await trashOf(home)).map((path) => path.slice(11))).toEqual(['Travel/Rome/2.jpg'])
    expect((await backup.run({ mirror: 'default' })).notices).toEqual([])
  })

  it('keeps an image that moved to another album, where it is now', async () => {
    await using home = await atHome()
    const { backup, world, images, rome, oslo } = home
    const { downloads } = backup
    world.moveImage(images[0] as Image, rome, oslo)
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 1 })
    expect(backup.downloads).toBe(downloads)
    const paths = await backup.paths()
    expect([paths.includes('Travel/Rome/1.jpg'), paths.includes('Travel/Oslo/1.jpg')]).toEqual([false, true])
  })

  it('leaves what an exporter that cannot remove has made', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    const keeper: Exporter = {
      name: 'keeper',
      apiVersion: 1,
      keeps: 'elsewhere',
      create: () => ({ deliver: (image) => ({ path: image.name }) }),
    }
    backup.exporters = [...backup.exporters, keeper]
    await backup.run()
    world.removeImage(images[0] as Image)
    expect(await backup.run({ mirror: 'default' })).toMatchObject({ removed: 1, gone: 1 })
    using catalog = backup.catalog()
    expect(catalog.deliveries.totals('keeper').files).toBe(32)
  })
})

describe('the trash', () => {
  const earlier = async (home: Home) =>
    Promise.all(
      (await trashOf(home)).map((path) => home.backup.at(`.smugdl/trash/${path}`)).map((path) => readFile(path)),
    )

  it('gets the old bytes of a picture that was replaced on SmugMug, and keeps them until it is emptied', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    const [image] = images
    if (image === undefined) throw new Error('no image')
    const old = await readFile(backup.at('Travel/Rome/1.jpg'))
    world.replaceImage(image)
    expect((await backup.run({ full: true })).failedInAll).toBe(0)
    expect(await readFile(backup.at('Travel/Rome/1.jpg'))).not.toEqual(old)
    expect(await earlier(home)).toEqual([old])
    await backup.run({ full: true, pruneTrashDays: 2 })
    expect(await earlier(home)).toEqual([old])
    await backup.run({ pruneTrashDays: 1 })
    expect(await trashOf(home)).toEqual([])
    expect(await backup.paths()).toHaveLength(32)
  })

  it('gets nothing of an archive that is written again', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    backup.exporters = [zip as Exporter]
    await backup.run()
    const [image] = images
    if (image === undefined) throw new Error('no image')
    world.replaceImage(image)
    expect((await backup.run({ full: true })).failedInAll).toBe(0)
    expect(await trashOf(home)).toEqual([])
  })

  it('is emptied of days that are old enough, and of nothing else', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    for (const image of images.slice(0, 3)) {
      world.removeImage(image)
      await backup.run({ mirror: 'default' })
    }
    const days = async () => (await readdir(backup.at('.smugdl/trash'))).sort()
    const [first, second, third] = await days()
    await backup.write('.smugdl/trash/notes.txt', 'mine')
    await backup.run({ pruneTrashDays: 3, dryRun: true })
    await backup.run({ pruneTrashDays: 5 })
    expect(await days()).toEqual([first, second, third, 'notes.txt'])
    await backup.run({ pruneTrashDays: 4 })
    expect(await days()).toEqual([third, 'notes.txt'])
  })
})
