import { mkdir, rm, statfs, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { noRoomToGrow, Space } from '../../../src/engine/files/free-space.ts'
import { testFolder } from '../folder.ts'

/** More than any disk has. */
const tooMuch = 2 ** 52

test('what cannot fit is refused with both numbers', async () => {
  await using folder = await testFolder()
  const { bavail, bsize } = await statfs(folder.path)
  const space = new Space(folder.path, true)
  await space.need(1)
  await expect(space.need(bavail * bsize + tooMuch)).rejects.toMatchObject({
    kind: 'destination',
    item: expect.stringMatching(/: [\d.]+ PB needed, [\d.]+ [GT]B free: [\d.]+ PB short$/),
  })
})

test('what is needed adds up, and is less when some of it is settled', async () => {
  await using folder = await testFolder()
  const { bavail, bsize } = await statfs(folder.path)
  const most = Math.floor(bavail * bsize * 0.75)
  const space = new Space(folder.path, true)
  await space.need(most)
  space.settled(most)
  await space.need(most)
  await expect(space.need(most)).rejects.toMatchObject({ kind: 'destination' })
})

test('what waits in staging has its room already', async () => {
  await using folder = await testFolder()
  const { bavail, bsize } = await statfs(folder.path)
  const staged = join(folder.path, '.smugdl/staging/half')
  await mkdir(dirname(staged), { recursive: true })
  await writeFile(staged, '')
  // Sparse: it says a size and takes no room of this disk, which other tests fill and empty meanwhile.
  await truncate(staged, 2 ** 41)
  const needed = bavail * bsize + 2 ** 40
  await new Space(folder.path, true).need(needed)
  await rm(staged)
  await expect(new Space(folder.path, true).need(needed)).rejects.toMatchObject({ kind: 'destination' })
})

test('who asks for no check gets none', async () => {
  await new Space('/nowhere', false).need(tooMuch)
})

test('a file of which nobody tells the size may grow, but not for ever', async () => {
  await using folder = await testFolder()
  expect(await noRoomToGrow(folder.path, 1000)).toBeUndefined()
  expect(await noRoomToGrow(folder.path, 65 * 1024 ** 3)).toContain('goes on after')
  // Where the system tells nothing of the disk there is no opinion.
  expect(await noRoomToGrow(`${folder.path}/nowhere`, 1000)).toBeUndefined()
})
