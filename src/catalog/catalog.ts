import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SmugdlError } from '../error.ts'
import { acceptedTable } from './accepted.ts'
import { accountTable } from './account.ts'
import { albumTable } from './albums.ts'
import { completeTable } from './complete.ts'
import { deliveryTable } from './deliveries.ts'
import { failureTable } from './failures.ts'
import { folderTable } from './folders.ts'
import { listingTable } from './listings.ts'
import { migrate } from './migrations.ts'
import { runTable } from './runs.ts'
import { stateTable } from './state.ts'

/**
 * What is already safe, and what the account looked like when it was last read: one SQLite file per output.
 * Losing it costs time, never a picture. One connection, one process at a time (`lock.ts`).
 */
export class Catalog {
  readonly account: ReturnType<typeof accountTable>
  readonly folders: ReturnType<typeof folderTable>
  readonly albums: ReturnType<typeof albumTable>
  readonly listings: ReturnType<typeof listingTable>
  readonly deliveries: ReturnType<typeof deliveryTable>
  readonly complete: ReturnType<typeof completeTable>
  readonly failures: ReturnType<typeof failureTable>
  readonly accepted: ReturnType<typeof acceptedTable>
  readonly state: ReturnType<typeof stateTable>
  readonly runs: ReturnType<typeof runTable>
  readonly #db: DatabaseSync

  private constructor(db: DatabaseSync) {
    this.#db = db
    this.account = accountTable(db)
    this.folders = folderTable(db)
    this.albums = albumTable(db)
    this.listings = listingTable(db)
    this.deliveries = deliveryTable(db)
    this.complete = completeTable(db)
    this.failures = failureTable(db)
    this.accepted = acceptedTable(db)
    this.state = stateTable(db)
    this.runs = runTable(db)
  }

  /**
   * Opens the catalog at `path`, making or migrating it; `:memory:` for a dry run without one.
   * Throws `destination` when the file is broken, newer, not ours or in use.
   */
  static open(path: string): Catalog {
    try {
      if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
      const db = new DatabaseSync(path)
      // EXCLUSIVE before WAL: no shared memory file, which NFS and SMB cannot hold.
      // NORMAL: a power cut may take back the newest commits but never breaks the file, and what a commit says of a picture was made
      // durable before the commit. A delivery that is forgotten is found on disk again; one that is remembered is there.
      db.exec(
        'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000',
      )
      migrate(db, path)
      return new Catalog(db)
    } catch (cause) {
      throw cause instanceof SmugdlError ? cause : unusable(path, cause)
    }
  }

  /** All or nothing. Not nested. */
  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  /** Checks every page and index: `[]` when all is well. */
  integrity(): string[] {
    const rows = this.#db
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row.integrity_check))
    return rows.length === 1 && rows[0] === 'ok' ? [] : rows
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** SQLite's own result codes: 5 busy, 11 corrupt, 13 full, 26 not a database. */
function unusable(path: string, cause: unknown): SmugdlError {
  const code = typeof cause === 'object' && cause !== null && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0
  if (code === 11 || code === 26) {
    return new SmugdlError('destination', {
      what: 'The catalog is broken',
      item: path,
      next: 'Run "smugdl adopt" on the output folder: it sets the broken file aside and rebuilds it from your pictures without downloading them again',
      cause,
    })
  }
  if (code === 5)
    return new SmugdlError('destination', {
      what: 'The catalog is in use by another program',
      item: path,
      next: 'Wait for it to end',
      cause,
    })
  if (code === 13)
    return new SmugdlError('destination', {
      what: 'The disk is full',
      item: path,
      next: 'Free space and run again; nothing is lost',
      cause,
    })
  return new SmugdlError('destination', {
    what: 'The catalog cannot be opened',
    item: `${path} (${cause instanceof Error ? cause.message : String(cause)})`,
    next: 'Check that the output folder can be written to',
    cause,
  })
}
