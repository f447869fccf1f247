import { readFile, rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import gallery from '../../../plugins/gallery/index.ts'
import manifest from '../../../plugins/manifest/index.ts'
import zip from '../../../plugins/zip/index.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { type Image, type ImageInit, World } from '../../../src/simulator/world.ts'
import { archiveContents } from '../../plugins/archive-contents.ts'
import { Backup } from '../adopt/backup.ts'

/** An account that SmugMug Source keeps RAW files of, and what it answers when they are asked for. */
async function account(source: World['source'], ...images: ImageInit[]) {
  const world = new World()
  world.source = source
  const album = world.addAlbum({ name: 'Rome' })
  const made = images.map((image) => world.addImage(album, image))
  const backup = await Backup.of(world)
  const asked = () => backup.smugmug.requests.filter(({ path }) => path.includes('!components')).length
  return { world, album, images: made, backup, asked, [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose]() }
}

const withRaw = { fileName: 'IMG_1.JPG', companions: [{ fileName: 'IMG_1.CR2' }] } satisfies ImageInit
const plain = { fileName: 'IMG_2.JPG' } satisfies ImageInit

describe('a RAW file that SmugMug gives', () => {
  it('comes home beside its picture, under its stem, and is counted on its own', async () => {
    await using home = await account('gives', withRaw, plain)
    const { exporters, raw, failedInAll } = await home.backup.run()
    expect(await home.backup.paths()).toEqual(['Rome/IMG_1.CR2', 'Rome/IMG_1.JPG', 'Rome/IMG_2.JPG'])
    expect(failedInAll).toBe(0)
    expect(exporters.folder).toMatchObject({ listed: 3, new: 3 })
    expect(raw).toMatchObject({ exporters: { folder: { listed: 1, new: 1 } }, notGiven: 0, leftOut: 0 })
  })

  it('costs nothing in the next run, and with a changed caption no request for it either', async () => {
    await using home = await account('gives', withRaw, plain)
    await home.backup.run()
    const [first] = home.images
    const { downloads } = home.backup
    expect(home.asked()).toBe(1)
    expect(await home.backup.run()).toMatchObject({
      apiRequests: 2,
      albums: { trusted: 1 },
      raw: { exporters: { folder: { unchanged: 1 } } },
    })
    home.world.addImage(home.album, { fileName: 'IMG_3.JPG' })
    await home.backup.run()
    expect([home.asked(), home.backup.downloads]).toEqual([1, downloads + 1])
    home.world.replaceImage(first as Image)
    await home.backup.run({ full: true })
    expect(home.asked()).toBe(2)
  })

  it('of an account without any, nobody is asked', async () => {
    await using home = await account('gives', plain)
    const { raw } = await home.backup.run()
    expect([home.asked(), raw]).toEqual([0, undefined])
  })

  it('has the key of its picture where names clash, and stays with it when the album is renamed', async () => {
    await using home = await account(
      'gives',
      withRaw,
      { fileName: 'img_1.jpg' },
      { fileName: 'IMG_1.png', format: 'PNG', companions: [{ fileName: 'x.cr2' }] },
    )
    await home.backup.run()
    const [first, second, third] = home.images.map(({ key }) => key)
    const paths = await home.backup.paths()
    expect(paths.map((path) => path.replace('Rome/', ''))).toEqual(
      [`IMG_1 [${first}].CR2`, `IMG_1 [${first}].JPG`, 'IMG_1.cr2', 'IMG_1.png', `img_1 [${second}].jpg`].sort(),
    )
    expect(third).toBeDefined()
    home.world.rename(home.album, 'Roma')
    const { downloads } = home.backup
    await home.backup.run()
    expect(await home.backup.paths()).toEqual(paths.map((path) => path.replace('Rome/', 'Roma/')))
    expect(home.backup.downloads).toBe(downloads)
  })

  it('is verified, named when it is lost, and fetched again alone', async () => {
    await using home = await account('gives', withRaw)
    await home.backup.run()
    await rm(home.backup.at('Rome/IMG_1.CR2'))
    const { findings } = await home.backup.verify()
    expect(findings).toMatchObject([{ state: 'missing', path: 'Rome/IMG_1.CR2', component: 'raw:cr2' }])
    const { downloads } = home.backup
    await home.backup.repair(findings)
    expect(home.backup.downloads).toBe(downloads + 1)
    expect((await home.backup.verify()).findings).toEqual([])
  })

  it('without an MD5 and a size is still no page and not empty, and several of one picture are told apart', async () => {
    const untold = { md5: 'absent', sizeGiven: false } as const
    await using home = await account('gives', {
      fileName: 'IMG_1.JPG',
      companions: [
        { fileName: 'IMG_1.NEF', ...untold },
        { fileName: 'IMG_1.DNG', ...untold },
        { fileName: 'IMG_1-edit.DNG', ...untold },
        { fileName: 'IMG_1.NEF.xmp', size: 300 },
      ],
    })
    const { failedInAll } = await home.backup.run()
    const paths = await home.backup.paths({ descriptions: true })
    expect(failedInAll).toBe(0)
    const [first] = home.images.map(({ key }) => key)
    expect(paths.map((path) => path.replace(/-[0-9a-f]{8}\]/, '-hash]'))).toEqual(
      [
        ...['Rome/IMG_1.JPG', 'Rome/IMG_1.NEF', 'Rome/IMG_1.NEF.xmp'],
        ...[`Rome/IMG_1 [${first}-hash].DNG`, `Rome/IMG_1 [${first}-hash].DNG`],
      ].sort(),
    )
    expect(await home.backup.run()).toMatchObject({ apiRequests: 2, failedInAll: 0 })
  })

  it.each([
    ['one name', { fileName: 'IMG_1.CR2' }],
    ['one name, without MD5s and sizes', { fileName: 'IMG_1.CR2', md5: 'absent', sizeGiven: false }],
    ['no name', { fileName: '' }],
    ['no name, MD5 and size', { fileName: '', md5: 'absent', sizeGiven: false }],
  ] as const)('comes home as each of two of %s', async (_, companion) => {
    const companions = [
      { ...companion, seed: 7, size: 20_000 },
      { ...companion, seed: 8, size: 30_000 },
    ]
    await using home = await account('gives', { fileName: 'IMG_1.JPG', companions })
    const { failedInAll, raw } = await home.backup.run()
    expect({ failedInAll, raw }).toMatchObject({ failedInAll: 0, raw: { exporters: { folder: { new: 2 } } } })
    const sizes = [...(await home.backup.files()).values()].map(({ size }) => size)
    expect(sizes).toEqual(expect.arrayContaining([20_000, 30_000]))
    expect(await home.backup.run({ full: true })).toMatchObject({ downloaded: { files: 0 }, failedInAll: 0 })
  })

  it('goes to the trash with its picture in a mirror, and stays as long as that is there', async () => {
    await using home = await account('gives', withRaw, plain)
    await home.backup.run()
    const [first] = home.images as [Image]
    first.companions = []
    first.components = { Image: ['jpg'] }
    const kept = await home.backup.run({ full: true, mirror: 'default' })
    expect([kept.removed, kept.failedInAll]).toEqual([0, 0])
    expect(await home.backup.paths()).toContain('Rome/IMG_1.CR2')
    home.world.removeImage(first)
    const { removed } = await home.backup.run({ full: true, mirror: 'default' })
    expect(removed).toBe(2)
    expect(await home.backup.paths()).toEqual(['Rome/IMG_2.JPG'])
  })

  it('is in archives, lists and album.json, and once in a gallery', async () => {
    await using home = await account('gives', { ...withRaw, caption: 'The Forum' }, plain)
    home.backup.exporters = [...home.backup.exporters, zip, manifest, gallery] as Exporter[]
    home.backup.options = { sidecar: 'xmp', albumFile: 'json', format: 'csv' }
    const { failedInAll } = await home.backup.run()
    expect(failedInAll).toBe(0)
    expect((await archiveContents(home.backup.at('Rome.zip'))).map(([name]) => name)).toEqual(
      expect.arrayContaining(['IMG_1.JPG', 'IMG_1.CR2', 'IMG_2.JPG']),
    )
    const csv = await readFile(home.backup.at('manifest.csv'), 'utf8')
    expect(csv.split('\r\n').filter((row) => row.includes('raw:cr2'))).toHaveLength(1)
    const album = JSON.parse(await readFile(home.backup.at('Rome/album.json'), 'utf8'))
    expect(album.images).toMatchObject([{ file: 'IMG_1.JPG', raw: ['IMG_1.CR2'] }, { file: 'IMG_2.JPG' }])
    expect(await readFile(home.backup.at('Rome/IMG_1.CR2.xmp'), 'utf8')).toContain('The Forum')
    const page = await readFile(home.backup.at(`gallery/a/${home.album.key}.html`), 'utf8')
    expect(page.match(/<li id=/g)).toHaveLength(2)
    expect(page).not.toContain('CR2')
    expect(await home.backup.run()).toMatchObject({ apiRequests: 2, failedInAll: 0 })
  })

  it('is no place for a sidecar of ours where the person has one', async () => {
    const companions = [{ fileName: 'IMG_1.CR2' }, { fileName: 'IMG_1.xmp', size: 300 }]
    await using home = await account('gives', { fileName: 'IMG_1.JPG', caption: 'The Forum', companions })
    home.backup.options = { sidecar: 'xmp', albumFile: 'none' }
    await home.backup.run()
    expect(await home.backup.paths({ descriptions: true })).toEqual([
      'Rome/IMG_1.CR2',
      'Rome/IMG_1.JPG',
      'Rome/IMG_1.JPG.xmp',
      'Rome/IMG_1.xmp',
    ])
    expect(await readFile(home.backup.at('Rome/IMG_1.xmp'), 'utf8')).not.toContain('The Forum')
  })

  it('has the path of its picture where a template gives both a key', async () => {
    const companions = [{ fileName: 'a.NEF' }]
    await using home = await account(
      'gives',
      { fileName: 'a.jpg', title: 'Forum', companions },
      { fileName: 'b.jpg', title: 'Forum' },
    )
    home.backup.options = { ...home.backup.options, path: '{album}/{title|stem}' }
    await home.backup.run()
    const [first, second] = home.images.map(({ key }) => key)
    expect(await home.backup.paths()).toEqual(
      [`Rome/Forum [${first}].NEF`, `Rome/Forum [${first}].jpg`, `Rome/Forum [${second}].jpg`].sort(),
    )
  })
})

