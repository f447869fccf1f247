import { expect, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'

it('an album that is trusted but lacks an image, for a reason that nobody remembers, is listed and brought home', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  world.addImage(album)
  const lost = world.addImage(album)
  await using backup = await Backup.of(world)
  await backup.run()
  {
    using catalog = backup.catalog()
    catalog.deliveries.forget({ exporter: 'folder', album: album.key, image: lost.key })
  }
  const { exporters, albums } = await backup.run()
  expect([exporters.folder, albums]).toMatchObject([
    { listed: 2, new: 1, unchanged: 1 },
    { listed: 1, trusted: 0 },
  ])
})
