import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Catalog } from '../../../src/catalog/catalog.ts'
import { Recorder } from '../../../src/engine/files/recorder.ts'
import { delivery, failure, listing } from '../../catalog/rows.ts'
import { testFolder } from '../folder.ts'

async function recording() {
  const folder = await testFolder()
  const catalog = Catalog.open(join(folder.path, '.smugdl/catalog.sqlite'))
  const recorder = new Recorder(catalog)
  const recorded = () => catalog.deliveries.ofImage({ image: 'image1' }).length
  return {
    folder,
    catalog,
    recorder,
    recorded,
    async [Symbol.asyncDispose]() {
      catalog[Symbol.dispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

test('deliveries are recorded together: by flush(), or when there are many', async () => {
  await using scene = await recording()
  const { recorder, recorded } = scene
  for (let i = 0; i < 63; i++) await recorder.add(delivery({ album: `${i}` }))
  expect(recorded()).toBe(0)
  await recorder.flush()
  expect(recorded()).toBe(63)
  for (let i = 0; i < 64; i++) await recorder.add(delivery({ album: `more ${i}` }))
  expect(recorded()).toBe(63 + 64)
})

test('nothing is recorded while a folder that holds it cannot be made durable', async () => {
  await using scene = await recording()
  const { folder, recorder, recorded } = scene
  await folder.write('file', 'where a folder was')
  recorder.touched(folder.at('file/folder'))
  await recorder.add(delivery())
  await expect(recorder.flush()).rejects.toMatchObject({ code: 'ENOTDIR' })
  expect(recorded()).toBe(0)
})

test('what waits to be recorded is known, by image and by content', async () => {
  await using scene = await recording()
  const { recorder } = scene
  const other = { kind: 'original', url: '/b.jpg', size: 10, md5: 'c'.repeat(32) } as const
  expect(recorder.isPending(listing())).toBe(false)
  await recorder.add(delivery())
  expect(recorder.isPending(listing())).toBe(true)
  expect(recorder.isPending(listing({ image: 'twin' }))).toBe(true)
  expect(recorder.isPending(listing({ image: 'stranger', source: other }))).toBe(false)
  await recorder.flush()
  expect(recorder.isPending(listing())).toBe(false)
})

test('what is recorded has failed no more, for this exporter and for all', async () => {
  await using scene = await recording()
  const { catalog, recorder } = scene
  for (const exporter of ['', 'folder', 'zip']) catalog.failures.put(failure({ exporter }))
  await recorder.add(delivery())
  await recorder.flush()
  expect(catalog.failures.inAlbum('album1').map(({ exporter }) => exporter)).toEqual(['zip'])
})

test('what was not recorded in time is known to the next run, beside what was recorded before', async () => {
  await using scene = await recording()
  const { catalog, recorder } = scene
  await recorder.add(delivery({ serial: 1 }))
  await recorder.flush()
  await recorder.add(delivery({ serial: 2 }))
  const { deliveries } = catalog
  expect(deliveries.unsyncedOf({ image: 'image1' })).toEqual([delivery({ serial: 2 })])
  expect(deliveries.ofImage({ image: 'image1' })).toEqual([delivery({ serial: 1 })])
  await recorder.flush()
  expect(deliveries.unsyncedOf({ image: 'image1' })).toEqual([])
  expect(deliveries.ofImage({ image: 'image1' })).toEqual([delivery({ serial: 2 })])
})

test('a delivery made again while its first batch is synced is recorded with its own batch', async () => {
  await using scene = await recording()
  const { catalog, recorder, folder } = scene
  await folder.write('folder/a', 'a')
  recorder.touched(folder.at('folder'))
  await recorder.add(delivery({ serial: 1 }))
  const first = recorder.flush()
  // The first batch leaves the queue before its folder is synced.
  await Promise.resolve()
  recorder.touched(folder.at('folder'))
  await recorder.add(delivery({ serial: 2 }))
  await first
  const serials = () => catalog.deliveries.ofImage({ image: 'image1' }).map(({ serial }) => serial)
  expect(serials()).toEqual([1])
  await recorder.flush()
  expect(serials()).toEqual([2])
})

test('what an image has that is not recorded yet can be asked for without a flush', async () => {
  await using scene = await recording()
  const { recorder, recorded } = scene
  await recorder.add(delivery())
  await recorder.add(delivery({ album: 'another' }))
  await recorder.add(delivery({ exporter: 'zip' }))
  expect(recorder.waitingFor(delivery()).map(({ exporter }) => exporter)).toEqual(['folder', 'zip'])
  expect(recorded()).toBe(0)
})
