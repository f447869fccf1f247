import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import zip from '../../../plugins/zip/index.ts'
import type { RunSummary } from '../../../src/engine/events.ts'
import { lastOptions } from '../../../src/engine/run/last-options.ts'
import type { Exporter, Hooks } from '../../../src/exporter/types.ts'
import { type Image, World } from '../../../src/simulator/world.ts'
import { readStaging } from '../../e2e/home.ts'
import { Backup } from '../adopt/backup.ts'

const dayMs = 24 * 60 * 60 * 1000
const thirtyDays = { relistAfterMs: 30 * dayMs }

/** So many albums of two images. */
function albums(count: number): World {
  const world = new World()
  for (let i = 0; i < count; i++) {
    const album = world.addAlbum({ name: `Album ${i}` })
    for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName, size: 1000 })
  }
  return world
}

function firstImage({ images }: World): Image {
  const [image] = images.values()
  if (image === undefined) throw new Error('the world is empty')
  return image
}

/** An exporter of these hooks that writes nothing. */
/** Keeps its pictures elsewhere: no file needs to be at home. */
function exporter(name: string, hooks: Partial<Hooks> = {}): Exporter {
  const deliver: Hooks['deliver'] = async (image) => ({ path: image.name })
  return { name, apiVersion: 1, keeps: 'elsewhere', create: () => ({ deliver, ...hooks }) }
}

const counts = (summary: RunSummary, name = 'folder') => summary.exporters[name]

