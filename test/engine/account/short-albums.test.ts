import { describe, expect, it } from 'vitest'
import { accept, acceptedItems, takeBack } from '../../../src/engine/query/accept.ts'
import type { JsonAnswer } from '../../../src/simulator/faults.ts'
import { type Album, World } from '../../../src/simulator/world.ts'
import { lies } from '../../faults/lies.ts'
import { hurriedClock } from '../../hurried-clock.ts'
import { prove } from '../../model/prove.ts'
import { connected } from '../../smugmug/host.ts'
import { Backup } from '../adopt/backup.ts'

interface Home extends AsyncDisposable {
  backup: Backup
  rome: Album
  /** Requests for the images of Rome in the last run. */
  listings(): number
  /** What `check` says. */
  check(): Promise<{ complete: boolean; reasons: string[]; waived: number }>
}

/** `Rome` with four pictures and `Oslo` with one, at home. */
async function atHome(): Promise<Home> {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome' })
  for (const fileName of ['1.jpg', '2.jpg', '3.jpg', '4.jpg']) world.addImage(rome, { fileName, size: 1000 })
  world.addImage(world.addAlbum({ name: 'Oslo' }), { size: 1000 })
  const backup = await Backup.of(world)
  await backup.run()
  const asked = () => backup.smugmug.requests.filter(({ path }) => path.includes(`${rome.key}!images`)).length
  let before = asked()
  return {
    backup,
    rome,
    listings() {
      const now = asked() - before
      before = asked()
      return now
    },
    async check() {
      const { origin, credentials } = backup.smugmug
      await using smugmug = connected(origin, { credentials, clock: hurriedClock() })
      const exporters = Object.fromEntries(backup.exporters.map((exporter) => [exporter.name, exporter]))
      const proof = await prove(backup.output, smugmug, exporters, backup.now)
      before = asked()
      const { complete, total, findings } = proof?.certificate ?? expect.unreachable('there is a home')
      return { complete, waived: total.waived, reasons: findings.map(({ reason }) => reason ?? '') }
    },
    [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose](),
  }
}

const everything = { mirror: { percent: 100 }, full: true } as const

describe('an album that announces images and lists none', () => {
  it('has failed: nothing of it is gone, no other run trusts it, and the next honest one finds all of it', async () => {
    await using home = await atHome()
    const { backup, rome, listings, check } = home
    backup.smugmug.faults.add({ path: `${rome.key}!images`, do: lies['an empty list'] })
    const { failed, gone, removed } = await backup.run(everything)
    expect([failed, gone, removed]).toMatchObject([
      [
        {
          item: 'Rome',
          albumKey: rome.key,
          reason: 'SmugMug announces 4 pictures and videos in the album but lists none',
        },
      ],
      0,
      0,
    ])
    expect(await backup.paths()).toHaveLength(5)
    expect(await check()).toMatchObject({ complete: false })
    await backup.run()
    expect(listings()).toBe(2)
    backup.smugmug.faults.clear()
    expect(await backup.run()).toMatchObject({ failedInAll: 0, downloaded: { files: 0 } })
    expect(listings()).toBe(1)
    expect(await check()).toMatchObject({ complete: true })
  })

  it('cannot be accepted, nor is it by what was accepted before', async () => {
    await using home = await atHome()
    const { backup, rome, check } = home
    {
      using catalog = backup.catalog()
      accept([rome.key], 'not mine', backup.now, catalog)
    }
    backup.smugmug.faults.add({ path: `${rome.key}!images`, do: lies['an empty list'] })
    expect((await backup.run(everything)).failed).toMatchObject([{ item: 'Rome' }])
    expect(await check()).toMatchObject({ complete: false })
    using catalog = backup.catalog()
    expect(() => accept([rome.key], 'not mine', backup.now, catalog)).toThrow(
      'announces 4 pictures and videos in this album but listed none',
    )
  })
})

