import { dirname } from 'node:path'
import { onDisk } from '../disk-error.ts'
import { SmugdlError } from '../error.ts'
import { Connection } from './connection.ts'
import { makeFolder } from './make-folder.ts'
import { removeFile } from './remove-file.ts'
import { integer, optionalText, orNull, type Row, text } from './row.ts'
import { sliced } from './rows-in-slices.ts'

/** A file that smugdl did not write, or an entry of an archive. */
export interface FoundFile {
  /** Absolute path; for an entry, the path of its archive. */
  path: string
  /** Number of the entry in its archive, from 1; 0 for a file itself. */
  entry: number
  /** Name of the entry, as in the archive; '' for a file itself. */
  name: string
  /** Bytes. */
  size: number
  /** Milliseconds since 1970; for an entry, the time of its archive. */
  modifiedMs: number
}

/** The hashes of its bytes when they were read. */
export interface ReadFile extends FoundFile {
  md5: string
  sha256: string
  readAt: number
}

interface FoundTotals {
  /** Entries of archives count as files; an archive does so only until it is read. */
  files: number
  bytes: number
  read: number
  bytesRead: number
  /** Number of files with the bytes of an image that the account lists. */
  wanted: number
  troubled: number
}

export type FoundFiles = ReturnType<typeof foundTable> & Disposable & { remove(): void }

/**
 * An index, by content, of a folder that smugdl did not write, in a SQLite file of its own: a hundred thousand files need no memory, and
 * files that were read are not read again after a kill. It is a cache: a file that cannot be used is replaced by a new one. Call `remove` when
 * it is no longer needed. Throws `destination` if the disk cannot store it.
 */
export function openFoundFiles(path: string): FoundFiles {
  onDisk(path, () => makeFolder(dirname(path)))
  let db: Connection
  try {
    db = opened(path)
  } catch (error) {
    if (!(error instanceof SmugdlError)) throw error
    remove(path)
    db = opened(path)
  }
  return {
    ...foundTable(db),
    remove() {
      db.close()
      remove(path)
    },
    [Symbol.dispose]: () => db.close(),
  }
}

