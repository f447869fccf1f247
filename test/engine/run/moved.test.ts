import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Album, type Image, World } from '../../../src/simulator/world.ts'
import { difference } from '../../e2e/home.ts'
import { Backup } from '../adopt/backup.ts'

interface Home extends AsyncDisposable {
  backup: Backup
  world: World
  italy: Album
  images: Image[]
  /** Downloads since everything was at home. */
  downloads(): number
}

/** `Travel/Italy` with six pictures and `Travel/Oslo` with two, at home. */
async function atHome(): Promise<Home> {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const italy = world.addAlbum({ name: 'Italy', in: travel })
  const oslo = world.addAlbum({ name: 'Oslo', in: travel })
  const images = Array.from({ length: 6 }, (_, n) => world.addImage(italy, { fileName: `${n + 1}.jpg`, size: 1000 }))
  for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(oslo, { fileName, size: 1000 })
  const backup = await Backup.of(world)
  await backup.run()
  const first = backup.downloads
  const downloads = () => backup.downloads - first
  return { backup, world, italy, images, downloads, [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose]() }
}

/** Everything is where the catalog says, each with its bytes, and nothing else is there. */
async function allProven({ backup }: Home, files = 8): Promise<void> {
  expect(await backup.verify()).toMatchObject({ ok: files, missing: 0, changed: 0, unknown: 0, findings: [] })
  expect(difference(backup.smugmug.listing(), await backup.files())).toEqual({ missing: [], unexpected: [] })
}

/** Another time for each file below, as a copy without times has it, or a disk that knows no zones. */
async function shiftTimes(folder: string, byMs: number): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || path.includes('.smugdl')) continue
    const at = new Date((await stat(path)).mtimeMs + byMs)
    await utimes(path, at, at)
  }
}