describe('albums that nothing is announced of', () => {
  it('are listed again after thirty days, some each night, and so a replaced image is found', async () => {
    const world = albums(6)
    await using backup = await Backup.of(world)
    await backup.run(thirtyDays)
    world.replaceImage(firstImage(world))
    for (let night = 1; night < 30; night++) expect((await backup.run(thirtyDays)).albums.listed).toBe(0)
    const listed: number[] = []
    let updated = 0
    for (let night = 30; night < 60; night++) {
      const summary = await backup.run(thirtyDays)
      listed.push(summary.albums.listed)
      updated += counts(summary)?.updated ?? 0
    }
    expect(Math.max(...listed)).toBe(1)
    expect(listed.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(6)
    expect(updated).toBe(1)
  })

  it('count as unchanged, and the summary says how old the oldest trust is', async () => {
    await using backup = await Backup.of(albums(3))
    const firstAt = backup.now
    await backup.run()
    const summary = await backup.run()
    expect(counts(summary)).toMatchObject({ listed: 6, unchanged: 6 })
    expect(summary).toMatchObject({ albums: { listed: 0, trusted: 3 }, oldestTrustAt: firstAt })
  })

  it('are listed again when one of their files is gone from home', async () => {
    await using backup = await Backup.of(albums(3))
    await backup.run()
    await rm(backup.at('Album 1/a.jpg'))
    const summary = await backup.run()
    expect(counts(summary)).toMatchObject({ updated: 1, unchanged: 5 })
    expect(summary.albums).toMatchObject({ listed: 1, trusted: 2 })
  })
})

describe('what failed', () => {
  it('and hardly heals is asked for at growing intervals, and counted in between', async () => {
    const world = albums(1)
    const image = firstImage(world)
    image.rights = 'none'
    await using backup = await Backup.of(world)
    const asked: number[] = []
    for (let night = 0; night < 10; night++) {
      const summary = await backup.run()
      expect(counts(summary)).toMatchObject({ listed: 2, failed: 1 })
      if (summary.albums.listed > 0) asked.push(night)
    }
    // Half a day, a day, two, four, eight after it was last asked for.
    expect(asked).toEqual([0, 1, 2, 4, 8])
    image.rights = 'original'
    expect(counts(await backup.run({ full: true }))).toMatchObject({ new: 1, unchanged: 1, failed: 0 })
  })

  it('and may heal is tried first by the next run', async () => {
    const world = albums(3)
    await using backup = await Backup.of(world)
    const last = [...world.images.values()].at(-1)
    const heal = backup.smugmug.faults.add({
      path: last?.key ?? '',
      kind: 'media',
      do: { kind: 'status', status: 404 },
    })
    expect(counts(await backup.run())).toMatchObject({ new: 5, failed: 1 })
    heal()
    const summary = await backup.run()
    expect(counts(summary)).toMatchObject({ new: 1, unchanged: 5, failed: 0 })
    expect(backup.events.find(({ type }) => type === 'album.started')).toMatchObject({ album: 'Album 2' })
  })
})

describe('several exporters', () => {
  it('share one download, and are counted apart', async () => {
    await using backup = await Backup.of(albums(2))
    backup.exporters = [folder as Exporter, exporter('other')]
    const summary = await backup.run()
    expect(backup.downloads).toBe(4)
    expect(summary.downloaded.files).toBe(4)
    for (const name of ['folder', 'other']) expect(counts(summary, name)).toMatchObject({ listed: 4, new: 4 })
  })

  it('do not fail together: what one refuses, the other has, and the next run needs no download', async () => {
    await using backup = await Backup.of(albums(1))
    let refuses = true
    backup.exporters = [
      folder as Exporter,
      exporter('other', {
        deliver: async (image) => {
          if (refuses && image.name === 'a.jpg') throw new Error('not this one')
          return { path: image.name }
        },
      }),
    ]
    const summary = await backup.run()
    expect(counts(summary)).toMatchObject({ new: 2, failed: 0 })
    expect(counts(summary, 'other')).toMatchObject({ new: 1, failed: 1 })
    expect(summary.failed).toMatchObject([
      { item: 'Album 0/a.jpg', exporter: 'other', reason: 'Exporter "other" failed in deliver: not this one' },
    ])
    refuses = false
    const next = await backup.run()
    expect(counts(next)).toMatchObject({ unchanged: 2 })
    expect(counts(next, 'other')).toMatchObject({ new: 1, unchanged: 1 })
    expect(backup.downloads).toBe(2)
  })

  it('that are named for the first time are served from home', async () => {
    await using backup = await Backup.of(albums(2))
    await backup.run()
    const seen: string[] = []
    backup.exporters = [
      folder as Exporter,
      exporter('other', {
        deliver: async (image, file) => {
          seen.push(file.md5)
          return { path: image.name }
        },
      }),
    ]
    const summary = await backup.run()
    expect(counts(summary, 'other')).toMatchObject({ new: 4 })
    expect(counts(summary)).toMatchObject({ unchanged: 4 })
    expect(backup.downloads).toBe(4)
    expect(seen.sort()).toEqual([...backup.smugmug.listing()].map(({ md5 }) => md5).sort())
  })

  it('that want the listing only cost no bytes', async () => {
    await using backup = await Backup.of(albums(2))
    const told: string[] = []
    const lister = exporter('lister', { deliver: async (image) => void told.push(image.name) })
    backup.exporters = [{ ...lister, needs: 'listing' } as Exporter]
    expect(counts(await backup.run(), 'lister')).toMatchObject({ listed: 4, new: 4 })
    expect(backup.downloads).toBe(0)
    expect(told).toHaveLength(4)
    expect(counts(await backup.run(), 'lister')).toMatchObject({ unchanged: 4 })
  })

  it('end the run with all their problems, before the first byte, if they cannot begin', async () => {
    await using backup = await Backup.of(albums(1))
    const broken = (name: string) => exporter(name, { prepare: () => Promise.reject(new Error(`${name} is no good`)) })
    backup.exporters = [broken('one'), folder as Exporter, broken('two')]
    await expect(backup.run()).rejects.toMatchObject({
      kind: 'usage',
      what: expect.stringMatching(/one is no good[\s\S]*two is no good/),
    })
    expect(backup.downloads).toBe(0)
  })

  it('whose album cannot be ended have delivered nothing of it that was pending', async () => {
    await using backup = await Backup.of(albums(1))
    let fails = true
    backup.exporters = [
      exporter('archive', {
        deliver: async (image) => ({ path: image.name, pending: true as const }),
        endAlbum: async () => {
          if (fails) throw new Error('the disk said no')
        },
      }),
    ]
    expect(counts(await backup.run(), 'archive')).toMatchObject({ listed: 2, new: 0, failed: 2 })
    fails = false
    expect(counts(await backup.run(), 'archive')).toMatchObject({ new: 2, failed: 0 })
    expect(counts(await backup.run(), 'archive')).toMatchObject({ unchanged: 2 })
  })
})

describe('a run', () => {
  it('whose exporter cannot be created has failed, and is not taken for a killed one', async () => {
    await using backup = await Backup.of(albums(1))
    const create = () => {
      throw new Error('no token')
    }
    backup.exporters = [{ ...exporter('posts'), create }]
    await expect(backup.run()).rejects.toMatchObject({
      kind: 'usage',
      what: 'Exporter "posts" failed in create: no token',
    })
    using catalog = backup.catalog()
    expect(catalog.runs.newest(2)).toMatchObject([{ ended: 'failed', summary: { error: { kind: 'usage' } } }])
  })

  it('whose exporter refuses its options leaves those of the last run to the next one', async () => {
    await using backup = await Backup.of(albums(1))
    const to = (place: string) => ({ exporterOptions: { folder: {}, posts: { to: place } } })
    const create = ({ options }: { options: { to?: string } }) => {
      if (options.to === 'nowhere') throw new Error('no such place')
      return {}
    }
    backup.exporters = [{ ...exporter('posts'), create: create as never }]
    await backup.run(to('here'))
    await expect(backup.run(to('nowhere'))).rejects.toMatchObject({ kind: 'usage' })
    using catalog = backup.catalog()
    expect(lastOptions('posts', catalog)).toEqual({ to: 'here' })
  })

  it('fetches nothing that stands where its exporter would put it, whatever its template, though the catalog was lost', async () => {
    await using backup = await Backup.of(albums(2))
    const { folder: defaults } = backup.plan().exporterOptions
    const plan = { exporterOptions: { folder: { ...defaults, path: '{album.path}/Originals/{name}' } } }
    await backup.run(plan)
    await rm(backup.at('.smugdl'), { recursive: true })
    const again = await backup.run(plan)
    expect([counts(again), again.recognised]).toMatchObject([{ new: 4, failed: 0 }, 4])
    expect(backup.downloads).toBe(4)
  })

  it('fetches none that stands under its name with the key, because another has its name, though the catalog was lost', async () => {
    const world = new World()
    for (const name of ['Rome', 'Oslo']) world.addImage(world.addAlbum({ name }), { fileName: 'a.jpg' })
    await using backup = await Backup.of(world)
    backup.options = { ...backup.options, path: '{name}' }
    await backup.run()
    await rm(backup.at('.smugdl'), { recursive: true })
    const again = await backup.run()
    expect([counts(again), again.recognised]).toMatchObject([{ new: 2, failed: 0 }, 2])
    expect(backup.downloads).toBe(2)
  })

  it('brings both places of a picture under one name with its key, where a new template gives it the name of another file', async () => {
    const world = new World()
    const [rome, best] = [world.addAlbum({ name: 'Rome' }), world.addAlbum({ name: 'Best' })]
    const image = world.addImage(rome, { fileName: 'a.jpg' })
    world.collect(image, best)
    await using backup = await Backup.of(world)
    backup.options = { ...backup.options, path: '{key}{ext}' }
    await backup.run()
    await backup.write('a.jpg', 'mine')
    backup.options = { ...backup.options, path: '{name}' }
    expect(counts(await backup.run())).toMatchObject({ listed: 2, updated: 2, failed: 0 })
    expect(await backup.paths()).toEqual([`a [${image.key}].jpg`, 'a.jpg'].sort())
    expect((await backup.verify()).findings).toEqual([])
  })

  it('is remembered with its counts and failures', async () => {
    const world = albums(1)
    world.addVideo([...world.albums.values()][0] ?? world.addAlbum({ name: 'x' }), {
      fileName: 'v.MOV',
      processing: true,
    })
    await using backup = await Backup.of(world)
    await backup.run()
    using catalog = backup.catalog()
    const [row] = catalog.runs.newest(1)
    expect(row).toMatchObject({
      ended: 'finished',
      summary: { failedInAll: 1, exporters: { folder: { new: 2, failed: 1 } } },
    })
    expect([...catalog.runs.failures(row?.id ?? 0)]).toMatchObject([{ item: 'Album 0/v.MOV' }])
  })

  it('that is ended by an error is remembered as failed, and what came by then is not fetched again', async () => {
    await using backup = await Backup.of(albums(10))
    const fault = { kind: 'status', status: 503, headers: { 'Retry-After': '3600' } } as const
    const heal = backup.smugmug.faults.add({ path: '/api/v2', after: 5, kind: 'api', do: fault })
    await expect(backup.run()).rejects.toMatchObject({ kind: 'unreachable' })
    {
      using catalog = backup.catalog()
      expect(catalog.runs.newest(1)).toMatchObject([{ ended: 'failed' }])
    }
    const { downloads } = backup
    const home = await backup.paths()
    heal()
    expect(counts(await backup.run())).toMatchObject({ listed: 20, new: 20 - home.length, unchanged: home.length })
    const inFlight = 4
    expect(backup.downloads - downloads).toBeLessThanOrEqual(20 - home.length + inFlight)
  })

  it('says of every album and image what became of it', async () => {
    await using backup = await Backup.of(albums(2))
    await backup.run()
    const types = backup.events.map(({ type }) => type).filter((type) => type !== 'bytes' && type !== 'detail')
    const how = (type: string) => types.filter((each) => each === type).length
    expect([types[0], types.at(-1)]).toEqual(['run.started', 'run.finished'])
    for (const type of ['album.started', 'album.planned', 'album.finished'])
      expect([type, how(type)]).toEqual([type, 2])
    for (const type of ['image.started', 'image.fetched', 'image.finished'])
      expect([type, how(type)]).toEqual([type, 4])
  })
})

describe('an account that cannot be seen whole', () => {
  it('is said to be unsafe, and nothing counts as gone: neither the list of albums nor the folders came', async () => {
    await using backup = await Backup.of(albums(2))
    await backup.run()
    backup.smugmug.faults.add({ path: '!albums', do: { kind: 'status', status: 404 } })
    backup.smugmug.faults.add({ path: '!children', do: { kind: 'status', status: 403 } })
    const summary = await backup.run()
    expect(summary.failed).toMatchObject([{ item: 'janedoe', reason: expect.stringContaining('could be read whole') }])
    expect(counts(summary)).toMatchObject({ unchanged: 4, failed: 1 })
    expect(summary.gone).toBe(0)
  })

  it('keeps an album that only the folders name, in every run', async () => {
    const world = albums(2)
    const [hidden] = world.albums.keys()
    await using backup = await Backup.of(world)
    backup.smugmug.quirks.add({ path: '!albums', do: { kind: 'hidden', keys: [hidden ?? ''] } })
    for (const expected of [{ new: 4 }, { unchanged: 4 }, { unchanged: 4 }]) {
      const summary = await backup.run()
      expect(counts(summary)).toMatchObject({ listed: 4, ...expected })
      expect(summary.gone).toBe(0)
    }
  })

  it('leaves albums where they are when their folder cannot be read', async () => {
    const world = new World()
    const album = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel & Friends' }) })
    world.addImage(album, { fileName: 'a.jpg' })
    await using backup = await Backup.of(world)
    await backup.run()
    backup.smugmug.faults.add({ path: '!children', do: { kind: 'status', status: 403 } })
    await backup.run({ full: true })
    expect(await backup.paths()).toEqual(['Travel & Friends/Rome/a.jpg'])
  })
})

describe('an image that was replaced and renamed between two runs', () => {
  it('leaves nothing behind under its old name', async () => {
    const world = albums(1)
    await using backup = await Backup.of(world)
    await backup.run()
    world.replaceImage(firstImage(world))
    world.editImage(firstImage(world), { fileName: 'renamed.jpg' })
    await backup.run({ full: true })
    expect(await backup.paths()).toEqual(['Album 0/b.jpg', 'Album 0/renamed.jpg'])
  })

  it('leaves the old one where the user changed it', async () => {
    const world = albums(1)
    await using backup = await Backup.of(world)
    await backup.run()
    await backup.write('Album 0/a.jpg', 'mine')
    world.replaceImage(firstImage(world))
    world.editImage(firstImage(world), { fileName: 'renamed.jpg' })
    await backup.run({ full: true })
    expect(await backup.paths()).toEqual(['Album 0/a.jpg', 'Album 0/b.jpg', 'Album 0/renamed.jpg'])
  })
})

describe('an image that was replaced and lost at home, in an album that cannot be listed', () => {
  it('fails, and no lesser copy takes its place', async () => {
    const world = albums(1)
    await using backup = await Backup.of(world)
    await backup.run()
    await rm(join(backup.output, 'Album 0/a.jpg'))
    world.replaceImage(firstImage(world))
    const heal = backup.smugmug.faults.add({ path: '!images', do: { kind: 'status', status: 404 } })
    const { renditions, failed } = await backup.run()
    expect(renditions).toBe(0)
    expect(failed).toMatchObject([{ item: 'Album 0/a.jpg' }, { item: 'Album 0' }])
    expect(await backup.paths()).toEqual(['Album 0/b.jpg'])
    heal()
    expect(counts(await backup.run())).toMatchObject({ listed: 2, updated: 1, unchanged: 1 })
  })
})

describe('an album whose archive is not finished yet', () => {
  it('has the same bytes of two images downloaded once', async () => {
    const world = albums(1)
    const { seed, size } = firstImage(world)
    const [album] = world.albums.values()
    if (album) world.addImage(album, { fileName: 'twin.jpg', seed, size })
    await using backup = await Backup.of(world)
    backup.exporters = [zip as Exporter]
    const summary = await backup.run()
    expect(counts(summary, 'zip')).toMatchObject({ listed: 3, new: 3 })
    expect(backup.downloads).toBe(2)
  })

  it('leaves nothing in staging once its images are at home otherwise', async () => {
    const world = albums(1)
    await using backup = await Backup.of(world)
    const broken = exporter('broken', {
      deliver: (image) => ({ path: `${image.name}.box`, pending: true }),
      endAlbum: () => {
        throw new Error('the lid is stuck')
      },
    })
    backup.exporters = [broken]
    expect((await backup.run()).failedInAll).toBe(1)
    expect(await readStaging(backup.output)).toHaveLength(2)
    backup.exporters = [folder as Exporter]
    expect((await backup.run()).downloaded.files).toBe(0)
    expect(await readStaging(backup.output)).toEqual([])
  })
})
