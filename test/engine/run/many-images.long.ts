import { expect, test } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import gallery from '../../../plugins/gallery/index.ts'
import manifest from '../../../plugins/manifest/index.ts'
import zip from '../../../plugins/zip/index.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { type Image, World } from '../../../src/simulator/world.ts'
import { expectLinear } from '../../growth.ts'
import { Backup } from '../adopt/backup.ts'

/** Half of what the larger album lists: four times as many as SmugMug puts into one. */
const images = 10_000

const hours = 2 * 60 * 60_000

function albumOf(size: number, facts: Partial<Image> = {}): World {
  const world = new World()
  const album = world.addAlbum({ name: 'One' })
  for (let i = 0; i < size; i++) world.addImage(album, { fileName: `IMG_${i}.jpg`, size: 100, ...facts })
  return world
}

for (const exporter of [folder, zip, manifest, gallery] as Exporter[]) {
  test(
    `${exporter.name}: twice the images of an album take at most two and a half times the work`,
    () =>
      expectLinear(images, async (size) => {
        const backup = await Backup.of(albumOf(size))
        backup.exporters = [exporter]
        return async () => {
          await using _ = backup
          expect((await backup.run()).exporters[exporter.name]).toMatchObject({ listed: size, new: size })
        }
      }),
    hours,
  )
}

test(
  'twice the images that fail take at most two and a half times the work, in the run after it, too',
  () =>
    expectLinear(images, async (size) => {
      const backup = await Backup.of(albumOf(size, { rights: 'none' }))
      return async () => {
        await using _ = backup
        expect((await backup.run()).failedInAll).toBe(size)
        expect((await backup.run({ full: true })).failedInAll).toBe(size)
      }
    }),
  hours,
)

test(
  'twice the accepted images take at most two and a half times the work, in the run after it, too',
  () =>
    expectLinear(images, async (size) => {
      const world = albumOf(size, { rights: 'none' })
      const backup = await Backup.of(world)
      using catalog = backup.catalog()
      catalog.transaction(() => {
        for (const { key } of world.images.values()) catalog.accepted.put({ key, reason: 'lost', acceptedAt: 1 })
      })
      return async () => {
        await using _ = backup
        expect(await backup.run()).toMatchObject({ accepted: size, failedInAll: 0 })
        expect(await backup.run({ full: true })).toMatchObject({ accepted: size, failedInAll: 0 })
      }
    }),
  hours,
)
