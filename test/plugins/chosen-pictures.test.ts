import { join } from 'node:path'
import { expect, test } from 'vitest'
import folder from '../../plugins/folder/index.ts'
import zip from '../../plugins/zip/index.ts'
import { World } from '../../src/simulator/world.ts'
import { accountAtHome, look } from './account-at-home.ts'
import { archiveContents } from './archive-contents.ts'

const all = { types: [], keywords: [], privacy: [] } as const

function account() {
  const world = new World()
  const album = world.addAlbum({ name: 'Mixed' })
  const old = world.addImage(album, { fileName: 'old.jpg', capturedAt: '2019-05-01T10:00:00', keywords: ['beach'] })
  const fresh = world.addImage(album, { fileName: 'new.jpg', capturedAt: '2024-05-01T10:00:00' })
  world.addVideo(album, { fileName: 'clip.mov' })
  world.addImage(world.addAlbum({ name: 'Hidden', privacy: 'Private' }), {
    fileName: 'own.jpg',
    capturedAt: '2024-01-01T00:00:00',
  })
  return { world, album, old, fresh }
}

test('what is not chosen counts as left out, and a later run without the choice brings it', async () => {
  const { world } = account()
  await using home = await accountAtHome(world)
  const pictures = { ...all, since: '2024', types: ['photo'] as const, privacy: ['public'] as const }
  const some = await home.run([folder, zip], { pictures })
  expect(some.summary).toMatchObject({
    exporters: {
      folder: { listed: 4, new: 1, skipped: 3, failed: 0 },
      zip: { listed: 4, new: 1, skipped: 3, failed: 0 },
    },
    albums: { excluded: 1 },
    leftOut: 2,
  })
  expect(some.downloads).toBe(1)
  expect(await archiveContents(join(home.output, 'Mixed.zip'))).toHaveLength(1)
  const rest = await home.run([folder, zip])
  expect(rest.summary).toMatchObject({ exporters: { folder: { new: 3, unchanged: 1 }, zip: { new: 3, unchanged: 1 } } })
  expect(rest.downloads).toBe(3)
  expect(await archiveContents(join(home.output, 'Mixed.zip'))).toHaveLength(3)
})

test('a mirror removes nothing that was merely left out, and of what is gone only what was chosen', async () => {
  const { world, album, old, fresh } = account()
  await using home = await accountAtHome(world)
  await home.run([folder])
  world.addImage(album, { fileName: 'another.jpg', capturedAt: '2019-06-01T10:00:00' })
  world.removeImage(old)
  world.removeImage(fresh)
  const { summary } = await home.run([folder], { pictures: { ...all, since: '2024' }, mirror: { files: 9 } })
  expect(summary).toMatchObject({ removed: 1, failed: [], leftOut: 1 })
  const there = look(home, ({ deliveries }) => [...deliveries.of('folder')].map(({ delivery }) => delivery?.path))
  expect(there.sort()).toEqual(['Hidden/own.jpg', 'Mixed/clip.mp4', 'Mixed/old.jpg'])
})
