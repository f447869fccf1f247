import { execFileSync } from 'node:child_process'
import { chmod, mkdir, rm, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import manifest from '../../../plugins/manifest/index.ts'
import { isAllRight } from '../../../src/engine/verify/verify.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { World } from '../../../src/simulator/world.ts'
import { rot } from '../../rot.ts'
import { Backup } from '../adopt/backup.ts'

/** Two albums of `each` pictures, at home. */
async function atHome(each: number): Promise<Backup> {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  for (const name of ['Oslo', 'Rome']) {
    const album = world.addAlbum({ name, in: travel })
    for (let n = 1; n <= each; n++) world.addImage(album, { fileName: `${n}.jpg`, size: 2000 })
  }
  const backup = await Backup.of(world)
  await backup.run()
  return backup
}

/** A folder of the home that its owner may not read. Root may read all: it becomes another user until this is disposed of. */
async function closed(backup: Backup, folder: string): Promise<AsyncDisposable> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) execFileSync('chown', ['-R', '65534', dirname(backup.output)])
  await chmod(backup.at(folder), 0)
  if (isRoot) process.seteuid?.(65534)
  return {
    async [Symbol.asyncDispose]() {
      if (isRoot) process.seteuid?.(0)
      await chmod(backup.at(folder), 0o700)
    },
  }
}

const counts = ({ ok, missing, damaged, changed, unknown }: Awaited<ReturnType<Backup['verify']>>) => ({
  ok,
  missing,
  damaged,
  changed,
  unknown,
})

