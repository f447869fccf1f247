import { lstat, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { type Album, type Image, World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'

/** An image in two albums, and its like in a third. */
async function collected(): Promise<{ backup: Backup; world: World; albums: Album[]; image: Image }> {
  const world = new World()
  const albums = ['Best', 'Rome', 'Zoo'].map((name) => world.addAlbum({ name }))
  const [best, rome, zoo] = albums as [Album, Album, Album]
  const image = world.addImage(rome, { fileName: 'a.jpg', seed: 5, size: 3000, capturedAt: '2024-04-30T17:12:09' })
  world.collect(image, best)
  world.addImage(zoo, { fileName: 'same.jpg', seed: 5, size: 3000 })
  return { backup: await Backup.of(world), world, albums, image }
}

const optionsOf = (duplicates: string) => ({
  exporterOptions: { folder: { path: '{album.path}/{name}', mtime: 'captured', duplicates } },
  concurrency: 1,
})

async function inodes(backup: Backup): Promise<number> {
  return new Set([...(await backup.files()).values()].map(({ inode }) => inode)).size
}

it('the same bytes are downloaded once and, by default, copied', async () => {
  const { backup } = await collected()
  await using _ = backup
  expect(await backup.run(optionsOf('copy'))).toMatchObject({ exporters: { folder: { new: 3 } } })
  expect([backup.downloads, await inodes(backup)]).toEqual([1, 3])
})

it('duplicates=hardlink gives one file several names, with one time, and later runs leave it so', async () => {
  const { backup } = await collected()
  await using _ = backup
  await backup.run(optionsOf('hardlink'))
  expect([backup.downloads, await inodes(backup)]).toEqual([1, 1])
  expect(await backup.paths()).toEqual(['Best/a.jpg', 'Rome/a.jpg', 'Zoo/same.jpg'])
  expect(await backup.run({ ...optionsOf('hardlink'), full: true })).toMatchObject({
    exporters: { folder: { unchanged: 3 } },
    notices: [],
  })
  expect(await backup.verify()).toMatchObject({ ok: 3, unknown: 0 })
})

it('a hard-linked image that is replaced, renamed or removed in one album stays what it was in the others', async () => {
  const { backup, world, albums, image } = await collected()
  await using _ = backup
  await backup.run(optionsOf('hardlink'))
  const before = (await backup.files()).get('Zoo/same.jpg')
  const [best, rome] = albums as [Album, Album]
  world.replaceImage(image)
  world.editImage(image, { fileName: 'b.jpg' })
  expect((await backup.run({ ...optionsOf('hardlink'), full: true })).failedInAll).toBe(0)
  expect(await backup.paths()).toEqual(['Best/b.jpg', 'Rome/b.jpg', 'Zoo/same.jpg'])
  expect((await backup.files()).get('Zoo/same.jpg')).toEqual(before)
  expect(await inodes(backup)).toBe(2)

  world.removeImage(image, best)
  world.rename(rome, 'Roma')
  expect(await backup.run({ ...optionsOf('hardlink'), full: true, mirror: 'default' })).toMatchObject({ removed: 1 })
  expect(await backup.paths()).toEqual(['Roma/b.jpg', 'Zoo/same.jpg'])
  expect(await backup.verify()).toMatchObject({ ok: 2, missing: 0, unknown: 0 })
})

it('nothing is linked to a file that rotted or that the user changed', async () => {
  const { backup, world, albums, image } = await collected()
  await using _ = backup
  const [best] = albums as [Album]
  world.removeImage(image, best)
  await backup.run(optionsOf('hardlink'))
  for (const path of ['Rome/a.jpg', 'Zoo/same.jpg']) await writeFile(backup.at(path), 'mine')
  world.collect(image, best)
  await backup.run({ ...optionsOf('hardlink'), albums: ['Best'] })
  expect((await lstat(backup.at('Best/a.jpg'))).nlink).toBe(1)
  expect((await backup.files()).get('Best/a.jpg')?.size).toBeGreaterThan(2000)
})

it('duplicates=reflink copies where the disk cannot share blocks, and says so once', async () => {
  const { backup } = await collected()
  await using _ = backup
  const { notices } = await backup.run(optionsOf('reflink'))
  expect([backup.downloads, await inodes(backup)]).toEqual([1, 3])
  expect(notices.filter((text) => text.includes('reflink')).length).toBeLessThanOrEqual(1)
})
