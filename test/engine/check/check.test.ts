import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../../plugins/manifest/index.ts'
import zip from '../../../plugins/zip/index.ts'
import { Catalog } from '../../../src/catalog/catalog.ts'
import { type Certificate, draftCertificate } from '../../../src/engine/check/certificate.ts'
import { check } from '../../../src/engine/check/check.ts'
import type { CheckEvent, CheckPlan } from '../../../src/engine/check/compare-account.ts'
import { symbolOf } from '../../../src/engine/check/verdict.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { type Simulator, simulate } from '../../../src/simulator/simulate.ts'
import { type Album, World } from '../../../src/simulator/world.ts'
import { connect } from '../../../src/smugmug/connect.ts'
import { installed } from '../../installed.ts'
import { quick } from '../../smugmug/host.ts'
import { Backup } from '../adopt/backup.ts'
import { captioned, dreamer, hollow, poster } from '../exporters/liars.ts'

/** Two albums of `each` pictures in a folder, at home. */
async function atHome(each = 3): Promise<Backup & { oslo: Album; rome: Album; world: World }> {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const [oslo, rome] = [world.addAlbum({ name: 'Oslo', in: travel }), world.addAlbum({ name: 'Rome', in: travel })]
  for (const album of [oslo, rome])
    for (let n = 1; n <= each; n++) world.addImage(album, { fileName: `${n}.jpg`, size: 2000 })
  const backup = await Backup.of(world)
  await backup.run()
  return Object.assign(backup, { oslo, rome, world })
}

interface Checked {
  /** `+ Travel/Rome/1.jpg`, of all but those that are the same. */
  found: string[]
  reasons: string[]
  certificate: Certificate
  events: CheckEvent[]
  /** Of which every byte was read. */
  verified: string[]
  /** Of which other bytes were found. */
  damaged: string[]
  notices: string[]
}

interface Options extends Partial<CheckPlan> {
  smugmug?: Simulator
  draining?: AbortSignal
  here?: readonly Exporter[]
  /** By the key alone, without a token. */
  publicly?: boolean
}

async function checked(backup: Backup, options: Options = {}): Promise<Checked> {
  const { smugmug: simulator = backup.smugmug, here = backup.exporters, draining, publicly, ...plan } = options
  const { signal } = new AbortController()
  const { origin } = simulator
  const credentials = publicly ? { apiKey: simulator.credentials.apiKey } : simulator.credentials
  const whose = publicly ? { nickName: simulator.world.user.nickName } : ({ me: true } as const)
  const connection = { origin, credentials, whose, userAgent: 'smugdl/test', signal, retry: quick, onEvent() {} }
  await using smugmug = connect(connection)
  using scratch = Catalog.openCopy(join(backup.output, '.smugdl', 'catalog.sqlite'))
  const { output, exporterOptions } = backup.plan()
  const whole = { output, exporterOptions, albums: [], exclude: [], depth: 'quick', exporters: [], ...plan } as const
  const facts = { home: output, startedAt: backup.now, version: 'test', depth: whole.depth, choice: whole }
  const draft = draftCertificate({ ...facts, exporters: whole.exporters })
  const events: CheckEvent[] = []
  const verified: string[] = []
  const damaged: string[] = []
  const notices: string[] = []
  const parts = {
    smugmug,
    whose,
    scratch,
    exporters: here.map(installed),
    now: () => backup.now,
    verified: ({ image }: { image: string }, at: number) => void (at === 0 ? damaged : verified).push(image),
    draining: draining ?? signal,
    signal,
    notice: (text: string) => void notices.push(text),
    beforehand() {},
    detail() {},
  }
  for await (const event of check(whole, parts)) {
    draft.add(event)
    events.push(event)
  }
  const items = events.filter((event) => event.type === 'item').filter(({ verdict }) => verdict.kind !== 'same')
  return {
    found: items.map(({ item, verdict }) => `${symbolOf[verdict.kind]} ${item}`),
    reasons: items.flatMap(({ verdict }) => ('reason' in verdict ? [verdict.reason] : [])),
    certificate: draft.finish({ endedAt: backup.now, notices }),
    events,
    verified,
    damaged,
    notices,
  }
}

