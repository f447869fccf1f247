import { existsSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { type FoundFiles, openFoundFiles } from '../../src/catalog/adopt-index.ts'
import { Folder } from './folder.ts'

const hashed = (md5: string) => ({ md5, sha256: `${md5}-sha256`, readAt: 5 })

function file(path: string, { entry = 0, size = 10, modifiedMs = 1.5 } = {}) {
  return { path, entry, name: entry === 0 ? '' : `${entry}.jpg`, size, modifiedMs }
}

const unreadPaths = (found: FoundFiles) => [...found.unread()].map(({ path }) => path)

test('what was read is remembered as long as size and time are the same, and what is gone is forgotten', () => {
  using folder = new Folder()
  {
    using found = openFoundFiles(folder.at('found.sqlite'))
    for (const path of ['/a', '/b', '/c', '/d', '/e']) found.see(file(path), 1)
    for (const path of ['/a', '/b', '/c', '/d']) found.put(file(path), 1, hashed(path))
  }
  using found = openFoundFiles(folder.at('found.sqlite'))
  found.see(file('/a'), 2)
  found.see(file('/b', { size: 11 }), 2)
  found.see(file('/c', { modifiedMs: 1.6 }), 2)
  found.see(file('/e'), 2)
  found.forgetUnseen(2)
  expect(unreadPaths(found)).toEqual(['/b', '/c', '/e'])
  expect(found.get('/a')?.md5).toBe('/a')
  expect(found.get('/d')).toBeUndefined()
  expect(found.totals()).toMatchObject({ files: 4, bytes: 41, read: 1, bytesRead: 10 })
})

test('what could not be read is tried again by the next look, and of an archive then all', () => {
  using folder = new Folder()
  using found = openFoundFiles(folder.at('found.sqlite'))
  found.see(file('/a'), 1)
  found.put(file('/a'), 1, { trouble: 'no right' })
  found.see(file('/z'), 1)
  found.put(file('/z', { entry: 1, size: 4 }), 1, hashed('one'))
  found.put(file('/z', { entry: 2, size: 5 }), 1, { trouble: 'encrypted' })
  found.putArchive(file('/z'), 1, 5)
  expect(unreadPaths(found)).toEqual(['/a'])
  expect([...found.troubles()].map(({ path, name, trouble }) => [path, name, trouble])).toEqual([
    ['/a', '', 'no right'],
    ['/z', '2.jpg', 'encrypted'],
  ])
  // The archive itself is none of the files once its entries are.
  expect(found.totals()).toMatchObject({ files: 3, bytes: 19, read: 1, troubled: 2 })
  found.see(file('/a'), 2)
  found.see(file('/z'), 2)
  expect(unreadPaths(found)).toEqual(['/a', '/z'])
  expect([...found.troubles()]).toEqual([])
})

test('files are found by content, those outside of archives first, by size too where it is known', () => {
  using folder = new Folder()
  using found = openFoundFiles(folder.at('found.sqlite'))
  found.put(file('/a.zip', { entry: 3 }), 1, hashed('x'))
  found.put(file('/b'), 1, hashed('x'))
  found.put(file('/c', { size: 99 }), 1, hashed('x'))
  found.put(file('/d'), 1, hashed('y'))
  expect(found.withContent('x', 10).map(({ path }) => path)).toEqual(['/b', '/a.zip'])
  expect(found.withContent('x', undefined).length).toBe(3)
  found.want('x', 10)
  found.want('z', 10)
  expect([...found.unwanted()].map(({ path }) => path)).toEqual(['/c', '/d'])
  expect(found.totals().wanted).toBe(2)
})

test('a file that is no database, and one of another version, are started again', () => {
  using folder = new Folder()
  const path = folder.at('found.sqlite')
  writeFileSync(path, 'not a database at all, not a database at all')
  openFoundFiles(path)[Symbol.dispose]()
  const other = new DatabaseSync(path)
  other.exec('DROP TABLE found; CREATE TABLE found (x); PRAGMA user_version = 99')
  other.close()
  using found = openFoundFiles(path)
  found.see(file('/a'), 1)
  expect(unreadPaths(found)).toEqual(['/a'])
  found.remove()
  expect(existsSync(path)).toBe(false)
})

test('every query finds its rows by an index, but for those that read all once', () => {
  using folder = new Folder()
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  openFoundFiles(folder.at('found.sqlite'))[Symbol.dispose]()
  const queries = prepare.mock.calls.map(([sql]) => sql).filter((sql) => /^(SELECT|UPDATE|DELETE)/.test(sql))
  prepare.mockRestore()
  const db = new DatabaseSync(folder.at('found.sqlite'))
  const costly = queries.filter((sql) => {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
    return plan.some(({ detail }) => /^SCAN/.test(String(detail)) || /TEMP B-TREE/.test(String(detail)))
  })
  db.close()
  expect(queries.length).toBeGreaterThan(10)
  for (const sql of costly) expect(sql).toMatch(/^DELETE FROM found WHERE look <> \?$|^SELECT count\(\*\)|LIMIT 200$/)
  for (const sql of costly) expect(sql).not.toMatch(/\(path(, entry)?\) >/)
})
