import { expect, test, vi } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { Folder } from './folder.ts'
import { Script } from './process.ts'

test('a catalog that another process has is seen as it committed it, and not what it has not', async () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  using writer = new Script('writer.ts', ['within a transaction', path])
  expect(await writer.said()).toEqual({ committed: 3 })
  expect(() => Catalog.openToRead(path, { waitMs: 0 })).toThrow()
  using catalog = await Catalog.openSnapshot(path)
  expect(catalog.runs.newest(9).map(({ startedAt }) => startedAt)).toEqual([3, 2, 1])
  expect(catalog.listings.get({ album: 'album1', image: 'open-0' })).toBeUndefined()
  expect(() => catalog.runs.begin(4, 'v')).toThrow()
  // Nothing of the looking is left with the run.
  expect(folder.names().filter((name) => !name.startsWith('catalog.sqlite'))).toEqual([])
  await writer.kill()
})

test('each look at a catalog that is written to all the time is whole, and newer than the one before', async () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  using writer = new Script('writer.ts', ['without end', path])
  await writer.said()
  let last = 0
  for (let look = 0; look < 10; look++) {
    using catalog = await Catalog.openSnapshot(path)
    expect(catalog.integrity()).toEqual([])
    const runs = catalog.runs.newest(1)[0]?.startedAt ?? 0
    expect(runs).toBeGreaterThanOrEqual(last)
    // A commit is there as a whole.
    expect(catalog.listings.names('album1').length).toBe(runs * 10)
    last = runs
  }
  expect(last).toBeGreaterThan(3)
  await writer.kill()
})

test('a copy is gone with whoever looked', async () => {
  using folder = new Folder()
  using temporary = new Folder()
  vi.stubEnv('TMPDIR', temporary.path)
  const path = folder.at('catalog.sqlite')
  using writer = new Script('writer.ts', ['and hold it', path])
  await writer.said()
  const catalog = await Catalog.openSnapshot(path)
  expect(temporary.names()).toHaveLength(2)
  catalog.close()
  expect(temporary.names()).toEqual([])
  vi.unstubAllEnvs()
  await writer.kill()
})