/** What the account holds and what the certificate says of it. */
function expectTotals({ certificate }: Checked, totals: Partial<Certificate['total']>, complete: boolean): void {
  expect(certificate).toMatchObject({ complete, total: totals })
}

/** Other bytes, with the size and the time that the file had. */
async function rot(path: string): Promise<void> {
  const { atime, mtime, size } = await stat(path)
  await writeFile(path, Buffer.alloc(size, 7))
  await utimes(path, atime, mtime)
}

describe('check', () => {
  it('by a key without a token says of a nickname what is public, and never that it is complete', async () => {
    await using backup = await atHome()
    const result = await checked(backup, { publicly: true })
    expect(result.events[0]).toMatchObject({ type: 'account', nickName: backup.smugmug.world.user.nickName })
    expect(result.certificate.total.listed).toBeGreaterThan(0)
    expect(result.certificate.complete).toBe(false)
  })

  it('finds the account at home after a run, every image that SmugMug lists', async () => {
    await using backup = await atHome()
    const result = await checked(backup)
    expect(result.found).toEqual([])
    const bytes = [...backup.smugmug.listing()].reduce((sum, { size }) => sum + size, 0)
    expectTotals(result, { albums: 2, announced: 6, listed: 6, same: 6, bytes, exporters: { folder: 6 } }, true)
    const told = result.events.filter((event) => event.type === 'item').map(({ image }) => image)
    expect(told.sort()).toEqual([...backup.smugmug.listing()].map(({ imageKey }) => imageKey).sort())
  })

  it('tells apart what is new, gone, replaced and moved on SmugMug, and what is lost, changed and touched at home', async () => {
    await using backup = await atHome(5)
    const { world, oslo, rome } = backup
    world.addImage(oslo, { fileName: 'new.jpg' })
    const [gone, replaced, moved, , touched] = oslo.images
    if (!gone || !replaced || !moved || !touched) throw new Error('too few')
    world.removeImage(gone)
    world.replaceImage(replaced)
    world.moveImage(moved, oslo, rome)
    await rm(backup.at('Travel/Rome/1.jpg'))
    await backup.write('Travel/Rome/2.jpg', 'mine now')
    await utimes(backup.at('Travel/Oslo/5.jpg'), 1, 1)

    const result = await checked(backup)
    expect(result.found.sort()).toEqual([
      '* Travel/Oslo/2.jpg',
      '* Travel/Rome/2.jpg',
      '+ Travel/Oslo/new.jpg',
      '+ Travel/Rome/1.jpg',
      expect.stringMatching(/^\+ Travel\/Rome\/3 \[\w+\]\.jpg$/),
      '- Travel/Oslo/1.jpg',
      '- Travel/Oslo/3.jpg',
    ])
    expect(new Set(result.reasons)).toEqual(
      new Set([
        'It was not downloaded yet',
        'SmugMug has another version of it',
        'It was brought home and is no longer there',
        'The file at home was changed',
        'It is at home in another album only; the next run puts it here too',
      ]),
    )
    expectTotals(result, { listed: 10, same: 5, missing: 3, different: 2, gone: 2 }, false)
  })

  it('sees by reading every byte what size and time hide, and tells which it read', async () => {
    await using backup = await atHome()
    await rot(backup.at('Travel/Rome/3.jpg'))
    expect((await checked(backup)).found).toEqual([])
    backup.now += 1000
    const result = await checked(backup, { depth: 'full' })
    expect(result.found).toEqual(['* Travel/Rome/3.jpg'])
    expect(result.reasons).toEqual(['The file at home is damaged'])
    expect(result.verified).toHaveLength(5)
    expect(result.certificate.total.verified).toEqual({ from: backup.now, to: backup.now })
  })

  it('reads what was found damaged, whatever its size and time say, until it is right again', async () => {
    await using backup = await atHome()
    const picture = backup.at('Travel/Rome/3.jpg')
    const [right, { atime, mtime }] = await Promise.all([readFile(picture), stat(picture)])
    await rot(picture)
    expect((await checked(backup, { depth: 'full' })).damaged).toHaveLength(1)
    expect((await backup.verify()).damaged).toBe(1)
    const damaged = await checked(backup)
    expect([damaged.found, damaged.certificate.complete]).toEqual([['* Travel/Rome/3.jpg'], false])
    expect(damaged.reasons).toEqual(['The file at home is damaged'])
    await writeFile(picture, right)
    await utimes(picture, atime, mtime)
    const result = await checked(backup)
    expect([result.found, result.verified.length, result.certificate.complete]).toEqual([[], 1, true])
  })

  it('trusts no date: what was replaced without moving any is found', async () => {
    await using backup = await atHome()
    const [image] = backup.rome.images
    if (image) backup.world.replaceImage(image)
    expect((await checked(backup)).found).toEqual(['* Travel/Rome/1.jpg'])
  })

  it('changes neither home nor catalog, and what it saw keeps no run from bringing it home', async () => {
    await using backup = await atHome()
    backup.world.addImage(backup.rome, { fileName: 'new.jpg' })
    const rows = () => {
      using catalog = backup.catalog()
      const albums = [...catalog.albums.all()]
      return { albums, listings: albums.map(({ key }) => [...catalog.listings.inOrder(key)]) }
    }
    const [files, before] = [await backup.files(), rows()]
    expect((await checked(backup, { depth: 'full' })).found).toEqual(['+ Travel/Rome/new.jpg'])
    expect(rows()).toEqual(before)
    expect(await backup.files()).toEqual(files)
    await backup.run()
    expect((await checked(backup)).certificate.complete).toBe(true)
  })

  it('of an image in two albums looks at both', async () => {
    await using backup = await atHome(1)
    const [image] = backup.rome.images
    if (image) backup.world.collect(image, backup.oslo)
    expect((await checked(backup)).found).toEqual([expect.stringMatching(/^\+ Travel\/Oslo\/1 \[\w+\]\.jpg$/)])
    await backup.run()
    expectTotals(await checked(backup), { listed: 3, same: 3 }, true)
  })

  it('compares by version and size where SmugMug provides no MD5, by version where it tells neither, and counts them apart', async () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Rome' })
    for (const md5 of ['given', 'empty', 'absent'] as const) world.addImage(album, { md5 })
    world.addVideo(album, { video: { md5: 'absent', sizeGiven: false } })
    await using backup = await Backup.of(world)
    await backup.run()
    expectTotals(await checked(backup), { same: 4, bySize: 2, byVersion: 1, transcodes: 1 }, true)
    for (const image of album.images) world.replaceImage(image)
    expectTotals(await checked(backup), { same: 0, different: 4 }, false)
  })

  it('counts smaller copies apart, and says when SmugMug gives the original now', async () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Rome' })
    const image = world.addImage(album, { fileName: 'a.jpg', rights: 'largest' })
    await using backup = await Backup.of(world)
    await backup.run()
    expectTotals(await checked(backup), { same: 1, renditions: 1 }, true)
    image.rights = 'original'
    const { reasons } = await checked(backup)
    expect(reasons).toEqual(['Home has a smaller copy, and SmugMug gives the original now'])
  })

  it('lets what is at home count although SmugMug gives no copy any more', async () => {
    await using backup = await atHome(1)
    for (const image of backup.rome.images) image.rights = 'none'
    expectTotals(await checked(backup), { same: 2, byVersion: 1 }, true)
  })

  it('names an image that SmugMug has no bytes of, with its reason', async () => {
    await using backup = await atHome(1)
    backup.world.addVideo(backup.rome, { fileName: 'a.mov', processing: true })
    const { found, reasons } = await checked(backup)
    expect([found, reasons]).toEqual([['+ Travel/Rome/a.mov'], ['SmugMug is still processing it']])
  })
})