describe('files that the user moved within home', () => {
  it('stay where the user put them, are told of, and nothing is fetched', async () => {
    await using home = await atHome()
    const { backup, downloads } = home
    await rename(backup.at('Travel/Italy'), backup.at('Italien'))
    const { notices, exporters } = await backup.run()
    expect(notices).toEqual(['6 pictures of Travel/Italy stand in Italien/ now: kept there.'])
    expect([exporters.folder, downloads()]).toMatchObject([{ unchanged: 8, updated: 0, failed: 0 }, 0])
    expect((await backup.paths()).filter((path) => path.startsWith('Italien/')).length).toBe(6)
    await allProven(home)
    const api = backup.smugmug.counts.api
    expect(await backup.run()).toMatchObject({ notices: [], albums: { trusted: 2 } })
    expect(backup.smugmug.counts.api - api).toBeLessThanOrEqual(3)
  })

  it('may have other names', async () => {
    await using home = await atHome()
    const { backup, downloads } = home
    await rename(backup.at('Travel/Italy/1.jpg'), backup.at('Travel/Italy/Colosseum: by night.jpg'))
    expect((await backup.run()).notices).toEqual(['1 picture of Travel/Italy stands under another name now: kept so.'])
    expect(downloads()).toBe(0)
    await allProven(home)
  })

  it('stay there when their captions, their album or their names change on SmugMug', async () => {
    await using home = await atHome()
    const { backup, world, italy, images, downloads } = home
    await rename(backup.at('Travel/Italy'), backup.at('Italien'))
    await backup.run()
    const paths = await backup.paths()
    world.rename(italy, 'Bella Italia')
    for (const image of images) world.editImage(image, { caption: 'Sunset', fileName: `new-${image.fileName}` })
    expect(await backup.run({ full: true })).toMatchObject({ failedInAll: 0 })
    expect([await backup.paths(), downloads()]).toEqual([paths, 0])
    await allProven(home)
  })

  it.each(['before', 'after'])(
    'are replaced there by what is replaced on SmugMug %s a run has seen the move',
    async (when) => {
      await using home = await atHome()
      const { backup, world, images } = home
      await rename(backup.at('Travel/Italy'), backup.at('Italien'))
      if (when === 'after') await backup.run()
      if (images[0]) world.replaceImage(images[0])
      expect(await backup.run({ full: true })).toMatchObject({ downloaded: { files: 1 }, failedInAll: 0 })
      expect((await backup.paths()).filter((path) => path.startsWith('Travel/Italy'))).toEqual([])
      await allProven(home)
    },
  )

  it.each(['before', 'after'])('are joined there by new ones that come %s a run has seen the move', async (when) => {
    await using home = await atHome()
    const { backup, world, italy } = home
    await rename(backup.at('Travel'), backup.at('Reisen'))
    if (when === 'after') await backup.run()
    for (const fileName of ['7.jpg', '8.jpg']) world.addImage(italy, { fileName, size: 1000 })
    const { notices, downloaded } = await backup.run({ full: true })
    expect(downloaded.files).toBe(2)
    expect(notices.at(-1)).toBe('2 new pictures of Travel/Italy are in Reisen/Italy/, where you moved the others.')
    expect((await backup.paths()).filter((path) => path.startsWith('Reisen/Italy/')).length).toBe(8)
    expect(existsSync(backup.at('Travel'))).toBe(false)
    world.rename(italy, 'Bella Italia')
    world.addImage(italy, { fileName: '9.jpg', size: 1000 })
    await rm(backup.at('Reisen/Italy/1.jpg'))
    expect(await backup.run({ full: true })).toMatchObject({ downloaded: { files: 2 }, failedInAll: 0 })
    expect((await backup.paths()).filter((path) => path.startsWith('Reisen/Italy/')).length).toBe(9)
    expect(existsSync(backup.at('Travel'))).toBe(false)
    expect(await backup.run({ full: true })).toMatchObject({ downloaded: { files: 0 }, notices: [] })
  })

  it('leave new ones at the place of their album where some stayed there, or the others went to several folders', async () => {
    await using home = await atHome()
    const { backup, world, italy } = home
    await mkdir(backup.at('Best'))
    await rename(backup.at('Travel/Italy/1.jpg'), backup.at('Best/1.jpg'))
    world.addImage(italy, { fileName: '7.jpg', size: 1000 })
    expect((await backup.run({ full: true })).notices).toEqual([
      '1 picture of Travel/Italy stands in Best/ now: kept there.',
    ])
    expect(await backup.paths()).toContain('Travel/Italy/7.jpg')
    await rename(backup.at('Travel/Italy'), backup.at('Italien'))
    world.addImage(italy, { fileName: '8.jpg', size: 1000 })
    expect((await backup.run({ full: true })).notices).toEqual([
      '6 pictures of Travel/Italy stand in Italien/ now: kept there.',
      '1 new picture of Travel/Italy is in Travel/Italy/: the places of the others do not show where it belongs.',
    ])
    await allProven(home, 10)
  })

  it('may have changed places: nothing is fetched, and each is recorded where it stands', async () => {
    await using home = await atHome()
    const { backup, world, images, downloads } = home
    const at = (name: string) => backup.at(`Travel/Italy/${name}`)
    await rename(at('1.jpg'), at('x'))
    await rename(at('2.jpg'), at('1.jpg'))
    await rename(at('3.jpg'), at('2.jpg'))
    await rename(at('x'), at('3.jpg'))
    const paths = await backup.paths()
    const { notices } = await backup.run()
    expect([notices, downloads()]).toEqual([['3 pictures of Travel/Italy stand under another name now: kept so.'], 0])
    expect(await backup.paths()).toEqual(paths)
    await allProven(home)
    if (images[0]) world.replaceImage(images[0])
    await backup.run({ full: true })
    expect([await backup.paths(), downloads()]).toEqual([paths, 1])
    await allProven(home)
  })

  it('may stand in place of another, which alone is fetched', async () => {
    await using home = await atHome()
    const { backup, downloads } = home
    await rename(backup.at('Travel/Italy/1.jpg'), backup.at('Travel/Italy/2.jpg'))
    expect(await backup.run()).toMatchObject({ failedInAll: 0 })
    expect(downloads()).toBe(1)
    await allProven(home)
  })

  it('are not taken from a twin whose time alone is another', async () => {
    await using home = await atHome()
    const { backup, world, italy, images } = home
    const [first] = images
    if (first) world.addImage(italy, { fileName: 'twin.jpg', seed: first.seed, size: first.size })
    await backup.run()
    await utimes(backup.at('Travel/Italy/1.jpg'), 1, 1)
    await rm(backup.at('Travel/Italy/twin.jpg'))
    await backup.run()
    expect(await backup.paths()).toContain('Travel/Italy/twin.jpg')
    await allProven(home, 9)
  })

  it('go back to their place when the user puts them back', async () => {
    await using home = await atHome()
    const { backup, world, italy, downloads } = home
    await rename(backup.at('Travel/Italy'), backup.at('Italien'))
    await backup.run()
    await rename(backup.at('Italien'), backup.at('Travel/Italy'))
    await backup.run()
    world.rename(italy, 'Bella Italia')
    await backup.run()
    expect((await backup.paths()).filter((path) => path.startsWith('Travel/Bella Italia/')).length).toBe(6)
    expect(downloads()).toBe(0)
    await allProven(home)
  })

  it('are known by every byte: a file of the same size and name is not taken for the picture', async () => {
    await using home = await atHome()
    const { backup, downloads } = home
    const bytes = await readFile(backup.at('Travel/Italy/1.jpg'))
    await rm(backup.at('Travel/Italy/1.jpg'))
    bytes.writeUInt8(bytes.readUInt8(500) ^ 1, 500)
    await backup.write('1.jpg', bytes.toString('latin1').slice(0, 1000))
    await writeFile(backup.at('1.jpg'), bytes)
    expect(await backup.run()).toMatchObject({ failedInAll: 0, notices: [] })
    expect(downloads()).toBe(1)
  })

  it('are found one each where two pictures have the same bytes', async () => {
    await using home = await atHome()
    const { backup, world, italy, images, downloads } = home
    const [first] = images
    if (first) world.addImage(italy, { fileName: 'twin.jpg', seed: first.seed, size: first.size })
    await backup.run()
    await rename(backup.at('Travel/Italy'), backup.at('Italien'))
    expect((await backup.run()).notices).toEqual(['7 pictures of Travel/Italy stand in Italien/ now: kept there.'])
    expect(downloads()).toBe(0)
    await allProven(home, 9)
  })

  it.each([
    ['Aitalia', 'Zbest'],
    ['Zitalia', 'Abest'],
  ])(
    'stay with their own album where two albums have the same pictures and both were renamed: %s, %s',
    async (...to) => {
      await using home = await atHome()
      const { backup, world, italy, images, downloads } = home
      const best = world.addAlbum({ name: 'Best' })
      for (const image of images) {
        world.editImage(image, { caption: `In ${image.fileName}` })
        world.collect(image, best)
      }
      world.addImage(best, { fileName: 'only here.jpg', size: 1000 })
      await backup.run({ full: true })
      const before = downloads()
      await rename(backup.at('Travel/Italy'), backup.at(to[0]))
      await rename(backup.at('Best'), backup.at(to[1]))
      expect(await backup.run({ full: true })).toMatchObject({ failedInAll: 0 })
      using catalog = backup.catalog()
      const folders = (album: string) =>
        new Set(
          Array.from(catalog.deliveries.inAlbum(album, 'folder'), ({ delivery }) => dirname(delivery?.path ?? '')),
        )
      expect([[...folders(italy.key)], [...folders(best.key)], downloads() - before]).toEqual([[to[0]], [to[1]], 0])
    },
  )

  it('are found by verify --repair before it fetches anything', async () => {
    await using home = await atHome()
    const { backup, downloads } = home
    await rename(backup.at('Travel/Italy'), backup.at('Italien'))
    const { findings } = await backup.verify()
    expect(findings.length).toBe(6)
    await backup.repair(findings)
    expect(downloads()).toBe(0)
    await allProven(home)
  })

  it('are foreseen by a dry run, which records nothing', async () => {
    await using home = await atHome()
    const { backup } = home
    await rename(backup.at('Travel/Italy'), backup.at('Italien'))
    expect(await backup.run({ dryRun: true })).toMatchObject({ exporters: { folder: { unchanged: 8, updated: 0 } } })
  })

  it('keep names that a disk decomposed', async () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Caf\u00e9s' })
    world.addImage(album, { fileName: 'th\u00e9.jpg', size: 1000 })
    await using backup = await Backup.of(world)
    await backup.run()
    const composed = backup.at('Caf\u00e9s/th\u00e9.jpg')
    const decomposed = composed.normalize('NFD')
    await mkdir(dirname(decomposed))
    await rename(composed, decomposed)
    await rm(dirname(composed), { recursive: true })
    expect((await backup.run()).notices).toEqual([
      '1 picture of Caf\u00e9s stands under the same name in another spelling now: kept so.',
    ])
    expect(backup.downloads).toBe(1)
    expect(await backup.verify()).toMatchObject({ ok: 1, unknown: 0, findings: [] })
    expect(await backup.run()).toMatchObject({ albums: { trusted: 1 } })
  })
})

