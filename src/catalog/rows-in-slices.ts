import type { SQLInputValue } from 'node:sqlite'
import type { Statements } from './connection.ts'
import type { Row } from './row.ts'

/** How many rows are in memory at a time. */
const slice = 200

/**
 * All rows of `table` for which `where` holds, in the order of the columns `by`: together unique, none NULL, and with `where` the
 * beginning of an index, so that a slice costs what it returns. Between two rows the caller may do to the table what it likes, run the
 * same query again within, and stop early. It sees each row at most once, unless it moves the row by changing `by`; what it writes
 * ahead of itself it will see, or not when that was in the slice already read.
 */
export function sliced(
  db: Statements,
  { table, where, by }: { table: string; where: string; by: readonly string[] },
): (...given: SQLInputValue[]) => Generator<Row> {
  const columns = by.join(', ')
  const marks = by.map(() => '?').join(', ')
  const first = db.prepare(`SELECT * FROM ${table} WHERE ${where} ORDER BY ${columns} LIMIT ${slice}`)
  const next = db.prepare(
    `SELECT * FROM ${table} WHERE ${where} AND (${columns}) > (${marks}) ORDER BY ${columns} LIMIT ${slice}`,
  )
  return function* (...given) {
    let rows = first.all(...given)
    for (;;) {
      yield* rows
      const last = rows.at(-1)
      if (rows.length < slice || last === undefined) return
      rows = next.all(...given, ...by.map((column) => last[column] ?? null))
    }
  }
}
