import type { SQLInputValue } from 'node:sqlite'
import type { Statements } from './connection.ts'
import type { Row } from './row.ts'

/** Number of rows in memory at a time. */
const slice = 200

/**
 * All rows of `table` for which `where` holds, in the order of the columns `by`: together unique, none NULL, and with `where` the
 * beginning of an index, so that the cost of a slice is proportional to its rows. Between two rows the caller may change the table, nest the
 * same query, and stop early. Each row is seen at most once, unless a change to `by` moves it; rows written further ahead are seen unless they
 * fall into the slice already read.
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