describe('a picture under the name of a RAW file', () => {
  const guessed = { fileName: 'IMG_9.NEF', components: { Image: ['jpg'] } } satisfies ImageInit

  it('has the extension of what it is, and its RAW file comes where one picture shows that there are such', async () => {
    const companions = [{ fileName: 'IMG_9.NEF' }]
    await using home = await account(
      'gives',
      { ...guessed, companions },
      { ...guessed, fileName: 'IMG_8.NEF', companions },
    )
    const { failedInAll } = await home.backup.run()
    expect(failedInAll).toBe(0)
    expect(await home.backup.paths()).toEqual(['Rome/IMG_8.NEF', 'Rome/IMG_8.jpg', 'Rome/IMG_9.NEF', 'Rome/IMG_9.jpg'])
  })

  it('costs one request an account where there is nothing, and no word', async () => {
    await using home = await account('closed', guessed, { ...guessed, fileName: 'IMG_8.NEF' })
    const { notices, failedInAll, raw } = await home.backup.run()
    expect({ notices, failedInAll, raw, asked: home.asked() }).toEqual({
      notices: [],
      failedInAll: 0,
      raw: undefined,
      asked: 1,
    })
    home.world.addImage(home.album, { fileName: 'IMG_3.JPG' })
    await home.backup.run()
    expect(home.asked()).toBe(1)
  })
})

