import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { openArchive } from '../../plugins/zip/archive.ts'
import zip from '../../plugins/zip/index.ts'
import type { Exporter } from '../../src/exporter/types.ts'
import { World } from '../../src/simulator/world.ts'
import { Backup } from '../engine/adopt/backup.ts'

/** One album, of which the first picture has a caption, as an archive. */
async function archived() {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  const image = world.addImage(album, { fileName: 'a.jpg', caption: 'The Forum' })
  world.addImage(album, { fileName: 'b.jpg' })
  const backup = await Backup.of(world)
  backup.exporters = [zip as Exporter]
  backup.options = {}
  const path = backup.at('Rome.zip')
  const names = async () => {
    using archive = await openArchive(path)
    return archive.images.map(({ name }) => name)
  }
  const sidecar = async (name = 'a.jpg.xmp') => {
    using archive = await openArchive(path)
    const entry = archive.images.find((each) => each.name === name)
    return entry === undefined ? undefined : text(Readable.from(archive.read(entry)))
  }
  return {
    world,
    album,
    image,
    backup,
    path,
    names,
    sidecar,
    [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose](),
  }
}

describe('a sidecar in an archive', () => {
  test('is an entry beside its picture, is counted, and costs the next run nothing', async () => {
    await using home = await archived()
    const { sidecars } = await home.backup.run()
    expect(await home.names()).toEqual(['a.jpg', 'a.jpg.xmp', 'b.jpg'])
    expect(await home.sidecar()).toContain('The Forum')
    expect(sidecars).toEqual({ atHome: 1, written: 1, yours: 0 })
    const before = await readFile(home.path)
    expect(await home.backup.run()).toMatchObject({ apiRequests: 2, sidecars: { atHome: 1, written: 0 } })
    await home.backup.run({ full: true })
    expect((await readFile(home.path)).equals(before)).toBe(true)
  })

  test('is written again when the caption changes, and goes with it, without a download', async () => {
    await using home = await archived()
    await home.backup.run()
    const { downloads } = home.backup
    home.world.editImage(home.image, { caption: 'The Palatine' })
    expect(await home.backup.run({ full: true })).toMatchObject({ sidecars: { atHome: 1, written: 1 } })
    expect(await home.sidecar()).toContain('The Palatine')
    expect(await home.backup.run({ full: true })).toMatchObject({ sidecars: { atHome: 1, written: 0 } })
    home.world.editImage(home.image, { caption: '' })
    const { sidecars } = await home.backup.run({ full: true })
    expect(await home.names()).toEqual(['a.jpg', 'b.jpg'])
    expect(sidecars).toBeUndefined()
    expect(home.backup.downloads).toBe(downloads)
  })

  test('comes into an archive that was made without, and leaves one that wants none, without a request or a download', async () => {
    await using home = await archived()
    home.backup.options = { sidecar: 'none' }
    await home.backup.run()
    expect(await home.names()).toEqual(['a.jpg', 'b.jpg'])
    const { downloads } = home.backup
    home.backup.options = { sidecar: 'xmp+json' }
    expect(await home.backup.run()).toMatchObject({
      apiRequests: 2,
      failedInAll: 0,
      sidecars: { atHome: 3, written: 3 },
    })
    expect(await home.names()).toEqual(['a.jpg', 'a.jpg.xmp', 'a.jpg.smugmug.json', 'b.jpg', 'b.jpg.smugmug.json'])
    home.backup.options = { sidecar: 'none' }
    await home.backup.run()
    expect(await home.names()).toEqual(['a.jpg', 'b.jpg'])
    expect(home.backup.downloads).toBe(downloads)
  })

  test('stays with a picture that is gone, has its name after a rename, and leaves with it in a mirror', async () => {
    await using home = await archived()
    await home.backup.run()
    home.world.editImage(home.image, { fileName: 'forum.jpg' })
    expect(await home.backup.run({ full: true })).toMatchObject({ sidecars: { atHome: 1, written: 0 } })
    expect(await home.names()).toEqual(['forum.jpg', 'forum.jpg.xmp', 'b.jpg'])
    home.world.removeImage(home.image)
    home.world.addImage(home.album, { fileName: 'forum.jpg' })
    await home.backup.run()
    const names = await home.names()
    expect(names.slice(0, 2)).toEqual(['b.jpg', expect.stringContaining('forum')])
    expect(names).toHaveLength(4)
    expect(names[3]).toBe(`${names[2]}.xmp`)
    expect(await home.sidecar(names[3])).toContain('The Forum')
    await home.backup.run({ full: true, mirror: { files: 1 } })
    expect((await home.names()).filter((name) => name.endsWith('.xmp'))).toEqual([])
  })

  test('that is damaged is named by verify with its picture, and mended', async () => {
    await using home = await archived()
    await home.backup.run()
    // A time that can be set again exactly; the next run gets to know it.
    await utimes(home.path, 1_600_000_000, 1_600_000_000)
    await home.backup.run({ full: true })
    const bytes = await readFile(home.path)
    bytes[bytes.indexOf('The Forum')] = 0x54 + 1
    await writeFile(home.path, bytes)
    await utimes(home.path, 1_600_000_000, 1_600_000_000)
    const { findings } = await home.backup.verify()
    expect(findings).toMatchObject([{ state: 'damaged', imageKey: home.image.key }])
    await home.backup.repair(findings)
    expect(await home.sidecar()).toContain('The Forum')
  })

  test('is in an archive that is lost and made again', async () => {
    await using home = await archived()
    await home.backup.run()
    await rm(home.path)
    await home.backup.run()
    expect(await home.names()).toEqual(['a.jpg', 'a.jpg.xmp', 'b.jpg'])
  })
})
