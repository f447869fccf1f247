import { accessSync, closeSync, constants, existsSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onDisk } from '../disk-error.ts'
import { SmugdlError } from '../error.ts'
import { acceptedTable } from './accepted.ts'
import { accountTable } from './account.ts'
import { albumTable } from './albums.ts'
import { completeTable } from './complete.ts'
import { Connection } from './connection.ts'
import { deliveryTable } from './deliveries.ts'
import { failureTable } from './failures.ts'
import { folderTable } from './folders.ts'
import { listingTable } from './listings.ts'
import { lockOwner } from './lock/lock.ts'
import { held } from './lock/owner.ts'
import { makeFolder } from './make-folder.ts'
import { migrate, versionOf } from './migrations.ts'
import { text } from './row.ts'
import { runTable } from './runs.ts'
import { snapshot } from './snapshot.ts'
import { isBusy } from './sqlite-error.ts'
import { stateTable } from './state.ts'
import { takesSync } from './sync-support.ts'

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
  /** False where the disk refuses to make anything durable: a power cut may take what was just recorded, or break the catalog. */
  readonly isDurable: boolean
  readonly #db: Connection
  /** A folder to remove with it. */
  #scratch: string | undefined

  private constructor(db: Connection, isDurable = true) {
    this.#db = db
    this.isDurable = isDurable
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
   * Opens the catalog at `path`, making or migrating it; `:memory:` for one that ends with the process. Throws `destination` when the
   * file is broken, newer, not ours, cannot be written, or is in use for longer than `waitMs`.
   */
  static open(path: string, { waitMs = 5000 } = {}): Catalog {
    if (path !== ':memory:') {
      onDisk(path, () => makeFolder(dirname(path)))
      makePrivate(path)
    }
    const isDurable = path === ':memory:' || takesSync(path)
    return opened(new Connection(path, { waitMs }), (db) => {
      alone(db)
      // Before the journal is touched: that already makes something durable, or fails.
      if (!isDurable) db.exec('PRAGMA synchronous = OFF')
      // Looked at before anything is written: a file that is not ours stays as it is.
      versionOf(db)
      // NORMAL: a power cut may take back the newest commits but never breaks the file, and what a commit says of a picture was made
      // durable before the commit. A delivery that is forgotten is found on disk again; one that is remembered is there.
      // The flush before each checkpoint reaches the disk itself on macOS too, as Node's fsync does for the pictures.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA checkpoint_fullfsync = ON')
      if (isDurable) db.exec('PRAGMA synchronous = NORMAL')
      migrate(db)
      return new Catalog(db, isDurable)
    })
  }

  /**
   * Opens the catalog at `path` for looking: every write fails. Makes none where there is none. While it is open no run can start, so
   * close it soon. Throws `destination` also when there is none, and when a run has it for longer than `waitMs`, naming that run.
   */
  static openToRead(path: string, { waitMs = 5000 } = {}): Catalog {
    const catalog = Catalog.#look(path, waitMs)
    if (catalog === undefined) throw new NeverRun(path)
    return catalog
  }

  /**
   * A copy of the catalog at `path`, or an empty one where there is none, that can be written to and is gone when it is closed: for a run
   * that must not change anything. It lies beside the original, as a temporary folder may be memory, and in the temporary folder only where
   * nothing can be written there. Throws as `openToRead` does.
   */
  static openCopy(path: string, { waitMs = 5000 } = {}): Catalog {
    using original = Catalog.#look(path, waitMs)
    if (original === undefined) return Catalog.open(':memory:')
    const folder = copyFolder(dirname(path))
    try {
      const copy = join(folder, 'catalog.sqlite')
      original.#db.exec('PRAGMA query_only = OFF; PRAGMA synchronous = OFF')
      original.#db.prepare('VACUUM INTO ?').run(copy)
      return opened(new Connection(copy, { waitMs }), (db) => {
        alone(db)
        // Nothing of it needs to outlive the process, and with its journal in memory it is one file, which can go while it is open.
        db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF')
        migrate(db)
        const catalog = new Catalog(db)
        if (!isGone(folder)) catalog.#scratch = folder
        return catalog
      })
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  /**
   * What is committed of the catalog at `path` that a run has, as it is now: a copy that is gone when it is closed. Nobody has to wait, neither
   * the run nor who looks.
   */
  static async openSnapshot(path: string): Promise<Catalog> {
    const folder = scratchFolder()
    try {
      const copy = join(folder, 'catalog.sqlite')
      await snapshot(path, copy)
      const catalog = Catalog.#look(copy, 0)
      if (catalog === undefined) throw new NeverRun(path)
      catalog.#scratch = folder
      return catalog
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Undefined when no run has come as far as making one. */
  static #look(path: string, waitMs: number): Catalog | undefined {
    if (!existsSync(path)) return undefined
    const immutable = !isWritable(path)
    if (immutable && existsSync(`${path}-wal`)) throw unfinished(path)
    try {
      return opened(new Connection(path, { waitMs, immutable }), (db) => {
        alone(db)
        if (!immutable && !takesSync(path)) db.exec('PRAGMA synchronous = OFF')
        if (versionOf(db) === 0) return undefined
        migrate(db)
        db.exec('PRAGMA query_only = ON')
        return new Catalog(db)
      })
    } catch (error) {
      const owner = isBusy(error) ? lockOwner(outputOf(path)) : undefined
      throw owner ? held(outputOf(path), owner, error) : error
    }
  }

  /** All or nothing; `destination` and nothing when the disk does not take it. Not nested; `work` cannot await. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work)
  }

  /** Checks every page and index: `[]` when all is well, else what is wrong, or what the check broke off at. Reads the whole file. */
  integrity(): string[] {
    try {
      const lines = this.#db
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => text(row, 'integrity_check'))
      const wrong = [...lines.filter((line) => line !== 'ok'), ...this.#unreadable()]
      if (wrong.length === 0) this.#readDeliveries()
      return wrong
    } catch (error) {
      if (error instanceof SmugdlError) return [error.message]
      throw error
    }
  }

  /** What SQLite finds in order, and nobody could read. */
  #unreadable(): string[] {
    return jsonColumns
      .filter(([table, column]) => this.#db.prepare(`SELECT 1 FROM ${table} WHERE NOT json_valid(${column})`).get())
      .map(([table, column]) => `${table}.${column} holds no JSON`)
  }

  /** Throws for what nobody could use: a path that leads out of the output, a delivery that is none. */
  #readDeliveries(): void {
    for (const exporter of this.deliveries.exporters()) for (const _ of this.deliveries.of(exporter));
  }

  /** What was committed is on the disk when this returns. */
  close(): void {
    this.#db.close()
    if (this.#scratch !== undefined) rmSync(this.#scratch, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Before the journal is touched for the first time: then SQLite needs no shared memory file, which NFS and SMB cannot hold. */
function alone(db: Connection): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE')
}

/** What `open` makes of the connection, which is closed again when it makes nothing. */
function opened<T extends Catalog | undefined>(db: Connection, open: (db: Connection) => T): T {
  let catalog: T | undefined
  try {
    catalog = open(db)
    return catalog
  } finally {
    if (catalog === undefined) db.close()
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    accessSync(dirname(path), constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Whether the folder could be removed while a file in it is open, so that a kill leaves nothing: not on Windows, nor on some network disks. */
function isGone(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true })
    return !existsSync(folder)
  } catch {
    return false
  }
}

/** A catalog knows captions and places: what is made here is for nobody else, and SQLite makes its log as private as the file. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    // It is there, or cannot be made: SQLite says so.
  }
}

/**
 * A folder for a copy, beside the catalog of which the caller holds the lock; what a kill left there goes. Where nothing can be written
 * there, a temporary one.
 */
function copyFolder(beside: string): string {
  try {
    for (const name of readdirSync(beside).filter((name) => name.startsWith(copyPrefix)))
      rmSync(join(beside, name), { recursive: true, force: true })
    return mkdtempSync(join(beside, copyPrefix))
  } catch {
    return scratchFolder()
  }
}

/** The temporary folder is the system's or `TMPDIR`'s, not the output: who cannot write there hears so. */
function scratchFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'smugdl-'))
  } catch (cause) {
    throw new SmugdlError('usage', {
      what: 'No temporary folder can be made',
      item: tmpdir(),
      next: 'Name a folder that you may write to with the variable TMPDIR',
      cause,
    })
  }
}

const jsonColumns = [
  ...['account', 'folder', 'album'].map((table) => [table, 'raw'] as const),
  ['listing', 'source'],
  ['listing', 'record'],
  ['delivery', 'proof'],
  ['state', 'value'],
  ['run', 'summary'],
  ['run_failure', 'failure'],
] as const

const copyPrefix = 'catalog.copy-'

/** No run has come as far as making a catalog there: there is none, or one that was killed left an empty file. */
export class NeverRun extends SmugdlError {
  constructor(path: string) {
    super('destination', {
      what: `No run has been made in ${outputOf(path)}`,
      next: 'Name the output of your runs with --output, or run "smugdl" first',
    })
  }
}

/** Read without a lock the log would be ignored, and with it the newest that is known. */
function unfinished(path: string): SmugdlError {
  return new SmugdlError('destination', {
    what: 'The catalog is in use, or its last run was killed, and it cannot be written here',
    item: path,
    next: 'Wait for the run to end, or ask again where the folder can be written to',
  })
}

function outputOf(path: string): string {
  return dirname(dirname(path))
}
