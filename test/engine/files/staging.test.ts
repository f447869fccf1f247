import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Staging, stagingIdOf } from '../../../src/engine/files/staging.ts'
import { testFolder } from '../folder.ts'

const md5 = 'a'.repeat(32)
const source = { kind: 'original', url: '/a.jpg', size: 100, md5 } as const
const image = { image: 'abc', component: '', serial: 0, source }

test('an id is of some bytes, whatever image has them; without an MD5, of one version of an image', () => {
  const { md5: _, ...unproven } = source
  const unnamed = { ...image, source: unproven }
  const versions = [
    image,
    unnamed,
    { ...unnamed, image: 'aBc' },
    { ...unnamed, component: 'raw' },
    { ...unnamed, serial: 1 },
    { ...image, source: { ...source, size: 101 } },
    { ...image, source: { ...source, md5: 'b'.repeat(32) } },
    { ...image, source: { kind: 'rendition', url: '/a.jpg', size: 100, md5 } as const },
    { ...image, source: { kind: 'none', reason: '', heals: true, processing: false } as const },
  ]
  const ids = versions.map(stagingIdOf)
  expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(versions.length)
  expect(stagingIdOf({ ...image, source: { ...source, url: '/elsewhere.jpg' } })).toBe(stagingIdOf(image))
  expect(stagingIdOf({ ...image, image: 'twin', serial: 7 })).toBe(stagingIdOf(image))
})

test('a later run knows what an earlier one left, with what was noted of it', async () => {
  await using folder = await testFolder()
  for (const id of ['small', 'large', 'unproven', 'cut', 'broken'])
    await writeFile(folder.staging.path(id), 'half of it')
  await folder.staging.mark('large', '"large"')
  await folder.staging.mark('unproven', '"unproven"', 6)
  await folder.staging.mark('cut', '"cut"', 12)
  await writeFile(join(folder.staging.folder, 'broken.mark'), '\0\0\0')
  const later = new Staging(folder.path)
  await later.prepare()
  expect(await later.leftSize('small')).toBe(10)
  expect(await later.leftover('small')).toEqual({ size: 10, validator: undefined, durable: 0 })
  expect(await later.leftover('large')).toEqual({ size: 10, validator: '"large"', durable: 0 })
  expect(await later.leftover('unproven')).toEqual({ size: 10, validator: '"unproven"', durable: 6 })
  expect(await later.leftover('cut')).toEqual({ size: 10, validator: '"cut"', durable: 10 })
  expect(await later.leftover('broken')).toEqual({ size: 10, validator: undefined, durable: 0 })
  expect(await later.leftover('never seen')).toEqual({ size: 0, validator: undefined, durable: 0 })
})

test('what no later run can use is gone when the next one begins, and not what has a name at home as well', async () => {
  await using folder = await testFolder()
  const scratch = folder.staging.scratchPath()
  await writeFile(scratch, 'at home')
  await link(scratch, folder.at('a.jpg'))
  await new Staging(folder.path).prepare()
  expect(await readdir(folder.staging.folder)).toEqual([])
  expect(await readFile(folder.at('a.jpg'), 'utf8')).toBe('at home')
})

test('a leftover that has a name at home as well is a copy from then on, so that nobody writes to home', async () => {
  await using folder = await testFolder()
  await writeFile(folder.staging.path('id'), 'at home')
  await link(folder.staging.path('id'), folder.at('a.jpg'))
  const later = new Staging(folder.path)
  await later.prepare()
  expect(await later.leftSize('id')).toBe(7)
  await writeFile(folder.staging.path('id'), 'written')
  expect(await readFile(folder.at('a.jpg'), 'utf8')).toBe('at home')
  expect(await readdir(folder.staging.folder)).toEqual(['id.part'])
})

test('a leftover that was used up is none', async () => {
  await using folder = await testFolder()
  await writeFile(folder.staging.path('id'), 'bytes')
  const later = new Staging(folder.path)
  await later.prepare()
  await rm(later.path('id'))
  expect(await later.leftSize('id')).toBeUndefined()
  expect(await later.leftover('id')).toEqual({ size: 0, validator: undefined, durable: 0 })
})

test('clear() leaves nothing but what is to be kept', async () => {
  await using folder = await testFolder()
  for (const id of ['one', 'two']) {
    await writeFile(folder.staging.path(id), 'bytes')
    await folder.staging.mark(id, '"x"')
  }
  await writeFile(folder.staging.scratchPath(), 'scratch')
  await folder.staging.clear(new Set(['two']))
  expect((await readdir(folder.staging.folder)).sort()).toEqual(['two.mark', 'two.part'])
  await folder.staging.clear()
  expect(await readdir(folder.staging.folder)).toEqual([])
})
