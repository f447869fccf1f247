import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { Catalog } from '../../src/catalog/catalog.ts'
import { Folder } from './folder.ts'

/** What reads more than it returns, and why that is right. */
const allowed = {
  'SELECT * FROM folder ORDER BY url_path, id': 'all of a few hundred folders',
  'SELECT DISTINCT exporter FROM delivery WHERE synced = 1 ORDER BY exporter': 'once per command, of the index alone',
}

/** Whole tables in the order of an index, or of one row: they cost what they return. */
const wholes = [
  /^SCAN account$/,
  /^SCAN album USING INDEX album_order$/,
  /^SCAN (listing|l) USING INDEX listing_gone$/,
  /^SCAN (accepted|failure|run)$/,
  /^SCAN delivery USING COVERING INDEX delivery_(pending|unsynced)$/,
  // Read whole, it holds what one batch left.
  /^SCAN delivery USING INDEX delivery_unsynced$/,
]

test('every query of the catalog finds its rows by an index, and slices come in its order', () => {
  using folder = new Folder()
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  Catalog.open(folder.at('catalog.sqlite')).close()
  const queries = prepare.mock.calls
    .map(([sql]) => sql)
    .filter((sql) => /^\s*(SELECT|UPDATE|DELETE FROM \w+ WHERE)/.test(sql))
  prepare.mockRestore()
  expect(queries.length).toBeGreaterThan(40)
  expect(queries.filter((sql) => sql.endsWith('LIMIT 200')).length).toBeGreaterThan(12)
  const db = new DatabaseSync(folder.at('catalog.sqlite'))
  const costly = queries.filter((sql) => {
    const steps = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail))
    // What a search found may be sorted, but not again for each slice of it.
    return steps.some((step) =>
      /^SCAN/.test(step)
        ? !wholes.some((whole) => whole.test(step))
        : sql.endsWith('LIMIT 200') && /TEMP B-TREE/.test(step),
    )
  })
  db.close()
  const asked = new Set(costly.filter((sql) => !sql.includes('sqlite_schema')).map((sql) => sql.replace(/\s+/g, ' ')))
  // Both ways: an exception that is no longer needed goes.
  expect([...asked].sort()).toEqual(Object.keys(allowed).sort())
})
