import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { Backup } from '../engine/adopt/backup.ts'
import { ruins } from '../engine/run/ruins.ts'

async function described() {
  const world = new World()
  const album = world.addAlbum({
    name: 'Rome',
    description: 'Three days &amp; nights',
    in: world.addFolder({ name: 'Travel' }),
  })
  const [first, second] = ['b.jpg', 'a.jpg'].map((fileName) => world.addImage(album, { fileName }))
  const backup = await Backup.of(world)
  backup.options = { sidecar: 'none' }
  return {
    world,
    album,
    backup,
    images: [first, second],
    read: async (path = 'Travel/Rome/album.json') => JSON.parse(await readFile(backup.at(path), 'utf8')),
    paths: () => backup.paths({ descriptions: true }),
    [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose](),
  }
}

test('albums and folders are described in their folders, pictures in the order that the album has', async () => {
  await using home = await described()
  await home.backup.run()
  expect(await home.paths()).toEqual([
    'Travel/Rome/a.jpg',
    'Travel/Rome/album.json',
    'Travel/Rome/b.jpg',
    'Travel/folder.json',
  ])
  expect(await home.read()).toMatchObject({
    format: 'smugdl-album',
    key: home.album.key,
    name: 'Rome',
    path: ['Travel'],
    description: 'Three days & nights',
    descriptionHtml: 'Three days &amp; nights',
    images: [{ file: 'b.jpg' }, { file: 'a.jpg' }],
  })
  expect(await home.read('Travel/folder.json')).toMatchObject({ format: 'smugdl-folder', name: 'Travel', path: [] })
  expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0, ok: 4 })
})

test('covers, and the order of albums and folders in their folder, are in their files, and stay there in a run that reads no folders', async () => {
  await using home = await described()
  const [, second] = home.images
  home.album.cover = second
  const travel = home.album.parent
  if (travel === undefined || second === undefined) throw new Error('an album in a folder, with two pictures')
  travel.cover = second
  const oslo = home.world.addAlbum({ name: 'Oslo', in: travel })
  home.world.addImage(oslo, { fileName: 'c.jpg' })
  for (const image of [undefined, 'd.jpg']) {
    if (image !== undefined) home.world.addImage(oslo, { fileName: image })
    await home.backup.run()
    expect(await home.read()).toMatchObject({ position: 0, cover: { key: second.key, file: 'a.jpg' } })
    expect(await home.read('Travel/Oslo/album.json')).toMatchObject({ position: 1 })
    expect(await home.read('Travel/folder.json')).toMatchObject({ position: 0, cover: { key: second.key } })
  }
})

test('a file that would say the same is not written again, though its album was listed', async () => {
  await using home = await described()
  await home.backup.run()
  const before = await home.backup.files({ descriptions: true })
  await home.backup.run({ full: true })
  expect(await home.backup.files({ descriptions: true })).toEqual(before)
})

test('a new order is written, and nothing is downloaded', async () => {
  await using home = await described()
  await home.backup.run()
  const { downloads } = home.backup
  home.world.rearrange(home.album, home.images.toReversed() as never)
  await home.backup.run({ full: true })
  expect((await home.read()).images).toMatchObject([{ file: 'a.jpg' }, { file: 'b.jpg' }])
  expect(home.backup.downloads).toBe(downloads)
})

test('a lost one comes back with the next run, and with verify --repair', async () => {
  await using home = await described()
  await home.backup.run()
  const before = await home.read()
  await rm(home.backup.at('Travel/Rome/album.json'))
  const { apiRequests } = await home.backup.run()
  expect({ read: await home.read(), apiRequests }).toEqual({ read: before, apiRequests: 2 })
  await rm(home.backup.at('Travel/Rome/album.json'))
  const { findings } = await home.backup.verify()
  expect(findings).toMatchObject([{ state: 'missing', path: 'Travel/Rome/album.json' }])
  await home.backup.repair(findings)
  expect(await home.read()).toEqual(before)
})

test("one that the user wrote or changed is the user's, which is said once and is no failure", async () => {
  await using home = await described()
  await home.backup.run()
  await writeFile(home.backup.at('Travel/Rome/album.json'), '{"mine":true}')
  const first = await home.backup.run({ full: true })
  const second = await home.backup.run({ full: true })
  expect(await home.read()).toEqual({ mine: true })
  expect(first.notices.filter((notice) => notice.includes('is yours'))).toHaveLength(1)
  expect([second.notices, first.failedInAll, second.failedInAll]).toEqual([[], 0, 0])
})

test.each([
  ['they forgot a comma', (text: string) => text.replace(',', '')],
  ['it is JSON no more', () => 'Three days, and rain'],
  ['it is a list', () => '["mine"]\n'],
  ['a note follows', (text: string) => `${text}// mine\n`],
])('one that somebody edited is theirs and no finding, though %s', async (_, edit) => {
  await using home = await described()
  await home.backup.run()
  const path = home.backup.at('Travel/Rome/album.json')
  const edited = edit((await readFile(path, 'utf8')).replace('Rome', 'Roma'))
  expect(() => JSON.parse(edited).key.length).toThrow()
  await writeFile(path, edited)
  expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
  home.world.editImage(home.images[0] as never, { caption: 'new' })
  await home.backup.run({ full: true })
  expect(await readFile(path, 'utf8')).toBe(edited)
  expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
})

