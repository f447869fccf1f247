import type { Statements } from './connection.ts'
import type { DeliveryRow } from './deliveries.ts'
import type { FileKey } from './file-key.ts'
import { integer, optionalInteger, optionalText, orNull, type Row, text } from './row.ts'
import { sliced } from './rows-in-slices.ts'

export interface FailureRow {
  album: string
  /** '' when the album itself failed. */
  image: string
  /** '' for the image itself (`FileKey`), and for the album. */
  component: string
  /** '' if it failed before it reached any exporter. */
  exporter: string
  reason: string
  next: string | undefined
  /** False if another attempt is unlikely to help. */
  heals: boolean
  /** Number of runs that tried and failed. */
  attempts: number
  failedAt: number
  /** Earliest time of the next attempt. */
  dueAt: number
  /** The first run that reported it, or is about to; 0 if unknown, undefined for none. */
  namedIn: number | undefined
}

/** Items that are not safe, kept until they are. */
export function failureTable(db: Statements) {
  const upsert = db.prepare(
    'INSERT OR REPLACE INTO failure (album, image, component, exporter, reason, next, heals, attempts, failed_at, due_at, named_in) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const one = db.prepare('SELECT * FROM failure WHERE album = ? AND image = ? AND component = ? AND exporter = ?')
  const inAlbum = db.prepare('SELECT * FROM failure WHERE album = ? ORDER BY image, component, exporter')
  const every = sliced(db, { table: 'failure', where: 'true', by: ['album', 'image', 'component', 'exporter'] })
  const due = db.prepare('SELECT count(*) AS n FROM failure WHERE album = ? AND (due_at <= ? OR failed_at > ?)')
  const makeDue = db.prepare('UPDATE failure SET due_at = ? WHERE due_at > ?')
  const clear = db.prepare('DELETE FROM failure WHERE album = ? AND image = ? AND component = ? AND exporter = ?')
  const clearGone = db.prepare(
    `DELETE FROM failure WHERE album = ? AND image <> ''
     AND NOT EXISTS (
       SELECT 1 FROM listing l
       WHERE l.album = failure.album AND l.image = failure.image AND l.component = failure.component AND l.gone_at IS NULL)`,
  )
  const albums = db.prepare('SELECT DISTINCT album FROM failure ORDER BY album')
  return {
    put(f: FailureRow): void {
      upsert.run(
        f.album,
        f.image,
        f.component,
        f.exporter,
        f.reason,
        orNull(f.next),
        f.heals ? 1 : 0,
        f.attempts,
        f.failedAt,
        f.dueAt,
        orNull(f.namedIn),
      )
    },
    get({ album, image, component = '' }: FileKey, exporter: string): FailureRow | undefined {
      const row = one.get(album, image, component, exporter)
      return row && fromRow(row)
    },
    inAlbum(album: string): FailureRow[] {
      return inAlbum.all(album).map(fromRow)
    },
    /** A few in memory at a time (`sliced`). */
    *all(): Generator<FailureRow> {
      for (const row of every()) yield fromRow(row)
    },
    /** Number of an album's failures that are due for another attempt, including those dated in the future by a clock that was wrong. */
    due(album: string, at: number): number {
      return integer(due.get(album, at, at) ?? {}, 'n')
    },
    /** Makes all failures due for another attempt. */
    makeDue(at: number): void {
      makeDue.run(at, at)
    },
    clear({ album, image, component = '' }: FileKey, exporter: string): void {
      clear.run(album, image, component, exporter)
    },
    /** Removes the failure after an exporter got the item. If that exporter uses no bytes, a failure to download them remains. */
    clearDelivered({ exporter, facts, ...file }: DeliveryRow): void {
      this.clear(file, exporter)
      if (facts.sha256 !== '') this.clear(file, '')
    },
    /** Removes failures of items that are no longer on SmugMug, which cannot be missing. */
    clearGone(album: string): void {
      clearGone.run(album)
    },
    albums(): string[] {
      return albums.all().map((row) => text(row, 'album'))
    },
  }
}

function fromRow(row: Row): FailureRow {
  return {
    album: text(row, 'album'),
    image: text(row, 'image'),
    component: text(row, 'component'),
    exporter: text(row, 'exporter'),
    reason: text(row, 'reason'),
    next: optionalText(row, 'next'),
    heals: integer(row, 'heals') === 1,
    attempts: integer(row, 'attempts'),
    failedAt: integer(row, 'failed_at'),
    dueAt: integer(row, 'due_at'),
    namedIn: optionalInteger(row, 'named_in'),
  }
}
