import { expect, it } from 'vitest'
import { accept } from '../../../src/engine/query/accept.ts'
import { World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'

it('an accepted image that fails again ends as skipped, so that no file is left under way on the screen', async () => {
  const world = new World()
  const image = world.addImage(world.addAlbum({ name: 'Album' }))
  await using backup = await Backup.of(world)
  backup.smugmug.faults.add({ path: new RegExp(image.key), times: 100, do: { kind: 'status', status: 404, body: '' } })
  await backup.run()
  {
    using catalog = backup.catalog()
    accept([image.key], 'never mind', 1, catalog)
  }
  const summary = await backup.run({ full: true })
  expect(summary).toMatchObject({ accepted: 1, failedInAll: 0, exporters: { folder: { listed: 1, skipped: 1 } } })
  const ofImage = backup.events.filter((event) => 'imageKey' in event && event.imageKey === image.key)
  expect(ofImage).toMatchObject([{ type: 'image.started' }, { type: 'image.finished', outcome: 'skipped', bytes: 0 }])
})
