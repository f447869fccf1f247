import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import folder from '../../plugins/folder.ts'
import zip from '../../plugins/zip.ts'
import { World } from '../../src/simulator/world.ts'
import { accountAtHome } from './account-at-home.ts'
import { archiveContents } from './archive-contents.ts'

test('an album is an archive of its originals, in its own order, beside where its folder would be', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  for (const fileName of ['b.jpg', 'a.jpg', 'ü – 日本.jpg']) world.addImage(album, { fileName })
  await using home = await accountAtHome(world)
  const { summary, downloads } = await home.run([zip])
  expect(summary).toMatchObject({ failedInAll: 0, exporters: { zip: { listed: 3, new: 3 } } })
  expect(downloads).toBe(3)
  const listed = [...home.smugmug.listing()].map(({ fileName, md5 }) => [fileName, md5])
  expect(await archiveContents(join(home.output, 'Travel/Rome.zip'))).toEqual(listed)
  expect(await home.run([zip])).toMatchObject({ downloads: 0, summary: { exporters: { zip: { unchanged: 3 } } } })
})

test('folder, zip in one pass download each image once, and one after the other not again', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (const fileName of ['b.jpg', 'a.jpg']) world.addImage(album, { fileName })
  await using both = await accountAtHome(world)
  expect(await both.run([folder, zip])).toMatchObject({ downloads: 2, summary: { failedInAll: 0 } })
  await using after = await accountAtHome(world)
  expect(await after.run([folder])).toMatchObject({ downloads: 2 })
  expect(await after.run([zip])).toMatchObject({ downloads: 0, summary: { exporters: { zip: { new: 2 } } } })
  const [one, two] = await Promise.all([both, after].map(({ output }) => readFile(join(output, 'Rome.zip'))))
  expect(one?.equals(two ?? Buffer.of())).toBe(true)
})