describe('verify', () => {
  it('finds all well after a run, and remembers when every byte was seen', async () => {
    await using backup = await atHome(3)
    const summary = await backup.verify()
    expect(counts(summary)).toEqual({ ok: 6, missing: 0, damaged: 0, changed: 0, unknown: 0 })
    const bytes = [...(await backup.files()).values()].reduce((sum, { size }) => sum + size, 0)
    expect(summary).toMatchObject({ items: 6, bytes, findings: [] })
    using catalog = backup.catalog()
    for (const { verifiedAt } of catalog.deliveries.of('folder')) expect(verifiedAt).toBe(backup.now)
  })

  it('tells damaged, changed, missing and unknown apart, and touches none', async () => {
    await using backup = await atHome(4)
    await rot(backup.at('Travel/Oslo/1.jpg'))
    await backup.write('Travel/Oslo/2.jpg', 'mine now')
    await rm(backup.at('Travel/Oslo/3.jpg'))
    await backup.write('Travel/Oslo/notes.txt', 'mine')
    await backup.write('todo.txt', 'mine')
    const before = await backup.files()

    const summary = await backup.verify()
    expect(counts(summary)).toEqual({ ok: 5, missing: 1, damaged: 1, changed: 1, unknown: 2 })
    expect(summary.findings).toMatchObject([
      { state: 'damaged', exporter: 'folder', path: 'Travel/Oslo/1.jpg', album: 'Travel/Oslo' },
      { state: 'changed', path: 'Travel/Oslo/2.jpg' },
      { state: 'missing', path: 'Travel/Oslo/3.jpg' },
    ])
    const unknown = summary.events.flatMap((event) => (event.type === 'verify.unknown' ? [event.path] : []))
    expect(unknown.sort()).toEqual(['Travel/Oslo/notes.txt', 'todo.txt'])
    expect(await backup.files()).toEqual(before)
  })

  it('counts a copied file with another time as ok when every byte is right, with --quick too, which reads what seems changed', async () => {
    await using backup = await atHome(1)
    await utimes(backup.at('Travel/Rome/1.jpg'), 1, 1)
    expect(counts(await backup.verify())).toMatchObject({ ok: 2, changed: 0 })
    expect(counts(await backup.verify({ depth: 'quick' }))).toMatchObject({ ok: 2, changed: 0 })
  })

  it('by size and time alone sees no rot, and does not claim that bytes were compared', async () => {
    await using backup = await atHome(1)
    await rot(backup.at('Travel/Rome/1.jpg'))
    expect(counts(await backup.verify({ depth: 'quick' }))).toMatchObject({ ok: 2, damaged: 0 })
    using catalog = backup.catalog()
    for (const { verifiedAt } of catalog.deliveries.of('folder')) expect(verifiedAt).toBeLessThan(backup.now)
  })

  it('in sevenths reads every file once in seven parts, and a file stays in its part when its album is renamed', async () => {
    await using backup = await atHome(20)
    const week = async () => {
      const parts: string[][] = []
      for (let part = 1; part <= 7; part++) {
        const { events } = await backup.verify({ subset: { part, of: 7 } })
        parts.push(events.flatMap((event) => (event.type === 'verify.item' ? [event.path] : [])))
      }
      return parts
    }
    const before = await week()
    expect(before.flat().sort()).toEqual(await backup.paths())
    expect(before.filter((paths) => paths.length > 0).length).toBeGreaterThan(3)

    const { world } = backup.smugmug
    const rome = [...world.albums.values()].find(({ name }) => name === 'Rome')
    if (rome !== undefined) world.rename(rome, 'Roma')
    await backup.run()
    const renamed = before.map((paths) => paths.map((path) => path.replace('/Rome/', '/Roma/')).sort())
    expect((await week()).map((paths) => paths.sort())).toEqual(renamed)
  })

  it('asks an exporter for each image of an archive, so that one that is damaged is told from the others', async () => {
    await using backup = await Backup.of(new World())
    const { world } = backup.smugmug
    const album = world.addAlbum({ name: 'Rome' })
    const images = [world.addImage(album), world.addImage(album), world.addImage(album)]
    const archive: Exporter = {
      name: 'archive',
      apiVersion: 1,
      create: (context) => ({
        deliver: (image, _file, { album }) => ({ path: `${album.name}.bin`, entry: image.key, pending: true }),
        endAlbum: ({ name }) => context.writeFile([`${name}.bin`], 'all of them'),
        inspect: ({ entry }, depth) => (depth === 'full' && entry === images[1]?.key ? 'damaged' : 'ok'),
      }),
    }
    backup.exporters = [archive]
    await backup.run()
    const summary = await backup.verify()
    expect(summary).toMatchObject({ items: 3, ok: 2, damaged: 1 })
    expect(summary.findings).toEqual([
      {
        state: 'damaged',
        exporter: 'archive',
        path: 'Rome.bin',
        imageKey: images[1]?.key,
        albumKey: album.key,
        album: 'Rome',
      },
    ])
  })

  it('says what it could not prove: kept where nobody can look, or where looking fails', async () => {
    const cloud = (name: string, inspect?: () => never): Exporter => ({
      name,
      apiVersion: 1,
      keeps: 'elsewhere',
      create: () => ({ deliver: () => ({ path: 'x' }), ...(inspect && { inspect }) }),
    })
    const failing = cloud('failing', () => {
      throw new Error('no idea')
    })
    await using backup = await Backup.of(new World())
    backup.smugmug.world.addImage(backup.smugmug.world.addAlbum({ name: 'Album' }))
    backup.exporters = [...backup.exporters, cloud('silent'), failing]
    await backup.run()
    const summary = await backup.verify()
    expect(summary).toMatchObject({ items: 3, ok: 1, unproven: 1, unreadable: 1 })
    expect(summary.findings.map(({ exporter, state, reason }) => [exporter, state, reason])).toEqual([
      ['failing', 'unreadable', 'Exporter "failing" failed in inspect: no idea'],
      ['silent', 'unproven', 'silent has no inspect() that could look at it'],
    ])
    expect(isAllRight(summary)).toBe(false)
    backup.exporters = []
    expect(await backup.verify()).toMatchObject({ items: 3, ok: 1, unproven: 2 })
  })

  it('of nothing is not all right, of a share without files it is', async () => {
    await using backup = await Backup.of(new World())
    await backup.run()
    const nothing = await backup.verify()
    expect([nothing.items, isAllRight(nothing)]).toEqual([0, false])
    expect(isAllRight(await backup.verify({ subset: { part: 1, of: 7 } }))).toBe(true)
  })

  it('names a folder that it may not look into, and keeps all that it found', async () => {
    await using backup = await atHome(1)
    await rot(backup.at('Travel/Oslo/1.jpg'))
    await mkdir(backup.at('lost+found'))
    await using _ = await closed(backup, 'lost+found')
    const summary = await backup.verify()
    expect(summary).toMatchObject({ ok: 1, damaged: 1, unknown: 0, closedFolders: ['lost+found'] })
  })

  it('proves what an exporter wrote beside the pictures, and takes it for no stranger', async () => {
    const list: Exporter = {
      name: 'list',
      apiVersion: 1,
      needs: 'listing',
      create: (context) => ({
        deliver: () => undefined,
        finish: () => context.writeFile(['list.txt'], 'all of them').then(() => {}),
      }),
    }
    await using backup = await Backup.of(new World())
    backup.smugmug.world.addImage(backup.smugmug.world.addAlbum({ name: 'Album' }))
    backup.exporters = [...backup.exporters, list]
    await backup.run()
    expect(counts(await backup.verify())).toMatchObject({ ok: 2, unknown: 0 })
    await rm(backup.at('list/list.txt'))
    expect((await backup.verify()).findings).toEqual([{ state: 'missing', exporter: 'list', path: 'list.txt' }])
  })
})

it('does not miss the list that stood beside the one that the user changed, once it is back in its place', async () => {
  await using backup = await atHome(1)
  backup.exporters = [folder, manifest] as Exporter[]
  await backup.run()
  await backup.write('manifest.json', 'mine')
  await backup.run()
  expect(await backup.paths()).toContain('manifest [smugdl].json')
  await rm(backup.at('manifest.json'))
  await backup.run()
  expect(await backup.paths()).not.toContain('manifest [smugdl].json')
  expect(await backup.verify()).toMatchObject({ findings: [], unknown: 0 })
})
