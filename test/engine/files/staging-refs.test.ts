import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { StagedFile } from '../../../src/engine/files/staged-file.ts'
import { StagingRefs } from '../../../src/engine/files/staging-refs.ts'
import { testFolder } from '../folder.ts'

const facts = { kind: 'original', size: 4, md5: '', sha256: '', contentType: 'image/jpeg' } as const
const row = { image: 'key', component: '', serial: 0, source: { kind: 'original', url: '/a.jpg', size: 4 } } as const

test('a staged file goes when the last who uses it lets go of it', async () => {
  await using folder = await testFolder()
  const { path } = await folder.incoming('ours')
  const file = new StagedFile(path, facts, row)
  const kept = new StagingRefs()
  expect(kept.join(path)).toBe(undefined)
  kept.keep(file)
  expect(kept.isOnlyOne(file)).toBe(true)
  expect(kept.join(path)).toEqual(facts)
  expect(kept.isOnlyOne(file)).toBe(false)
  await kept.release(file)
  expect(await readdir(folder.staging.folder)).toHaveLength(1)
  await kept.release(file)
  expect(await readdir(folder.staging.folder)).toEqual([])
  await kept.release(file)
})

test('what was borrowed is not ours to remove, but for what was to be moved and has come home', async () => {
  for (const external of ['copy', 'link', 'move'] as const) {
    for (const isBrought of [false, true]) {
      await using folder = await testFolder()
      const { path } = await folder.incoming('theirs')
      const file = new StagedFile(path, facts, row, { external, readAt: 1 })
      file.isBrought = isBrought
      const kept = new StagingRefs()
      kept.keep(file)
      expect(kept.isOnlyOne(file)).toBe(false)
      kept.keep(file)
      await kept.release(file)
      expect(await readdir(folder.staging.folder)).toHaveLength(1)
      await kept.release(file)
      expect(await readdir(folder.staging.folder)).toHaveLength(external === 'move' && isBrought ? 0 : 1)
    }
  }
})
