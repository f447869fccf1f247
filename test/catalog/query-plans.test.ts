import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { Folder } from './folder.ts'

/** What may cost more than it returns, and why. */
const allowed: Record<string, string> = {
  'SELECT * FROM folder ORDER BY url_path, id': 'all of a few hundred folders',
  'SELECT * FROM delivery WHERE image = ? AND pending = 0 ORDER BY exporter, album': 'an image is in a few albums',
  'SELECT * FROM delivery WHERE md5 = ? AND size = ? AND pending = 0 ORDER BY exporter, album, image LIMIT 8':
    'the same bytes are there a few times',
  'SELECT DISTINCT exporter FROM delivery ORDER BY exporter': 'once per command; the index alone',
}

/** Whole tables in the order of an index, or of one row: they cost what they return. */
const wholes = [
  /^SCAN account$/,
  /^SCAN album USING INDEX album_order$/,
  /^SCAN (listing|l) USING INDEX listing_gone$/,
  /^SCAN (accepted|failure|run)$/,
]

test('every query of the catalog finds its rows by an index and in its order', () => {
  using folder = new Folder()
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  Catalog.open(folder.at('catalog.sqlite')).close()
  const queries = prepare.mock.calls
    .map(([sql]) => sql)
    .filter((sql) => /^\s*(SELECT|UPDATE|DELETE FROM \w+ WHERE)/.test(sql))
  prepare.mockRestore()
  expect(queries.length).toBeGreaterThan(40)
  const db = new DatabaseSync(folder.at('catalog.sqlite'))
  const costly = queries.filter((sql) => {
    const steps = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail))
    return steps.some((step) => /^SCAN|TEMP B-TREE/.test(step) && !wholes.some((whole) => whole.test(step)))
  })
  db.close()
  const asked = new Set(costly.filter((sql) => !sql.includes('sqlite_schema')).map((sql) => sql.replace(/\s+/g, ' ')))
  // Both ways: an exception that is no longer needed goes.
  expect([...asked].sort()).toEqual(Object.keys(allowed).sort())
})