test.each(ruins)(
  'one that is %s is damaged, and is written again by --repair and by the next run',
  async (_, ruined) => {
    await using home = await described()
    await home.backup.run()
    const path = home.backup.at('Travel/Rome/album.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, ruined(text))
    const { findings } = await home.backup.verify()
    expect(findings).toMatchObject([{ state: 'damaged', path: 'Travel/Rome/album.json' }])
    await home.backup.repair(findings)
    expect(await readFile(path, 'utf8')).toBe(text)
    await writeFile(path, ruined(text))
    const { notices } = await home.backup.run()
    expect({ notices, text: await readFile(path, 'utf8') }).toEqual({ notices: [], text })
    expect(await home.paths()).toHaveLength(4)
    expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
  },
)

test('after the catalog was lost ours is known by its own digest, and one that the user changed is not ours', async () => {
  await using home = await described()
  await home.backup.run()
  const told = await readFile(home.backup.at('Travel/folder.json'), 'utf8')
  await writeFile(home.backup.at('Travel/folder.json'), told.replace('"description": ""', '"description": "mine"'))
  await rm(home.backup.at('.smugdl/catalog.sqlite'))
  home.world.rearrange(home.album, home.images.toReversed() as never)
  const { notices, failedInAll } = await home.backup.run()
  expect((await home.read()).images).toMatchObject([{ file: 'a.jpg' }, { file: 'b.jpg' }])
  expect(await home.read('Travel/folder.json')).toMatchObject({ description: 'mine' })
  expect(notices).toEqual([expect.stringContaining('"Travel/folder.json" was not written by smugdl')])
  expect(failedInAll).toBe(0)
  expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 1 })
})

test('a renamed album takes its file along', async () => {
  await using home = await described()
  await home.backup.run()
  home.world.rename(home.album, 'Roma')
  await home.backup.run()
  expect(await home.paths()).toEqual([
    'Travel/Roma/a.jpg',
    'Travel/Roma/album.json',
    'Travel/Roma/b.jpg',
    'Travel/folder.json',
  ])
  expect(await home.read('Travel/Roma/album.json')).toMatchObject({ name: 'Roma' })
})

test('a folder that the user moved is described where it is', async () => {
  await using home = await described()
  await home.backup.run()
  await rename(home.backup.at('Travel/Rome'), home.backup.at('Italy'))
  await home.backup.run()
  expect(await home.paths()).toEqual(['Italy/a.jpg', 'Italy/album.json', 'Italy/b.jpg', 'Travel/folder.json'])
  expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
})

test('with albumFile=none they go', async () => {
  await using home = await described()
  await home.backup.run()
  home.backup.options = { sidecar: 'none', albumFile: 'none' }
  const { notices } = await home.backup.run()
  expect(await home.paths()).toEqual(['Travel/Rome/a.jpg', 'Travel/Rome/b.jpg'])
  expect(notices).toEqual([expect.stringContaining('2 album.json and folder.json went to the trash')])
  expect((await home.backup.run()).notices).toEqual([])
})

describe('where a template gives albums no folders of their own, they are described below albums/', () => {
  const inAlbums = ['albums/Travel/Oslo/album.json', 'albums/Travel/Rome/album.json', 'albums/Travel/folder.json']

  async function twoAlbums(path: string) {
    const home = await described()
    const oslo = home.world.addAlbum({ name: 'Oslo', description: 'Snow', ...inTravel(home) })
    home.world.addImage(oslo, { fileName: 'c.jpg' })
    home.backup.options = { sidecar: 'none', path }
    const jsons = async () => (await home.paths()).filter((each) => each.endsWith('.json'))
    return { ...home, oslo, jsons }
  }
  const inTravel = ({ album }: Awaited<ReturnType<typeof described>>) => (album.parent ? { in: album.parent } : {})

  test.each([
    ['{uploaded:%Y}/{name}', inAlbums],
    ['{name}', inAlbums],
    // One folder of several albums is none of theirs.
    ['{account}/{name}', inAlbums],
    ['{album.path: - }/{name}', ['Travel - Oslo/album.json', 'Travel - Rome/album.json', 'albums/Travel/folder.json']],
    ['{album.url}/{name}', ['Travel/Oslo/album.json', 'Travel/Rome/album.json', 'Travel/folder.json']],
  ])('%s', async (path, expected) => {
    await using home = await twoAlbums(path)
    const { notices } = await home.backup.run()
    expect(notices).toEqual([])
    expect(await home.jsons()).toEqual(expected)
    const [oslo = ''] = expected
    expect(await home.read(oslo)).toMatchObject({ name: 'Oslo', description: 'Snow', images: [{ file: 'c.jpg' }] })
    const before = await home.backup.files({ descriptions: true })
    await home.backup.run({ full: true })
    expect(await home.backup.files({ descriptions: true })).toEqual(before)
    expect(await home.backup.verify()).toMatchObject({ findings: [], unknown: 0 })
    home.backup.options = { sidecar: 'none' }
    await home.backup.run()
    expect(await home.jsons()).toEqual(['Travel/Oslo/album.json', 'Travel/Rome/album.json', 'Travel/folder.json'])
  })

  test('also of an album that is gone, whose pictures stay', async () => {
    await using home = await twoAlbums('{uploaded:%Y}/{name}')
    await home.backup.run()
    home.world.removeNode(home.oslo)
    await home.backup.run({ full: true })
    await home.backup.run({ full: true })
    expect(await home.jsons()).toEqual(inAlbums)
  })

  test('also in a home that was made by an earlier smugdl, though nothing else changes', async () => {
    await using home = await twoAlbums('{uploaded:%Y}/{name}')
    home.backup.options = { sidecar: 'none', path: '{uploaded:%Y}/{name}', albumFile: 'none' }
    await home.backup.run()
    {
      using catalog = home.backup.catalog()
      for (const { key } of [home.album, home.oslo]) catalog.state.set('folder', key, undefined)
    }
    home.backup.options = { sidecar: 'none', path: '{uploaded:%Y}/{name}' }
    await home.backup.run()
    expect(await home.jsons()).toEqual(inAlbums)
  })
})