function opened(path: string): Connection {
  const db = new Connection(path, { waitMs: 0 })
  try {
    // A kill loses nothing; a power cut may break the file, which is then replaced by a new one.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    if (Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0] !== version) {
      db.exec(`DROP TABLE IF EXISTS found; ${schema}; PRAGMA user_version = ${version}`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const version = 1
const schema = `
  CREATE TABLE found (
    path TEXT NOT NULL,
    entry INTEGER NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified REAL NOT NULL,
    look INTEGER NOT NULL,           -- the last that saw it
    md5 TEXT,                        -- NULL until it is read; '' for an archive, whose entries are read
    sha256 TEXT,
    read_at INTEGER,
    trouble TEXT,                    -- why it cannot be read
    wanted INTEGER NOT NULL,
    PRIMARY KEY (path, entry)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX found_content ON found (md5, entry, path)`

function foundTable(db: Connection) {
  const one = db.prepare('SELECT * FROM found WHERE path = ? AND entry = ?')
  const troubledIn = db.prepare('SELECT count(trouble) AS n FROM found WHERE path = ?')
  const seen = db.prepare('UPDATE found SET look = ?, wanted = 0 WHERE path = ?')
  const forget = db.prepare('DELETE FROM found WHERE path = ?')
  const insert = db.prepare(
    'INSERT OR REPLACE INTO found (path, entry, name, size, modified, look, md5, sha256, read_at, trouble, wanted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)',
  )
  const unseen = db.prepare('DELETE FROM found WHERE look <> ?')
  const withContent = db.prepare('SELECT * FROM found WHERE md5 = ? ORDER BY entry, path LIMIT 20')
  const want = db.prepare('UPDATE found SET wanted = 1 WHERE md5 = ? AND size = coalesce(?, size)')
  const totals = db.prepare(
    `SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes, count(md5) AS read, coalesce(sum(iif(md5 IS NULL, 0, size)), 0) AS bytes_read,
       coalesce(sum(wanted), 0) AS wanted, count(trouble) AS troubled FROM found WHERE md5 IS NULL OR md5 > ''`,
  )
  const by = ['path', 'entry']
  const unread = sliced(db, { table: 'found', where: 'md5 IS NULL AND entry = 0', by: ['path'] })
  const troubles = sliced(db, { table: 'found', where: 'trouble IS NOT NULL', by })
  const wanted = sliced(db, { table: 'found', where: 'wanted = 1', by })
  const unwanted = sliced(db, { table: 'found', where: "wanted = 0 AND md5 > ''", by })
  return {
    /** Records that this scan found the file. What was read of it and its entries stays valid as long as its size and time are the same. */
    see({ path, size, modifiedMs }: Pick<FoundFile, 'path' | 'size' | 'modifiedMs'>, scan: number): void {
      const known = one.get(path, 0)
      const isSame = known !== undefined && known.size === size && known.modified === modifiedMs
      if (isSame && integer(troubledIn.get(path) ?? {}, 'n') === 0) seen.run(scan, path)
      else {
        forget.run(path)
        insert.run(path, 0, '', size, modifiedMs, scan, null, null, null, null)
      }
    },
    /** Records a file or an entry and the result of reading it. The archive of an entry counts as read only after `putArchive`. */
    put(file: FoundFile, scan: number, read: Pick<ReadFile, 'md5' | 'sha256' | 'readAt'> | { trouble: string }): void {
      const { path, entry, name, size, modifiedMs } = file
      if ('trouble' in read) insert.run(path, entry, name, size, modifiedMs, scan, null, null, null, read.trouble)
      else insert.run(path, entry, name, size, modifiedMs, scan, read.md5, read.sha256, read.readAt, null)
    },
    /** Records that all entries of an archive were read. */
    putArchive({ path, size, modifiedMs }: FoundFile, scan: number, readAt: number): void {
      insert.run(path, 0, '', size, modifiedMs, scan, '', '', readAt, null)
    },
    /** Removes the files that this scan did not find. */
    forgetUnseen(scan: number): void {
      unseen.run(scan)
    },
    /** Files and archives that are still to be read, by path; a few in memory at a time (`sliced`). */
    *unread(): Generator<FoundFile> {
      for (const row of unread()) yield fromRow(row)
    },
    get(path: string, entry = 0): (FoundFile & { md5: string | undefined }) | undefined {
      const row = one.get(path, entry)
      return row && { ...fromRow(row), md5: optionalText(row, 'md5') }
    },
    /** Some files with these bytes, those outside of archives first. `size` is undefined if unknown. */
    withContent(md5: string, size: number | undefined): ReadFile[] {
      const rows = withContent.all(md5).map((row) => ({
        ...fromRow(row),
        md5: text(row, 'md5'),
        sha256: text(row, 'sha256'),
        readAt: integer(row, 'read_at'),
      }))
      return rows.filter((file) => size === undefined || file.size === size)
    },
    /** Marks that the account lists an image with these bytes. */
    want(md5: string, size: number | undefined): void {
      want.run(md5, orNull(size))
    },
    /** A few in memory at a time (`sliced`). */
    *wanted(): Generator<FoundFile> {
      for (const row of wanted()) yield fromRow(row)
    },
    /** Files that were read and match no image; a few in memory at a time (`sliced`). */
    *unwanted(): Generator<FoundFile> {
      for (const row of unwanted()) yield fromRow(row)
    },
    /** Files that could not be read; a few in memory at a time (`sliced`). */
    *troubles(): Generator<FoundFile & { trouble: string }> {
      for (const row of troubles()) yield { ...fromRow(row), trouble: text(row, 'trouble') }
    },
    totals(): FoundTotals {
      const row = totals.get() ?? {}
      return {
        files: integer(row, 'files'),
        bytes: integer(row, 'bytes'),
        read: integer(row, 'read'),
        bytesRead: integer(row, 'bytes_read'),
        wanted: integer(row, 'wanted'),
        troubled: integer(row, 'troubled'),
      }
    },
    /** Runs `work` in one transaction, which is faster than single writes; `work` cannot await. */
    transaction<T>(work: () => T): T {
      return db.transaction(work)
    },
  }
}

function remove(path: string): void {
  onDisk(path, () => {
    for (const suffix of ['-wal', '-shm', '-journal', '']) removeFile(path + suffix)
  })
}

function fromRow(row: Row): FoundFile {
  return {
    path: text(row, 'path'),
    entry: integer(row, 'entry'),
    name: text(row, 'name'),
    size: integer(row, 'size'),
    modifiedMs: integer(row, 'modified'),
  }
}