describe('what SmugMug does not show', () => {
  it('in a locked album is not taken for gone, nor the album for complete', async () => {
    await using backup = await atHome(2)
    backup.rome.locked = true
    const result = await checked(backup)
    expect(result.found.sort()).toEqual(['! Travel/Rome', '! Travel/Rome/1.jpg', '! Travel/Rome/2.jpg'])
    expect(result.reasons[0]).toContain('locked')
    expectTotals(result, { listed: 2, same: 2, unlisted: 3, gone: 0 }, false)
  })

  it('of an album that lists fewer than it promises is not taken for gone; what came is compared', async () => {
    await using backup = await atHome(3)
    const [, hidden] = backup.rome.images
    backup.smugmug.quirks.add({ path: `${backup.rome.key}!images`, do: { kind: 'missing', keys: [hidden?.key ?? ''] } })
    const result = await checked(backup)
    expect(result.found).toEqual(['! Travel/Rome', '! Travel/Rome/2.jpg'])
    expect(result.reasons[0]).toBe('SmugMug lists 2 of 3 entries')
    expectTotals(result, { listed: 5, same: 5, unlisted: 2 }, false)
  })

  it('of an album whose list cannot be read is said; the others are compared', async () => {
    await using backup = await atHome(1)
    backup.smugmug.faults.add({ path: `${backup.rome.key}!images`, do: { kind: 'status', status: 403 } })
    const { found } = await checked(backup)
    expect(found).toEqual(['! Travel/Rome', '! Travel/Rome/1.jpg'])
  })

  it('of an album that announces images and lists none is said', async () => {
    await using backup = await atHome(1)
    backup.smugmug.quirks.add({
      path: `${backup.rome.key}!images`,
      do: { kind: 'hidden', keys: backup.rome.images.map(({ key }) => key) },
    })
    expect((await checked(backup)).found).toEqual(['! Travel/Rome', '! Travel/Rome/1.jpg'])
  })

  it('when neither list of albums can be read makes nothing gone, and the account not complete', async () => {
    await using backup = await atHome(1)
    backup.smugmug.faults.add({ path: '!albums', do: { kind: 'status', status: 404 } })
    backup.smugmug.faults.add({ path: '!children', do: { kind: 'status', status: 403 } })
    const result = await checked(backup)
    expect(result.found).toContain('! janedoe')
    expectTotals(result, { listed: 2, gone: 0 }, false)
  })

  it('of an account that announces far more than it lists is said; a few more are drift', async () => {
    await using backup = await atHome(2)
    backup.world.user.imageCount = 24
    expect((await checked(backup)).found).toEqual([])
    backup.world.user.imageCount = 25
    const result = await checked(backup)
    expect([result.found, result.reasons]).toEqual([
      ['! janedoe'],
      ['SmugMug announces 25 pictures and videos for the account and lists 4'],
    ])
    expectTotals(result, { same: 4, unlisted: 1 }, false)
    expect((await checked(backup, { exclude: ['**/Rome'] })).found).toEqual([])
  })

  it('to a login with public access only makes nothing complete', async () => {
    await using backup = await atHome(1)
    backup.rome.privacy = 'Private'
    await using asPublic = await simulate(backup.world, { granted: 'Public' })
    const result = await checked(backup, { smugmug: asPublic })
    expect(result.reasons).toContain('This login sees only what is public; private and hidden pictures stay unseen')
    expectTotals(result, { gone: 0 }, false)
  })
})

