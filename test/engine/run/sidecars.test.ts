import { readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { withoutDigest } from '../../../src/exporter/describe/own-digest.ts'
import { World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'
import { ruins } from './ruins.ts'

/** A backup of one album with two pictures, of which only the first has something to say. */
async function described(options: Record<string, string> = {}) {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  const image = world.addImage(album, { fileName: 'a.jpg', caption: 'The Forum', keywords: ['ruins'] })
  world.addImage(album, { fileName: 'b.jpg' })
  const backup = await Backup.of(world)
  backup.options = { sidecar: 'xmp', albumFile: 'none', ...options }
  return {
    world,
    album,
    image,
    backup,
    sidecar: () => readFile(backup.at('Rome/a.jpg.xmp'), 'utf8'),
    [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose](),
  }
}

type Described = Awaited<ReturnType<typeof described>>

describe('a sidecar', () => {
  it('lies beside each picture of which there is something to say, and beside no other', async () => {
    await using home = await described()
    const { sidecars, notices } = await home.backup.run()
    expect(await home.backup.paths({ descriptions: true })).toEqual(['Rome/a.jpg', 'Rome/a.jpg.xmp', 'Rome/b.jpg'])
    expect(await home.sidecar()).toContain('The Forum')
    expect(sidecars).toEqual({ atHome: 1, written: 1, yours: 0 })
    expect(notices).toEqual([])
  })

  it('is left alone by a run that finds nothing new, which asks SmugMug for nothing more', async () => {
    await using home = await described()
    await home.backup.run()
    const before = await home.backup.files({ descriptions: true })
    const { sidecars, albums, apiRequests } = await home.backup.run()
    expect(await home.backup.files({ descriptions: true })).toEqual(before)
    expect({ sidecars, albums, apiRequests }).toEqual({
      sidecars: { atHome: 1, written: 0, yours: 0 },
      albums: { listed: 0, trusted: 1, excluded: 0 },
      apiRequests: 2,
    })
  })

  it('is written again when the caption changes, and nothing is downloaded', async () => {
    await using home = await described()
    await home.backup.run()
    const before = await home.backup.files({ descriptions: true })
    home.world.editImage(home.image, { caption: 'The Palatine' })
    const downloads = home.backup.downloads
    const { sidecars, notices } = await home.backup.run({ full: true })
    expect(await home.sidecar()).toContain('The Palatine')
    expect(home.backup.downloads).toBe(downloads)
    expect(sidecars).toEqual({ atHome: 1, written: 1, yours: 0 })
    expect(notices).toEqual([])
    const after = await home.backup.files({ descriptions: true })
    expect(after.get('Rome/a.jpg')).toEqual(before.get('Rome/a.jpg'))
  })

  it('goes to the trash when there is nothing to say any more', async () => {
    await using home = await described()
    await home.backup.run()
    home.world.editImage(home.image, { caption: '', keywords: [] })
    await home.backup.run({ full: true })
    expect(await home.backup.paths({ descriptions: true })).toEqual(['Rome/a.jpg', 'Rome/b.jpg'])
    expect(await readFile(home.backup.at('.smugdl/trash/2026-11-25/Rome/a.jpg.xmp'), 'utf8')).toContain('The Forum')
  })

  it('comes back when it is lost, without a request for the album', async () => {
    await using home = await described()
    await home.backup.run()
    const before = await home.sidecar()
    await rm(home.backup.at('Rome/a.jpg.xmp'))
    const downloads = home.backup.downloads
    const { apiRequests, sidecars } = await home.backup.run()
    expect(await home.sidecar()).toBe(before)
    expect({ apiRequests, written: sidecars?.written }).toEqual({ apiRequests: 2, written: 1 })
    expect(home.backup.downloads).toBe(downloads)
  })

  it('comes to a home that has none yet, without a request for the album or a download', async () => {
    await using home = await described()
    home.backup.options = { sidecar: 'none', albumFile: 'none' }
    await home.backup.run()
    expect(await home.backup.paths({ descriptions: true })).toEqual(['Rome/a.jpg', 'Rome/b.jpg'])
    home.backup.options = { sidecar: 'xmp+json', albumFile: 'none' }
    const downloads = home.backup.downloads
    const { apiRequests, sidecars, exporters } = await home.backup.run()
    expect({ apiRequests, written: sidecars?.written }).toEqual({ apiRequests: 2, written: 3 })
    expect(exporters.folder).toMatchObject({ listed: 2, unchanged: 2 })
    expect(home.backup.downloads).toBe(downloads)
    expect(await home.backup.paths({ descriptions: true })).toEqual([
      'Rome/a.jpg',
      'Rome/a.jpg.smugmug.json',
      'Rome/a.jpg.xmp',
      'Rome/b.jpg',
      'Rome/b.jpg.smugmug.json',
    ])
  })

  it('leaves a home that wants none any more', async () => {
    await using home = await described()
    await home.backup.run()
    home.backup.options = { sidecar: 'none', albumFile: 'none' }
    const { apiRequests, notices } = await home.backup.run()
    expect(await home.backup.paths({ descriptions: true })).toEqual(['Rome/a.jpg', 'Rome/b.jpg'])
    expect(apiRequests).toBe(2)
    expect(notices).toEqual([expect.stringContaining('1 sidecar went to the trash')])
    expect((await home.backup.run()).notices).toEqual([])
  })

  it('moves with its picture when the album is renamed', async () => {
    await using home = await described()
    await home.backup.run()
    home.world.rename(home.album, 'Roma')
    const { sidecars } = await home.backup.run()
    expect(await home.backup.paths({ descriptions: true })).toEqual(['Roma/a.jpg', 'Roma/a.jpg.xmp', 'Roma/b.jpg'])
    expect(sidecars).toEqual({ atHome: 1, written: 1, yours: 0 })
    expect(await readFile(home.backup.at('Roma/a.jpg.xmp'), 'utf8')).toContain('Roma')
  })

  it('moves with its picture when the user moves the picture alone', async () => {
    await using home = await described()
    await home.backup.run()
    await rename(home.backup.at('Rome/a.jpg'), home.backup.at('Rome/forum.jpg'))
    await home.backup.run()
    expect(await home.backup.paths({ descriptions: true })).toEqual([
      'Rome/b.jpg',
      'Rome/forum.jpg',
      'Rome/forum.jpg.xmp',
    ])
  })

  it('of one file in two albums stays with it until both have left for paths of their own', async () => {
    await using home = await described({ path: '{key}{ext}' })
    const best = home.world.addAlbum({ name: 'Best' })
    home.world.collect(home.image, best)
    await home.backup.run()
    home.backup.options = { ...home.backup.options, path: '{album.path}/{name}' }
    await home.backup.run({ albums: ['Rome'] })
    const { key } = home.image
    expect((await home.backup.paths({ descriptions: true })).filter((path) => path.endsWith('.xmp'))).toEqual(
      ['Rome/a.jpg.xmp', `${key}.jpg.xmp`].sort(),
    )
    expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
    await home.backup.run()
    expect((await home.backup.paths({ descriptions: true })).filter((path) => path.endsWith('.xmp'))).toEqual([
      'Best/a.jpg.xmp',
      'Rome/a.jpg.xmp',
    ])
    expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
  })

  it('goes with its picture in a mirror', async () => {
    await using home = await described()
    await home.backup.run()
    home.world.removeImage(home.image)
    const { removed } = await home.backup.run({ mirror: { files: 1 }, full: true })
    expect(removed).toBe(1)
    expect(await home.backup.paths({ descriptions: true })).toEqual(['Rome/b.jpg'])
    expect(await readFile(home.backup.at('.smugdl/trash/2026-11-25/Rome/a.jpg.xmp'), 'utf8')).toContain('The Forum')
  })

  it('that was copied without its time is still ours', async () => {
    await using home = await described()
    await home.backup.run()
    await utimes(home.backup.at('Rome/a.jpg.xmp'), new Date(), new Date('2020-01-01'))
    const { sidecars } = await home.backup.run()
    expect(sidecars).toEqual({ atHome: 1, written: 0, yours: 0 })
    home.world.editImage(home.image, { caption: 'The Palatine' })
    await home.backup.run({ full: true })
    expect(await home.sidecar()).toContain('The Palatine')
  })
})

describe('a sidecar of which the catalog was lost', () => {
  const withoutCatalog = async () => {
    const home = await described()
    await home.backup.run()
    await rm(home.backup.at('.smugdl/catalog.sqlite'))
    return home
  }

  it('is known as ours by its own digest, and written again when the caption has changed since', async () => {
    await using home = await withoutCatalog()
    home.world.editImage(home.image, { caption: 'The Palatine' })
    const { sidecars, notices } = await home.backup.run()
    expect({ sidecars, notices }).toEqual({ sidecars: { atHome: 1, written: 1, yours: 0 }, notices: [] })
    expect(await home.sidecar()).toContain('The Palatine')
  })

  it('is ours, too, where it is from before there were digests', async () => {
    await using home = await withoutCatalog()
    const text = await home.sidecar()
    await home.backup.write('Rome/a.jpg.xmp', withoutDigest(text))
    const { sidecars, notices } = await home.backup.run()
    expect({ sidecars, notices }).toEqual({ sidecars: { atHome: 1, written: 1, yours: 0 }, notices: [] })
    expect(await home.sidecar()).toBe(text)
  })

  it("is the user's where a program wrote into it and kept our digest", async () => {
    await using home = await withoutCatalog()
    const rated = (await home.sidecar()).replace('   <smugmug:Digest>', '   <xmp:Rating>5</xmp:Rating>\n$&')
    await home.backup.write('Rome/a.jpg.xmp', rated)
    const { sidecars, notices } = await home.backup.run()
    expect({ sidecars, notices }).toMatchObject({ sidecars: { atHome: 0, written: 0, yours: 1 }, notices: [{}] })
    expect(await home.sidecar()).toBe(rated)
  })
})

describe("a sidecar that is the user's", () => {
  it('because another program wrote into it stays for good, and is told of once', async () => {
    await using home = await described()
    await home.backup.run()
    await home.backup.write('Rome/a.jpg.xmp', '<x:xmpmeta>by digiKam</x:xmpmeta>')
    const first = await home.backup.run()
    home.world.editImage(home.image, { caption: 'The Palatine' })
    const second = await home.backup.run({ full: true })
    expect(await home.sidecar()).toContain('by digiKam')
    expect([first.sidecars, second.sidecars]).toEqual(Array(2).fill({ atHome: 0, written: 0, yours: 1 }))
    expect(first.notices).toEqual([
      '"Rome/a.jpg.xmp" was not written by smugdl, or was changed since: it stays, and is yours.',
    ])
    expect(second.notices).toEqual([])
    const { apiRequests, failedInAll } = await home.backup.run()
    expect({ apiRequests, failedInAll }).toEqual({ apiRequests: 2, failedInAll: 0 })
    expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
  })

  it.each([
    ['notes', Buffer.from('The Forum, seen from the west')],
    ['XMP in UTF-16', Buffer.from('\ufeff<x:xmpmeta>mine</x:xmpmeta>', 'utf16le')],
  ])('because somebody wrote %s instead of it stays, too', async (_, mine) => {
    await using home = await described()
    await home.backup.run()
    await writeFile(home.backup.at('Rome/a.jpg.xmp'), mine)
    home.world.editImage(home.image, { caption: 'The Palatine' })
    expect((await home.backup.run({ full: true })).sidecars).toEqual({ atHome: 0, written: 0, yours: 1 })
    expect(await readFile(home.backup.at('Rome/a.jpg.xmp'))).toEqual(mine)
  })

  it.each([
    ['its album was renamed', async ({ world, album }: Described) => world.rename(album, 'Oslo')],
    ['its picture was', async ({ world, image }: Described) => world.editImage(image, { fileName: 'c.jpg' })],
  ])('goes with its picture where, before the next run, %s', async (_, rename) => {
    await using home = await described()
    await home.backup.run()
    await home.backup.write('Rome/a.jpg.xmp', '<x:xmpmeta>by digiKam</x:xmpmeta>')
    await rename(home)
    const { notices, sidecars } = await home.backup.run({ full: true })
    const [path = ''] = (await home.backup.paths({ descriptions: true })).filter((each) => each.endsWith('.xmp'))
    expect(path).not.toBe('Rome/a.jpg.xmp')
    expect(await readFile(home.backup.at(path), 'utf8')).toContain('by digiKam')
    expect(sidecars).toEqual({ atHome: 0, written: 0, yours: 1 })
    expect(notices).toEqual([`"${path}" was not written by smugdl, or was changed since: it stays, and is yours.`])
  })

  it('because it was there before is not replaced, and no failure', async () => {
    await using home = await described()
    home.backup.options = { sidecar: 'none', albumFile: 'none' }
    await home.backup.run()
    await home.backup.write('Rome/a.jpg.xmp', 'mine')
    home.backup.options = { sidecar: 'xmp', albumFile: 'none' }
    const { failedInAll, sidecars } = await home.backup.run()
    expect({ failedInAll, sidecars, text: await home.sidecar() }).toEqual({
      failedInAll: 0,
      sidecars: { atHome: 0, written: 0, yours: 1 },
      text: 'mine',
    })
  })

  it('with the bytes that we would write is ours', async () => {
    await using home = await described()
    await home.backup.run()
    const text = await home.sidecar()
    {
      using catalog = home.backup.catalog()
      catalog.deliveries.forget({ exporter: 'folder', album: home.album.key, image: home.image.key })
    }
    const { sidecars, notices } = await home.backup.run()
    expect({ sidecars, notices }).toEqual({ sidecars: { atHome: 1, written: 0, yours: 0 }, notices: [] })
    home.world.editImage(home.image, { caption: 'The Palatine' })
    await home.backup.run({ full: true })
    expect(await home.sidecar()).not.toBe(text)
  })

  it('moves with its picture and stays when that is removed', async () => {
    await using home = await described()
    await home.backup.run()
    await home.backup.write('Rome/a.jpg.xmp', '<x:xmpmeta>mine</x:xmpmeta>')
    await home.backup.run()
    home.world.rename(home.album, 'Roma')
    await home.backup.run()
    expect(await readFile(home.backup.at('Roma/a.jpg.xmp'), 'utf8')).toContain('mine')
    home.world.removeImage(home.image)
    await home.backup.run({ mirror: { files: 1 }, full: true })
    expect(await home.backup.paths({ descriptions: true })).toEqual(['Roma/a.jpg.xmp', 'Roma/b.jpg'])
  })
})

describe('verify', () => {
  it('names a damaged sidecar, and --repair writes it again without a download', async () => {
    await using home = await described()
    await home.backup.run()
    const text = await home.sidecar()
    // A time that can be set again exactly; the next run gets to know it.
    await utimes(home.backup.at('Rome/a.jpg.xmp'), 1_600_000_000, 1_600_000_000)
    await home.backup.run()
    await home.backup.write('Rome/a.jpg.xmp', text.replace('Forum', 'Farum'))
    await utimes(home.backup.at('Rome/a.jpg.xmp'), 1_600_000_000, 1_600_000_000)
    const { findings, items } = await home.backup.verify()
    expect(findings).toMatchObject([
      { state: 'damaged', path: 'Rome/a.jpg.xmp', imageKey: home.image.key, isSidecar: true },
    ])
    expect(items).toBe(3)
    const downloads = home.backup.downloads
    await home.backup.repair(findings)
    expect(await home.sidecar()).toBe(text)
    expect(home.backup.downloads).toBe(downloads)
    expect(await home.backup.verify()).toMatchObject({ findings: [], ok: 3 })
  })

  it.each(ruins)(
    'names one as damaged that is %s, and --repair writes it again, or the next run',
    async (_, ruined) => {
      await using home = await described()
      await home.backup.run()
      const text = await home.sidecar()
      await home.backup.write('Rome/a.jpg.xmp', ruined(text))
      const { findings } = await home.backup.verify()
      expect(findings).toMatchObject([{ state: 'damaged', path: 'Rome/a.jpg.xmp', isSidecar: true }])
      expect((await home.backup.verify({ depth: 'quick' })).findings).toEqual(findings)
      await home.backup.repair(findings)
      expect(await home.sidecar()).toBe(text)
      await home.backup.write('Rome/a.jpg.xmp', ruined(text))
      const { sidecars, notices } = await home.backup.run()
      expect({ sidecars, notices }).toEqual({ sidecars: { atHome: 1, written: 1, yours: 0 }, notices: [] })
      expect(await home.sidecar()).toBe(text)
      expect(await home.backup.verify()).toMatchObject({ findings: [], ok: 3, unknown: 0 })
    },
  )

  it('names a lost one, and --repair writes it again', async () => {
    await using home = await described()
    await home.backup.run()
    await rm(home.backup.at('Rome/a.jpg.xmp'))
    const { findings } = await home.backup.verify()
    expect(findings).toMatchObject([{ state: 'missing', path: 'Rome/a.jpg.xmp' }])
    await home.backup.repair(findings)
    expect(await home.sidecar()).toContain('The Forum')
  })

  it('says nothing of one that another program wrote into', async () => {
    await using home = await described()
    await home.backup.run()
    await home.backup.write('Rome/a.jpg.xmp', '<x:xmpmeta>by darktable</x:xmpmeta>')
    expect(await home.backup.verify()).toMatchObject({ findings: [], changed: 0 })
  })
})
