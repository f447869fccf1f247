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
 * The record of what is already safe and of the account as last read, in one SQLite file per output. Losing it costs time, never a
 * picture. One connection, one process at a time (`lock.ts`).
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
  /** False if the disk refuses to make anything durable: a power cut may lose the latest records or break the catalog. */
  readonly isDurable: boolean
  readonly #db: Connection
  /** A folder to remove with the catalog. */
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
   * Opens the catalog at `path`, creating or migrating it if necessary; `:memory:` for one that ends with the process. Throws `destination`
   * if the file is broken, newer, not ours, not writable, or in use for longer than `waitMs`.
   */
  static open(path: string, { waitMs = 5000 } = {}): Catalog {
    if (path !== ':memory:') {
      onDisk(path, () => makeFolder(dirname(path)))
      makePrivate(path)
    }
    const isDurable = path === ':memory:' || takesSync(path)
    return opened(new Connection(path, { waitMs }), (db) => {
      alone(db)
      // Before the journal is touched, because that already syncs something, or fails.
      if (!isDurable) db.exec('PRAGMA synchronous = OFF')
      // Checked before anything is written, so that a file that is not ours stays as it is.
      versionOf(db)
      // NORMAL: a power cut may take back the newest commits but never breaks the file, and what a commit says of a picture was made
      // durable before the commit. A forgotten delivery is found on disk again; a recorded one is there.
      // The flush before each checkpoint reaches the disk itself on macOS too, as Node's fsync does for the pictures.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA checkpoint_fullfsync = ON')
      if (isDurable) db.exec('PRAGMA synchronous = NORMAL')
      migrate(db)
      return new Catalog(db, isDurable)
    })
  }

  /**
   * Opens the catalog at `path` read-only: every write fails, and a missing catalog is not created. While it is open no run can start, so
   * close it soon. Throws `destination` also if there is none, and if a run uses it for longer than `waitMs`, naming that run.
   */
  static openToRead(path: string, { waitMs = 5000 } = {}): Catalog {
    const catalog = Catalog.#look(path, waitMs)
    if (catalog === undefined) throw new NeverRun(path)
    return catalog
  }

  /**
   * A writable copy of the catalog at `path`, empty if there is none, which is removed when closed: for a run that must not change anything.
   * It lies beside the original, because a temporary folder may be in memory; only if that folder is not writable, it lies in the temporary
   * folder. Throws as `openToRead` does.
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
        // It need not outlive the process, and with its journal in memory it is one file, which can be removed while it is open.
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
   * A copy of what a run has committed to the catalog at `path` by now, removed when it is closed. Neither the run nor the caller has to
   * wait.
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

  /** Undefined if no run has created one yet. */
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

  /** Runs `work` in a transaction. Throws `destination`, without any change, if the disk cannot store it. Not nested; `work` cannot await. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work)
  }

  /** Checks every page and index. Returns `[]` if all is well, else the faults, or what stopped the check. Reads the whole file. */
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

  /** Faults that SQLite does not detect, but that make rows unreadable. */
  #unreadable(): string[] {
    return jsonColumns
      .filter(([table, column]) => this.#db.prepare(`SELECT 1 FROM ${table} WHERE NOT json_valid(${column})`).get())
      .map(([table, column]) => `${table}.${column} holds no JSON`)
  }

  /** Throws for unusable rows: a path that leads out of the output, or a malformed delivery. */
  #readDeliveries(): void {
    for (const exporter of this.deliveries.exporters()) for (const _ of this.deliveries.of(exporter));
  }

  /** Closes the catalog; everything committed is durable when this returns. */
  close(): void {
    this.#db.close()
    if (this.#scratch !== undefined) rmSync(this.#scratch, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Must precede the first use of the journal: SQLite then needs no shared memory file, which NFS and SMB do not support. */
function alone(db: Connection): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE')
}

/** The result of `open` for the connection, which is closed again if that is undefined or `open` throws. */
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

/** Removes the folder while a file in it is open, so that a kill leaves nothing. False on Windows and some network disks, where that fails. */
function isGone(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true })
    return !existsSync(folder)
  } catch {
    return false
  }
}

/** Creates the file readable by the user only, because a catalog holds captions and places; SQLite gives its log the same mode. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    // It exists, or cannot be created, which SQLite reports.
  }
}

/**
 * Creates a folder for a copy beside the catalog, whose lock the caller holds, and removes what a kill left there. If that place is not
 * writable, the folder is a temporary one.
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

/** A temporary folder of the system or `TMPDIR`, not of the output; an error names it. */
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

/** The error if no run has created a catalog there: there is none, or a killed run left an empty file. */
export class NeverRun extends SmugdlError {
  constructor(path: string) {
    super('destination', {
      what: `No run has been made in ${outputOf(path)}`,
      next: 'Name the output of your runs with --output, or run "smugdl" first',
    })
  }
}

/** Without a lock SQLite would ignore the log, and with it the newest records. */
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
