import type { Statements } from './connection.ts'
import { integer, type Json, json, text } from './row.ts'

/** Small persistent key-value state of an exporter. */
export function stateTable(db: Statements) {
  const select = db.prepare('SELECT value FROM state WHERE exporter = ? AND key = ?')
  const all = db.prepare('SELECT key, value FROM state WHERE exporter = ? ORDER BY key')
  const upsert = db.prepare('INSERT OR REPLACE INTO state (exporter, key, value) VALUES (?, ?, ?)')
  const size = db.prepare('SELECT coalesce(sum(length(value)), 0) AS size FROM state WHERE exporter = ?')
  const remove = db.prepare('DELETE FROM state WHERE exporter = ? AND key = ?')
  return {
    get(exporter: string, key: string): Json | undefined {
      const row = select.get(exporter, key)
      return row && json(row, 'value')
    },
    /** By key; all in memory. */
    all(exporter: string): [key: string, value: Json][] {
      return all.all(exporter).map((row) => [text(row, 'key'), json(row, 'value')])
    },
    /** Number of characters of JSON in an exporter's state; reads all of it. */
    size(exporter: string): number {
      return integer(size.get(exporter) ?? {}, 'size')
    },
    set(exporter: string, key: string, value: Json | undefined): void {
      if (value === undefined) remove.run(exporter, key)
      else upsert.run(exporter, key, JSON.stringify(value))
    },
  }
}