describe('a home that was copied without its times', () => {
  it.each([
    ['by an hour, as FAT does in summer', 3_600_000],
    ['to when it was copied', 86_400_000_000],
  ])('shifted %s: what is replaced on SmugMug takes the place of the old one', async (_, byMs) => {
    await using home = await atHome()
    const { backup, world, images, downloads } = home
    await shiftTimes(backup.output, byMs)
    const paths = await backup.paths()
    if (images[0]) world.replaceImage(images[0])
    expect(await backup.run()).toMatchObject({ failedInAll: 0, notices: [] })
    expect([await backup.paths(), downloads()]).toEqual([paths, 1])
    await allProven(home)
  })

  it('loses the old file also where the new one has another name', async () => {
    await using home = await atHome()
    const { backup, world, images } = home
    await shiftTimes(backup.output, 3_600_000)
    if (images[0]) {
      world.replaceImage(images[0])
      world.editImage(images[0], { fileName: 'other.jpg' })
    }
    await backup.run()
    expect((await backup.paths()).filter((path) => /[1o]\w*\.jpg/.test(path))).toEqual(['Travel/Italy/other.jpg'])
    await allProven(home)
  })

  it('is all right for a quick look, too', async () => {
    await using home = await atHome()
    await shiftTimes(home.backup.output, 3_600_000)
    expect(await home.backup.verify({ depth: 'quick' })).toMatchObject({ ok: 8, changed: 0 })
  })
})

describe('a catalog that names files outside of its output', () => {
  it.each(['mirror', 'verify', 'run'])(
    'is a broken one: %s says so, with the way out, and leaves them alone',
    async (what) => {
      await using home = await atHome()
      const { backup, world, images } = home
      const victim = join(dirname(backup.output), 'victim.jpg')
      await cp(backup.at('Travel/Italy/1.jpg'), victim, { preserveTimestamps: true })
      const [first] = images
      {
        using catalog = backup.catalog()
        const row = catalog.deliveries.ofImage({ image: first?.key ?? '', component: '' })[0]
        if (row?.delivery === undefined) throw new Error('the picture was not delivered')
        catalog.deliveries.put({ ...row, delivery: { ...row.delivery, path: '../victim.jpg' } })
      }
      if (first && what === 'mirror') world.removeImage(first)
      if (first && what === 'run') world.replaceImage(first)
      const before = await readFile(victim)
      await expect(what === 'verify' ? backup.verify() : backup.run({ mirror: 'default' })).rejects.toMatchObject({
        kind: 'destination',
        next: expect.stringContaining('smugdl adopt'),
      })
      expect(await readFile(victim)).toEqual(before)
    },
  )
})