describe('an album that lists fewer images than it announces', () => {
  it('is listed twice, named with both numbers in every run, and nothing of it is gone', async () => {
    await using home = await atHome()
    const { backup, rome, listings, check } = home
    backup.smugmug.world.removeImage(rome.images[0] ?? expect.unreachable('Rome has images'))
    rome.imageCount = 5
    for (let night = 1; night <= 2; night++) {
      const { failed, removed, gone } = await backup.run({ mirror: { percent: 100 } })
      expect([failed[0], removed, gone]).toMatchObject([
        {
          item: 'Rome',
          reason: 'SmugMug announces 5 pictures and videos in the album but lists 3',
          next: expect.stringContaining(`smugdl accept ${rome.key}`),
        },
        0,
        0,
      ])
      expect(listings()).toBe(2)
    }
    expect(await backup.paths()).toHaveLength(5)
    expect(await check()).toMatchObject({
      complete: false,
      reasons: expect.arrayContaining(['SmugMug announces 5 pictures and videos in the album but lists 3']),
    })
  })

  it('is accepted with its number: it counts as skipped, is trusted, and says again when more is missing', async () => {
    await using home = await atHome()
    const { backup, rome, listings, check } = home
    rome.imageCount = 5
    await backup.run({ full: true })
    {
      using catalog = backup.catalog()
      accept([rome.key], 'a ghost', backup.now, catalog)
      expect(acceptedItems(catalog)).toMatchObject([{ key: rome.key, item: 'Rome', reason: 'a ghost', short: 1 }])
    }
    listings()
    for (const listed of [2, 0]) {
      const { exporters, failedInAll, accepted } = await backup.run({ mirror: { percent: 100 } })
      expect([exporters.folder, failedInAll, accepted]).toMatchObject([{ listed: 6, unchanged: 5, skipped: 1 }, 0, 1])
      expect(listings()).toBe(listed)
    }
    expect(await check()).toEqual({ complete: true, waived: 1, reasons: ['a ghost'] })
    rome.imageCount = 6
    expect((await backup.run()).failed).toMatchObject([
      { item: 'Rome', reason: expect.stringContaining('6 pictures and videos') },
    ])
    rome.imageCount = 5
    expect(await backup.run()).toMatchObject({ failedInAll: 0 })
    {
      using catalog = backup.catalog()
      takeBack([rome.key], 0, catalog)
    }
    expect(await backup.run()).toMatchObject({ failed: [{ item: 'Rome' }] })
  })

  it('is accepted, and a picture of it that fails is named all the same', async () => {
    await using home = await atHome()
    const { backup, rome } = home
    rome.imageCount = 5
    await backup.run({ full: true })
    {
      using catalog = backup.catalog()
      accept([rome.key], 'a ghost', backup.now, catalog)
    }
    const late = backup.smugmug.world.addImage(rome, { fileName: 'late.jpg', rights: 'none' })
    rome.imageCount = 6
    expect((await backup.run()).failed).toMatchObject([{ item: 'Rome/late.jpg', imageKey: late.key }])
  })

  it('because some were deleted since is asked for its number again, and is not short', async () => {
    await using home = await atHome()
    const { backup, rome } = home
    const edit = ({ Response, ...rest }: JsonAnswer) => {
      const albums = (Response.Album as Record<string, unknown>[]).map((album) =>
        album.AlbumKey === rome.key ? { ...album, ImageCount: 9 } : album,
      )
      return { ...rest, Response: { ...Response, Album: albums } }
    }
    backup.smugmug.faults.add({ path: '!albums', do: { kind: 'edited', edit } })
    expect(await backup.run({ full: true })).toMatchObject({ failedInAll: 0 })
  })
})

it('an album that lists more images than it announces has them all', async () => {
  await using home = await atHome()
  const { backup, rome, check } = home
  rome.imageCount = 2
  expect(await backup.run({ full: true })).toMatchObject({ failedInAll: 0, exporters: { folder: { unchanged: 5 } } })
  expect(await check()).toMatchObject({ complete: true })
})

it('an album that was changed just before it was listed is listed once more in the next run', async () => {
  await using home = await atHome()
  const { backup, rome, listings } = home
  rome.imagesUpdatedAt = Date.now()
  await backup.run()
  listings()
  // Nothing shows: it happened within the same second.
  rome.images[0] && Object.assign(rome.images[0], { caption: 'Edited' })
  await backup.run()
  expect(listings()).toBe(1)
  rome.imagesUpdatedAt = Date.now() - 10 * 60_000
  await backup.run()
  expect(listings()).toBe(1)
  await backup.run()
  expect(listings()).toBe(0)
})