describe('what is at home only', () => {
  it('is told of an album that is gone, under its old name, unless it is gone from home too', async () => {
    await using backup = await atHome(2)
    backup.world.removeNode(backup.rome)
    await rm(backup.at('Travel/Rome/2.jpg'))
    const result = await checked(backup)
    expect(result.found).toEqual(['- Travel/Rome/1.jpg'])
    expectTotals(result, { albums: 1, listed: 2, same: 2, gone: 1 }, true)
    const [travel] = result.certificate.top.folders
    expect(travel?.albums.map(({ name, gone }) => [name, gone])).toEqual([
      ['Oslo', false],
      ['Rome', true],
    ])
  })

  it('is told with the folder that went with it', async () => {
    await using backup = await atHome(1)
    const folder = backup.rome.parent
    if (folder) backup.world.removeNode(folder)
    backup.world.addAlbum({ name: 'Empty' })
    const result = await checked(backup)
    expect(result.found).toEqual(['- Travel/Oslo/1.jpg', '- Travel/Rome/1.jpg'])
    expectTotals(result, { albums: 1, listed: 0, gone: 2 }, true)
  })
})

describe('what was left out on purpose', () => {
  it('is counted with its reason and keeps nothing from being complete, an image or a locked album', async () => {
    await using backup = await atHome(1)
    const video = backup.world.addVideo(backup.oslo, { fileName: 'a.mov', processing: true })
    backup.rome.locked = true
    {
      using catalog = backup.catalog()
      catalog.accepted.put({ key: video.key, reason: 'Never finished', acceptedAt: 1 })
      catalog.accepted.put({ key: backup.rome.key, reason: 'Not mine', acceptedAt: 1 })
    }
    const result = await checked(backup)
    expect(result.found).toEqual(['+ Travel/Oslo/a.mov', '! Travel/Rome', '! Travel/Rome/1.jpg'])
    expect(result.reasons).toEqual(['Never finished', 'Not mine', 'Not mine'])
    expectTotals(result, { listed: 2, same: 1, accepted: 1, waived: 2 }, true)
  })

  it('by --album and --exclude is not looked at', async () => {
    await using backup = await atHome(1)
    await rm(backup.at('Travel/Rome/1.jpg'))
    const result = await checked(backup, { albums: ['travel/*'], exclude: ['**/rome'] })
    expectTotals(result, { albums: 1, listed: 1, same: 1 }, true)
    expect(result.certificate.excluded).toBe(1)
    await expect(checked(backup, { albums: ['Nowhere'] })).rejects.toMatchObject({ kind: 'usage' })
  })
})

