import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { Connection } from '../../src/catalog/connection.ts'
import { migrate, steps, versionOf } from '../../src/catalog/migrations.ts'
import { Folder } from './folder.ts'
import { delivery } from './rows.ts'

const first = 'CREATE TABLE a (x TEXT); INSERT INTO a VALUES (1)'
const second = 'ALTER TABLE a ADD COLUMN y TEXT'
const broken = 'ALTER TABLE a ADD COLUMN z TEXT; INSERT INTO nowhere VALUES (1)'

test('an empty file becomes a catalog of the newest version, marked as ours', () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  Catalog.open(path).close()
  const db = new DatabaseSync(path)
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 4 })
  expect(db.prepare('PRAGMA application_id').get()).toEqual({ application_id: 0x736d646c })
  db.close()
})

test('only the steps that are missing are taken', () => {
  const db = new Connection(':memory:', { waitMs: 0 })
  migrate(db, [first])
  migrate(db, [first, second])
  migrate(db, [first, second])
  expect(versionOf(db, 2)).toBe(2)
  expect(db.prepare('SELECT * FROM a').all()).toEqual([{ x: '1', y: null }])
})

test('a step that fails leaves the version before, whole, and the next program takes it from there', () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  const old = new Connection(path, { waitMs: 0 })
  migrate(old, [first])
  old.close()
  const before = folder.files()
  const db = new Connection(path, { waitMs: 0 })
  expect(() => migrate(db, [first, second, broken])).toThrow('no such table: nowhere')
  expect(versionOf(db, 3)).toBe(1)
  expect(db.prepare('SELECT * FROM a').all()).toEqual([{ x: '1' }])
  db.close()
  expect(folder.files()).toEqual(before)
  const next = new Connection(path, { waitMs: 0 })
  migrate(next, [first, second])
  expect(next.prepare('SELECT * FROM a').all()).toEqual([{ x: '1', y: null }])
  next.close()
})

test('a newer catalog is refused by both versions, and left as it is', () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  Catalog.open(path).close()
  const newer = new DatabaseSync(path)
  newer.exec('PRAGMA user_version = 7')
  newer.close()
  const before = folder.files()
  for (const open of [Catalog.open, Catalog.openToRead]) {
    expect(() => open(path)).toThrow(
      expect.objectContaining({
        kind: 'destination',
        message: expect.stringMatching(/newer smugdl \(version 7, this one knows 4\).*Update smugdl/),
      }),
    )
  }
  expect(folder.files()).toEqual(before)
})

test('a catalog of the first version keeps its deliveries, and which of them wait for their exporter', () => {
  using folder = new Folder()
  const path = folder.at('catalog.sqlite')
  const old = new Connection(path, { waitMs: 0 })
  migrate(old, steps.slice(0, 1))
  const insert = old.prepare(
    `INSERT INTO delivery (exporter, album, image, serial, kind, size, md5, sha256, content_type, described, pending, path, proof, delivered_at, verified_at)
     VALUES ('folder', 'album1', ?, 0, 'original', 10, ?, ?, 'image/jpeg', 'digest', ?, 'Reisen/Italien/IMG_1.JPG', ?, 100, 100)`,
  )
  const wanted = [delivery({ image: 'a' }), delivery({ image: 'b', pending: true })]
  for (const { image, facts, pending, delivery: proof } of wanted)
    insert.run(image, facts.md5, facts.sha256, pending ? 1 : 0, JSON.stringify(proof))
  old.close()
  using catalog = Catalog.open(path)
  expect([...catalog.deliveries.inAlbum('album1', 'folder')]).toEqual(wanted)
  expect(catalog.deliveries.pending()).toEqual([{ album: 'album1', image: 'b', component: '' }])
})