describe('RAW files that SmugMug refuses', () => {
  const many = Array.from({ length: 30 }, (_, n) => ({
    fileName: `IMG_${n}.JPG`,
    companions: [{ fileName: `IMG_${n}.CR2` }],
  }))

  it('are said once with their number, cost two requests, and are no failure', async () => {
    await using home = await account('closed', ...many)
    const { notices, failedInAll, raw, exporters } = await home.backup.run()
    expect(home.asked()).toBe(2)
    expect(failedInAll).toBe(0)
    expect(exporters.folder).toMatchObject({ listed: 30, new: 30 })
    expect(raw).toEqual({ exporters: {}, notGiven: 30, leftOut: 0 })
    expect(notices).toEqual([
      'SmugMug keeps RAW files of 30 pictures, but does not give them to this key. Download them on the web site; smugdl asks again after 30 days, or with --full.',
    ])
  })

  it('are asked for again after 30 days and with --full, and come when they are given', async () => {
    await using home = await account('closed', ...many)
    await home.backup.run()
    expect(await home.backup.run()).toMatchObject({ apiRequests: 2, raw: { notGiven: 30 } })
    expect(home.asked()).toBe(2)
    home.backup.now += 30 * 24 * 60 * 60 * 1000
    home.world.source = 'gives'
    const { raw } = await home.backup.run()
    expect(raw).toMatchObject({ exporters: { folder: { listed: 30, new: 30 } }, notGiven: 0 })
  })

  it('that came home before stay there and are not gone', async () => {
    await using home = await account('gives', withRaw, plain)
    await home.backup.run()
    home.world.source = 'closed'
    const summary = await home.backup.run({ full: true, mirror: 'default' })
    expect(summary).toMatchObject({ failedInAll: 0, removed: 0, exporters: { folder: { listed: 3, unchanged: 3 } } })
    expect(await home.backup.paths()).toContain('Rome/IMG_1.CR2')
  })

  it('fail a run that requires them', async () => {
    await using home = await account('closed', withRaw)
    const { failed, failedInAll } = await home.backup.run({ raw: 'require' })
    expect(failedInAll).toBe(1)
    expect(failed[0]?.reason).toContain('SmugMug keeps a RAW file of one picture')
  })
})

