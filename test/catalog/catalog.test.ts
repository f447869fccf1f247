import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { RunLock } from '../../src/catalog/lock/lock.ts'
import { SmugdlError } from '../../src/error.ts'
import { Folder } from './folder.ts'
import { Script } from './process.ts'
import { listing } from './rows.ts'

const impatient = { waitMs: 20 }

test('open() makes the folder and the catalog, without a shared memory file; close() leaves one file', () => {
  using folder = new Folder()
  const catalog = Catalog.open(folder.at('.smugdl', 'catalog.sqlite'))
  catalog.runs.begin(1, 'v')
  expect(folder.names()).toEqual(['.smugdl/catalog.sqlite', '.smugdl/catalog.sqlite-wal'])
  catalog.close()
  catalog.close()
  expect(folder.names()).toEqual(['.smugdl/catalog.sqlite'])
  using again = Catalog.open(folder.at('.smugdl', 'catalog.sqlite'))
  expect(again.runs.newest(5).map(({ startedAt }) => startedAt)).toEqual([1])
  expect(again.integrity()).toEqual([])
})

test('open() says why a folder cannot hold a catalog', () => {
  using folder = new Folder()
  writeFileSync(folder.at('file'), '')
  expect(() => Catalog.open(folder.at('file', 'catalog.sqlite'))).toThrow(
    destination(/file stands where a folder is needed/),
  )
})

test.each([
  ['text', 'this was never a database, whatever its name says. '.repeat(100)],
  ['two bytes', 'xx'],
])('a file that is no database (%s) is called broken and left as it is', (_, content) => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  writeFileSync(path, content)
  const before = folder.files()
  for (const open of [Catalog.open, Catalog.openToRead])
    expect(() => open(path)).toThrow(destination(/catalog is broken.*catalog\.sqlite.*smugdl adopt/))
  expect(folder.files()).toEqual(before)
})

test.each([2, 99, 100, 4096, 20_000])('a catalog cut to %i bytes is called broken and left as it is', (length) => {
  using folder = new Folder()
  const path = filledCatalog(folder)
  truncateSync(path, length)
  const before = folder.files()
  for (const open of [Catalog.open, Catalog.openToRead])
    expect(() => open(path)).toThrow(destination(/catalog is broken/))
  expect(folder.files()).toEqual(before)
})

test('damage in the middle is a sentence when it is reached, and integrity() finds it before', () => {
  using folder = new Folder()
  const path = filledCatalog(folder)
  const file = openSync(path, 'r+')
  const { length } = readFileSync(path)
  writeSync(file, Buffer.alloc(40_960, 0xaa), 0, 40_960, length - 40_960)
  closeSync(file)
  using catalog = Catalog.open(path)
  expect(catalog.integrity().length).toBeGreaterThan(0)
  expect(() => [...catalog.listings.inOrder('album1')]).toThrow(destination(/catalog is broken/))
})

test("another program's database is refused and left as it is", () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  const foreign = new DatabaseSync(path)
  foreign.exec('CREATE TABLE bookmark (url TEXT)')
  foreign.close()
  const before = folder.files()
  for (const open of [Catalog.open, Catalog.openToRead])
    expect(() => open(path)).toThrow(destination(/not a catalog of smugdl/))
  expect(folder.files()).toEqual(before)
})

test('an empty database of another application is refused', () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  const foreign = new DatabaseSync(path)
  foreign.exec('PRAGMA application_id = 252006674')
  foreign.close()
  expect(() => Catalog.open(path)).toThrow(destination(/not a catalog of smugdl/))
})

test('a transaction is all or nothing, and gives what its work returns', () => {
  using catalog = Catalog.open(':memory:')
  expect(catalog.transaction(() => catalog.runs.begin(1, 'v'))).toBe(1)
  const fail = () =>
    catalog.transaction(() => {
      catalog.runs.begin(2, 'v')
      throw new Error('ours')
    })
  expect(fail).toThrow(new Error('ours'))
  expect(catalog.runs.newest(5).length).toBe(1)
  catalog.transaction(() => catalog.runs.begin(3, 'v'))
  expect(catalog.runs.newest(5).length).toBe(2)
})

test('a transaction neither nests nor waits: both are mistakes of ours, not of the disk', () => {
  using catalog = Catalog.open(':memory:')
  const nested = () => catalog.transaction(() => catalog.transaction(() => 1))
  expect(nested).toThrow('cannot start a transaction within a transaction')
  expect(nested).not.toThrow(SmugdlError)
  expect(() => catalog.transaction(async () => {})).toThrow(TypeError)
})

test('openToRead() makes nothing where no run has been made', () => {
  using folder = new Folder()
  expect(() => Catalog.openToRead(folder.at('.smugdl', 'catalog.sqlite'))).toThrow(
    destination(new RegExp(`^No run has been made in ${folder.path}\\.`)),
  )
  mkdirSync(folder.at('.smugdl'))
  writeFileSync(folder.at('.smugdl', 'catalog.sqlite'), '')
  expect(() => Catalog.openToRead(folder.at('.smugdl', 'catalog.sqlite'))).toThrow(destination(/^No run has been made/))
  expect(folder.files()).toEqual({ '.smugdl/catalog.sqlite': '' })
})

test('openToRead() reads, refuses to write, and leaves the file as it is', () => {
  using folder = new Folder()
  const path = filledCatalog(folder)
  const before = folder.files()
  {
    using catalog = Catalog.openToRead(path)
    expect(catalog.listings.count('album1')).toBe(100)
    expect(() => catalog.runs.begin(1, 'v')).toThrow(destination(/cannot be opened for writing/))
  }
  expect(folder.files()).toEqual(before)
})