describe('exporters', () => {
  it('hold an image together: one intact copy is enough, and what each has is told', async () => {
    await using backup = await atHome(2)
    backup.exporters = [...backup.exporters, zip as Exporter, manifest as Exporter]
    await backup.run()
    await rm(backup.at('Travel/Rome/1.jpg'))
    const result = await checked(backup)
    expect(result.found).toEqual([])
    expectTotals(result, { same: 4, exporters: { folder: 3, zip: 4 } }, true)
    expect((await checked(backup, { exporters: ['folder'] })).found).toEqual(['+ Travel/Rome/1.jpg'])
    expect((await checked(backup, { exporters: ['zip'], depth: 'full' })).found).toEqual([])
  })

  it('that are not there are not needed to look at plain files, and what only they could look at proves nothing', async () => {
    await using backup = await atHome(1)
    backup.exporters = [...backup.exporters, archivist]
    await backup.run()
    expect((await checked(backup, { here: [] })).found).toEqual([])
    const result = await checked(backup, { here: [], exporters: ['archivist'] })
    expect(result.found).toEqual(['! Travel/Oslo/1.jpg', '! Travel/Rome/1.jpg'])
    expect(result.reasons[0]).toContain('archivist, which has it, is not here to be asked')
    expectTotals(result, { same: 0, unproven: 2 }, false)
  })

  it.each([
    ['keep nothing', poster({ keeps: 'nothing' }), '+', { missing: 2 }, 'It went to poster, which keeps nothing'],
    ['show nothing', poster(), '+', { missing: 2 }, 'The exporter "poster" returned no file that holds the picture'],
    ['dream of files', dreamer, '+', { missing: 2 }, 'and there is no such file'],
    ['write empty files', hollow, '+', { missing: 2 }, 'is empty, and the picture is not'],
    ['make other files', captioned(), '*', { made: 2 }, 'Home has a file that captioned made of it'],
    ['cannot be asked', unaskable, '!', { unproven: 2 }, 'It is said to be kept, and cannot be looked at'],
  ])('that %s prove nothing', async (_, exporter, symbol, totals, reason) => {
    await using backup = await atHome(1)
    backup.exporters = [exporter]
    await backup.run()
    const result = await checked(backup, { exporters: [exporter.name] })
    expect(result.found).toEqual([`${symbol} Travel/Oslo/1.jpg`, `${symbol} Travel/Rome/1.jpg`])
    expect(result.reasons[0]).toContain(reason)
    expectTotals(result, { same: 0, bytes: 0, ...totals }, false)
  })

  it('that keep nothing cost nothing where another has the picture', async () => {
    await using backup = await atHome(1)
    backup.exporters = [...backup.exporters, poster({ keeps: 'nothing' }), captioned()]
    await backup.run()
    expectTotals(await checked(backup), { same: 2, made: 0, exporters: { folder: 2 } }, true)
    for (const path of ['Travel/Oslo/1.jpg', 'Travel/Rome/1.jpg']) await rm(backup.at(path))
    expectTotals(await checked(backup), { same: 0, made: 2 }, false)
  })

  it('that keep pictures elsewhere are believed as far as they look', async () => {
    await using backup = await atHome(1)
    const cloud: Exporter = {
      name: 'cloud',
      apiVersion: 1,
      keeps: 'elsewhere',
      create: () => ({ deliver: ({ key }) => ({ path: key }), inspect: () => 'ok' }),
    }
    backup.exporters = [cloud]
    await backup.run()
    expectTotals(await checked(backup, { exporters: ['cloud'] }), { same: 2, elsewhere: 2, bytes: 4000 }, true)
  })
})

