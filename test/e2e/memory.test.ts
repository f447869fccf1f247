import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { junk } from './junk.ts'
import { account, downloadMeasured, sizes, withJunk } from './measured.ts'
import { scenario } from './scenario.ts'

test.each(Object.entries(sizes))(
  'albums of junk of every kind, %s, are read or refused in 450 MB',
  async (_, length) => {
    const kinds = Object.keys(junk)
    await using scene = await scenario(account(kinds.length))
    for (const [index, { key }] of [...scene.smugmug.world.albums.values()].entries())
      scene.smugmug.faults.add({ path: `${key}!images`, do: withJunk(kinds[index] ?? '', length) })
    const { code, peakMb } = await downloadMeasured(scene)
    expect(code).toBe(1)
    expect(peakMb).toBeLessThan(450)
  },
)

test('an account of which every answer holds long texts of wide characters is read in 450 MB', async () => {
  await using scene = await scenario(account(8))
  scene.smugmug.faults.add({ path: '', kind: 'api', do: withJunk('one text of wide characters', sizes['what passes']) })
  const { peakMb } = await downloadMeasured(scene)
  expect(peakMb).toBeLessThan(450)
})

test('a gigabyte in a megabyte of gzip, of all albums at once, is refused in 450 MB', async () => {
  await using scene = await scenario(account(8))
  const bomb = gzipSync(Buffer.alloc(1024 ** 3, ' '))
  const headers = { 'Content-Encoding': 'gzip' }
  scene.smugmug.faults.add({ path: '!images', do: { kind: 'rewritten', rewrite: () => bomb, headers } })
  const { code, peakMb } = await downloadMeasured(scene)
  expect(code).toBe(1)
  expect(peakMb).toBeLessThan(450)
})