test('openToRead() reads where nothing can be written', ({ skip }) => {
  using folder = new Folder()
  const path = filledCatalog(folder)
  using _mount = mounted(folder, ['--bind', '-o', 'ro', folder.path], skip)
  using catalog = Catalog.openToRead(path)
  expect(catalog.listings.count('album1')).toBe(100)
  expect(() => Catalog.open(path)).toThrow(SmugdlError)
})

test('openToRead() refuses what a killed run left where nothing can be written: the newest would be missing', async ({
  skip,
}) => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  const writer = new Script('writer.ts', ['and hold it', path])
  await writer.said()
  await writer.kill()
  using _mount = mounted(folder, ['--bind', '-o', 'ro', folder.path], skip)
  expect(() => Catalog.openToRead(path)).toThrow(destination(/its last run was killed/))
})

test('openCopy() can be written to, changes nothing at home, and leaves nothing behind, not even while it is open', () => {
  using folder = new Folder()
  using temporary = new Folder()
  vi.stubEnv('TMPDIR', temporary.path)
  const path = filledCatalog(folder)
  const before = folder.files()
  // What a kill may have left.
  mkdirSync(folder.at('.smugdl', 'catalog.copy-killed'))
  writeFileSync(folder.at('.smugdl', 'catalog.copy-killed', 'catalog.sqlite'), 'half')
  {
    using copy = Catalog.openCopy(path)
    expect(folder.names().filter((name) => name.includes('copy'))).toEqual([])
    expect(temporary.names()).toEqual([])
    copy.transaction(() => copy.listings.forget({ album: 'album1', image: 'i0' }))
    expect(copy.listings.count('album1')).toBe(99)
    expect(copy.integrity()).toEqual([])
  }
  expect(folder.files()).toEqual(before)
  expect(temporary.names()).toEqual([])
  writeFileSync(path, 'broken')
  expect(() => Catalog.openCopy(path)).toThrow(destination(/catalog is broken/))
  expect(readdirSync(temporary.path)).toEqual([])
  vi.unstubAllEnvs()
})

test('openCopy() is empty where no run has been made, and makes nothing', () => {
  using folder = new Folder()
  {
    using copy = Catalog.openCopy(folder.at('catalog.sqlite'))
    expect(copy.runs.begin(1, 'v')).toBe(1)
  }
  expect(readdirSync(folder.path)).toEqual([])
  writeFileSync(folder.at('catalog.sqlite'), '')
  using copy = Catalog.openCopy(folder.at('catalog.sqlite'))
  expect(copy.runs.begin(1, 'v')).toBe(1)
  expect(folder.files()).toEqual({ 'catalog.sqlite': '' })
})

test('one that another process holds is in use; a reader hears by which run', async () => {
  using folder = new Folder()
  const path = folder.at('.smugdl', 'catalog.sqlite')
  using holder = new Script('writer.ts', ['and hold it', path])
  await holder.said()
  expect(() => Catalog.open(path, impatient)).toThrow(destination(/^The catalog is in use by another program/))
  using _lock = RunLock.acquire(folder.path, { command: 'smugdl download', now: 0 })
  expect(() => Catalog.openToRead(path, impatient)).toThrow(
    destination(
      new RegExp(`^Another run is using this folder: "smugdl download" on .+, process ${process.pid}, since 1970`),
    ),
  )
})

test('a full disk is said, takes back the open transaction only, and is over when there is space', ({ skip }) => {
  using folder = new Folder()
  using disk = mounted(folder, ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs'], skip)
  const path = folder.at('catalog.sqlite')
  let committed = 0
  {
    using catalog = Catalog.open(path)
    const fill = () => {
      for (;;) {
        catalog.transaction(() => {
          for (let i = 0; i < 5; i++)
            catalog.listings.put(listing({ image: `${committed}-${i}`, record: { Caption: 'x'.repeat(3000) } }), 1)
        })
        committed += 5
      }
    }
    expect(fill).toThrow(destination(/^The disk is full.*nothing is lost/))
    expect(committed).toBeGreaterThan(0)
    expect(catalog.listings.count('album1')).toBe(committed)
    disk.grow('8m')
    catalog.listings.put(listing({ image: 'after' }), 1)
  }
  using again = Catalog.open(path)
  expect(again.listings.count('album1')).toBe(committed + 1)
  expect(again.integrity()).toEqual([])
})

/** 100 listings on many pages. */
function filledCatalog(folder: Folder): string {
  const path = folder.at('.smugdl', 'catalog.sqlite')
  using catalog = Catalog.open(path)
  for (let i = 0; i < 100; i++)
    catalog.listings.put(listing({ image: `i${i}`, position: i, record: { Caption: 'x'.repeat(2000) } }), 1)
  return path
}

/** Mounts something over the folder; where that is not allowed, skips the test and says so. */
function mounted(folder: Folder, args: string[], skip: (note: string) => never) {
  const { status, stderr, error } = spawnSync('mount', [...args, folder.path], { encoding: 'utf8' })
  if (status !== 0) skip(`nothing can be mounted here: ${(stderr || error?.message) ?? 'no reason given'}`)
  return {
    grow: (size: string) => execFileSync('mount', ['-o', `remount,size=${size}`, folder.path]),
    [Symbol.dispose]: () => execFileSync('umount', [folder.path]),
  }
}

/** A `destination` error with such a message. */
function destination(message: RegExp) {
  return expect.objectContaining({ kind: 'destination', message: expect.stringMatching(message) })
}