/** An archive that nobody but it can read. */
const archivist: Exporter = {
  name: 'archivist',
  apiVersion: 1,
  create: (context) => ({
    deliver: (image, _file, { album }) => ({ path: `${album.name}.bin`, entry: image.key, pending: true }),
    endAlbum: async (album) => context.writeFile([`${album.name}.bin`], 'all of them'),
    inspect: ({ path }, depth) => context.inspect({ path }, depth),
  }),
}

const unaskable: Exporter = {
  name: 'unaskable',
  apiVersion: 1,
  keeps: 'elsewhere',
  create: () => ({ deliver: ({ key }) => ({ path: key }) }),
}

describe('what SmugMug has beside the files', () => {
  it('is counted: words that are in no file, RAW files, and videos by name', async () => {
    await using backup = await atHome(1)
    const { world } = backup.smugmug
    const rome = [...world.albums.values()].find(({ name }) => name === 'Rome')
    if (rome === undefined) throw new Error('no album')
    world.addImage(rome, { fileName: 'told.jpg', caption: 'At noon' })
    world.addImage(rome, { fileName: 'untold.jpg', title: 'untold.jpg', caption: '<br>' })
    world.addImage(rome, { fileName: 'raw.jpg', components: { Image: ['jpg'], Raw: ['cr2'] } })
    world.addVideo(rome, { fileName: 'clip.MOV' })
    await backup.run()
    expect((await checked(backup)).certificate.beside).toEqual({
      words: 1,
      sidecars: 0,
      yours: 0,
      accepted: 0,
      places: { known: 0, sidecars: 0 },
      described: { words: 0, atHome: 0, yours: 0 },
      describers: [],
      raw: { notGiven: 1, leftOut: 0 },
      conversions: ['Travel/Rome/clip.mp4'],
    })
    backup.exporters = [...backup.exporters, manifest as Exporter]
    await backup.run()
    expect((await checked(backup)).certificate.beside.describers).toEqual(['manifest'])
  })

  it('is counted: albums that are private, unlisted, or have a password', async () => {
    await using backup = await atHome(1)
    const { world } = backup.smugmug
    const before = (await checked(backup)).certificate.hidden
    expect(before).toEqual({ unlisted: 0, private: 0, password: 0 })
    world.addImage(world.addAlbum({ name: 'Ours', privacy: 'Private' }))
    world.addImage(world.addAlbum({ name: 'By link', privacy: 'Unlisted', password: true }))
    await backup.run()
    expect((await checked(backup)).certificate.hidden).toEqual({ unlisted: 1, private: 1, password: 1 })
  })

  it('is at home where the sidecar is there as it was written, and nobody knows what is in one of yours', async () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Rome' })
    for (const fileName of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) world.addImage(album, { fileName, caption: fileName })
    await using backup = await Backup.of(world)
    backup.options = { sidecar: 'xmp', albumFile: 'none' }
    await backup.run()
    expect((await checked(backup)).certificate.beside).toMatchObject({ words: 4, sidecars: 4, yours: 0 })
    await rm(backup.at('Rome/b.jpg.xmp'))
    await backup.write('Rome/c.jpg.xmp', '<x:xmpmeta>by digiKam</x:xmpmeta>')
    await utimes(backup.at('Rome/d.jpg.xmp'), 1, 1)
    expect((await checked(backup)).certificate.beside).toMatchObject({ words: 4, sidecars: 2, yours: 1 })
  })
})

