import { DatabaseSync, type SQLInputValue, type StatementResultingChanges } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { Row } from './row.ts'
import { asSmugdlError, brokenRow, isForeign } from './sqlite-error.ts'

/**
 * A prepared statement. There is no `iterate` on purpose: an open cursor forbids writing to its table and running the statement again,
 * and keeps the write-ahead log growing. Long results are read by `sliced`.
 */
export interface Statement {
  run(...values: SQLInputValue[]): StatementResultingChanges
  get(...values: SQLInputValue[]): Row | undefined
  all(...values: SQLInputValue[]): Row[]
}

/** The part of the connection that a table needs. */
export interface Statements {
  prepare(sql: string): Statement
}

/** The only access to SQLite. A statement that fails because of the disk throws `destination`; a mistake in our SQL throws SQLite's own error. */
export class Connection implements Statements {
  readonly path: string
  readonly #db: DatabaseSync

  /** `waitMs`: how long to wait for another program's lock. `immutable`: read a file that no program writes, without any lock. */
  constructor(path: string, { waitMs, immutable = false }: { waitMs: number; immutable?: boolean }) {
    this.path = path
    const file = immutable ? new URL('?immutable=1', pathToFileURL(path)) : path
    this.#db = this.#do(() => new DatabaseSync(file, { readOnly: immutable, timeout: waitMs }))
  }

  prepare(sql: string): Statement {
    const statement = this.#do(() => {
      try {
        return this.#db.prepare(sql)
      } catch (cause) {
        throw isForeign(cause) ? brokenRow('its tables are not those of a catalog') : cause
      }
    })
    return {
      run: (...values) => this.#do(() => statement.run(...values)),
      get: (...values) => this.#do(() => statement.get(...values)),
      all: (...values) => this.#do(() => statement.all(...values)),
    }
  }

  exec(sql: string): void {
    this.#do(() => this.#db.exec(sql))
  }

  /** Runs `work` in a transaction, which is rolled back if `work` or COMMIT fails. Not nested; `work` is synchronous and cannot await. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      if (result instanceof Promise) throw new TypeError('a transaction cannot wait for a promise')
      this.exec('COMMIT')
      return result
    } catch (error) {
      // SQLite has rolled back by itself after some failures, a full disk among them.
      if (this.#db.isTransaction) this.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    if (this.#db.isOpen) this.#do(() => this.#db.close())
  }

  #do<T>(act: () => T): T {
    try {
      return act()
    } catch (cause) {
      throw asSmugdlError(cause, this.path)
    }
  }
}