describe('RAW files in words that nobody guessed', () => {
  it('are a failure each, with the names of the fields and none of their values; the picture is home', async () => {
    await using home = await account('otherwise', withRaw)
    const { failed, exporters } = await home.backup.run()
    expect(exporters.folder).toMatchObject({ listed: 2, new: 1, failed: 1 })
    expect(failed[0]?.item).toBe('Rome/IMG_1 (RAW file)')
    expect(failed[0]?.reason).toBe(
      'SmugMug describes its RAW file in a way that smugdl does not understand (fields: AssetType, Href, Bytes, Uri)',
    )
    expect(await home.backup.paths()).toEqual(['Rome/IMG_1.JPG'])
    home.world.source = 'gives'
    expect(await home.backup.run({ full: true })).toMatchObject({
      failedInAll: 0,
      exporters: { folder: { listed: 2, new: 1 } },
    })
  })
})

describe('--raw never', () => {
  it('asks for none, says how many are left out, and the next run without it brings them', async () => {
    await using home = await account('gives', withRaw, plain)
    const { raw, failedInAll } = await home.backup.run({ raw: 'never' })
    expect({ raw, failedInAll, asked: home.asked() }).toEqual({
      raw: { exporters: {}, notGiven: 0, leftOut: 1 },
      failedInAll: 0,
      asked: 0,
    })
    expect(await home.backup.run({ raw: 'never' })).toMatchObject({ apiRequests: 2 })
    await home.backup.run({ raw: 'auto' })
    expect(await home.backup.paths()).toContain('Rome/IMG_1.CR2')
  })

  it('keeps what is at home', async () => {
    await using home = await account('gives', withRaw, plain)
    await home.backup.run()
    const summary = await home.backup.run({ raw: 'never', full: true, mirror: 'default' })
    expect(summary).toMatchObject({ removed: 0, exporters: { folder: { unchanged: 3 } } })
    expect(await home.backup.paths()).toContain('Rome/IMG_1.CR2')
  })
})