describe('what was written about albums and folders, and places of pictures', () => {
  it.each([
    ['in the folders', {}],
    ['below albums/, where the paths have none', { path: '{uploaded:%Y}/{name}' }],
  ])('are home %s, as long as the files are there', async (_, options) => {
    const world = new World()
    const travel = world.addFolder({ name: 'Travel', description: 'Far away' })
    const rome = world.addAlbum({ name: 'Rome', description: 'Three days', in: travel })
    const oslo = world.addAlbum({ name: 'Oslo', keywords: 'snow', in: travel })
    const gps = { latitude: 41.9, longitude: 12.5, altitude: 0 }
    world.addImage(rome, { fileName: 'a.jpg', gps, caption: 'The Forum' })
    world.addImage(oslo, { fileName: 'b.jpg', gps })
    world.addImage(world.addAlbum({ name: 'Untold', in: travel }), { fileName: 'c.jpg' })
    await using backup = await Backup.of(world)
    backup.options = { sidecar: 'xmp', ...options }
    await backup.run()
    const beside = { words: 1, sidecars: 1, places: { known: 2, sidecars: 2 } }
    const described = { words: 3, atHome: 3, yours: 0 }
    expect((await checked(backup)).certificate.beside).toMatchObject({ ...beside, described })
    const files = (await backup.paths({ descriptions: true })).filter((path) => path.endsWith('.json'))
    const at = (name: string) => files.find((path) => path.endsWith(name)) ?? ''
    await rm(backup.at(at('Rome/album.json')))
    const text = await readFile(backup.at(at('folder.json')), 'utf8')
    await backup.write(at('folder.json'), text.replace('Far away', 'Mine'))
    expect((await checked(backup)).certificate.beside).toMatchObject({
      ...beside,
      described: { words: 3, atHome: 1, yours: 1 },
    })
    await backup.write(at('folder.json'), '{"mine": true}')
    expect((await checked(backup)).certificate.beside).toMatchObject({
      described: { words: 3, atHome: 1, yours: 1 },
    })
  })
})

describe('check ends', () => {
  it('at an interruption, with the error of one', async () => {
    await using backup = await atHome(1)
    await expect(checked(backup, { draining: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('where no run was made, and in the output of another account', async () => {
    await using backup = await Backup.of(new World())
    await expect(checked(backup)).rejects.toMatchObject({ kind: 'destination' })
    await backup.run()
    await using other = await simulate(new World({ nickName: 'johndoe', startsAt: 1 }))
    other.world.root.id = 'other'
    await expect(checked(backup, { smugmug: other })).rejects.toMatchObject({ kind: 'destination' })
  })
})
