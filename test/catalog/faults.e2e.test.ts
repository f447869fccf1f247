import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { Folder } from './folder.ts'
import { Script } from './process.ts'

test('a kill within a transaction leaves all that was committed, and nothing else', async () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  const writer = new Script('writer.ts', ['within a transaction', path])
  expect(await writer.said()).toEqual({ committed: 3 })
  await writer.kill()
  expect(folder.names()).toEqual(['catalog.sqlite', 'catalog.sqlite-wal'])
  using catalog = Catalog.openToRead(path)
  expect(catalog.integrity()).toEqual([])
  expect(catalog.runs.newest(9).map(({ startedAt }) => startedAt)).toEqual([3, 2, 1])
  expect(catalog.listings.count('album1')).toBe(30)
})

/** The first write or flush that fails, those while the catalog is made, and some in the middle of the work. */
const faults = [
  { call: 'pwrite64', error: 'ENOSPC', firsts: [1, 3, 20], what: 'The disk is full' },
  { call: 'pwrite64', error: 'EIO', firsts: [1, 2, 20, 90], what: 'The disk failed under the catalog' },
  { call: 'fsync,fdatasync', error: 'EIO', firsts: [1, 2, 3], what: 'The disk failed under the catalog' },
].flatMap(({ firsts, ...fault }) => firsts.map((first) => ({ ...fault, first })))

test.for(faults)(
  '$error from $call number $first on is said, and what was committed before stays',
  async (fault, { skip }) => {
    const { call, error, first, what } = fault
    if (spawnSync('strace', ['-V']).status !== 0) skip('there is no strace')
    using folder = new Folder()
    const path = folder.at('catalog.sqlite')
    const files = [path, `${path}-wal`, `${path}-journal`].flatMap((file) => ['-P', file])
    const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${first}+`]
    using writer = new Script(
      'writer.ts',
      ['until it fails', path],
      ['strace', '-f', '-qq', '-o', '/dev/null', ...files, ...inject],
    )
    const { committed, ...said } = (await writer.said()) as { committed: number }
    expect(said).toEqual({ kind: 'destination', what })
    await writer.kill()
    using catalog = Catalog.open(path)
    expect(catalog.integrity()).toEqual([])
    expect(catalog.runs.newest(1)[0]?.startedAt ?? 0).toBe(committed)
  },
)
