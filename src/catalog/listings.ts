import type { Statements } from './connection.ts'
import type { FileKind } from './deliveries.ts'
import type { FileKey } from './file-key.ts'
import { integer, type JsonRecord, json, optionalInteger, optionalText, orNull, type Row, text } from './row.ts'
import { sliced } from './rows-in-slices.ts'

/** The location of an image's bytes on SmugMug, or why there are none. */
export type ListedSource =
  | { kind: FileKind; url: string; size?: number; md5?: string; ext?: string }
  | { kind: 'none'; reason: string; next?: string; heals: boolean; processing: boolean }

export interface ListingRow {
  album: string
  image: string
  /** '' for the image itself (`FileKey`). */
  component: string
  /** 0-based, in SmugMug's order. */
  position: number
  serial: number
  /** Name before clashes are resolved. */
  wantedName: string
  /** On disk; undefined until the album has been listed whole once. */
  name: string | undefined
  source: ListedSource
  /** SmugMug's record of the image, without secrets. */
  record: JsonRecord
  /** Time of the first complete listing without it. */
  goneAt: number | undefined
}

export function listingTable(db: Statements) {
  const upsert = db.prepare(
    `INSERT INTO listing (album, image, component, position, serial, wanted_name, name, source, size, md5, record, seen, gone_at)
     VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, NULL)
     ON CONFLICT DO UPDATE SET position = excluded.position, serial = excluded.serial, wanted_name = excluded.wanted_name,
       name = CASE WHEN wanted_name = excluded.wanted_name THEN name END,
       source = excluded.source, size = excluded.size, md5 = excluded.md5, record = excluded.record, seen = excluded.seen, gone_at = NULL`,
  )
  const one = db.prepare('SELECT * FROM listing WHERE album = ? AND image = ? AND component = ?')
  const inOrder = sliced(db, {
    table: 'listing',
    where: 'album = ? AND gone_at IS NULL',
    by: ['position', 'image', 'component'],
  })
  const names = db.prepare(
    'SELECT image, component, wanted_name, name FROM listing WHERE album = ? ORDER BY image, component',
  )
  const setName = db.prepare('UPDATE listing SET name = ? WHERE album = ? AND image = ? AND component = ?')
  const unseen = db.prepare('UPDATE listing SET gone_at = ? WHERE album = ? AND seen <> ? AND gone_at IS NULL')
  const count = db.prepare("SELECT count(*) AS n FROM listing WHERE album = ? AND component = '' AND gone_at IS NULL")
  const countSeen = db.prepare(
    "SELECT count(*) AS n FROM listing WHERE album = ? AND component = '' AND seen = ? AND gone_at IS NULL",
  )
  const componentsOf = db.prepare(
    "SELECT * FROM listing WHERE album = ? AND image = ? AND component > '' AND (gone_at IS NULL OR gone_at >= ?) ORDER BY component",
  )
  const keepComponents = db.prepare(
    "UPDATE listing SET seen = ?, gone_at = NULL WHERE album = ? AND image = ? AND component > 'raw' AND (gone_at IS NULL OR gone_at >= ?)",
  )
  const gone = sliced(db, {
    table: 'listing',
    where: 'gone_at IS NOT NULL',
    by: ['album', 'position', 'image', 'component'],
  })
  const goneAlbum = db.prepare('UPDATE listing SET gone_at = ? WHERE album = ? AND gone_at IS NULL')
  const outstanding = db.prepare(
    `SELECT count(*) AS images, coalesce(sum(l.size), 0) AS bytes FROM listing l
     LEFT JOIN delivery d ON d.exporter = ? AND d.album = l.album AND d.image = l.image AND d.component = l.component AND d.pending = 0 AND d.synced = 1
     WHERE l.album = ? AND l.gone_at IS NULL AND (d.image IS NULL OR CASE WHEN l.md5 IS NULL THEN l.serial <> d.serial ELSE l.md5 <> d.md5 END)`,
  )
  const absent = db.prepare(
    `SELECT l.image, l.component FROM listing l LEFT JOIN delivery d ON d.exporter = ? AND d.album = l.album AND d.image = l.image AND d.component = l.component AND d.pending = 0 AND d.synced = 1
     WHERE l.album = ? AND l.gone_at IS NULL AND d.image IS NULL ORDER BY l.position, l.image, l.component`,
  )
  const goneDelivered = db.prepare(
    "SELECT count(*) AS n FROM listing l WHERE l.gone_at IS NOT NULL AND l.component = '' AND EXISTS (SELECT 1 FROM delivery d WHERE d.album = l.album AND d.image = l.image AND d.component = l.component AND d.pending = 0 AND d.synced = 1)",
  )
  const forget = db.prepare('DELETE FROM listing WHERE album = ? AND image = ? AND component = ?')
  const albumsOf = db.prepare('SELECT DISTINCT album FROM listing WHERE image = ? AND gone_at IS NULL ORDER BY album')
  return {
    /** Stores a row from a listing of run `seen`; keeps the given name as long as the wanted one is the same. */
    put(row: Omit<ListingRow, 'name' | 'goneAt'>, seen: number): void {
      const known = row.source.kind === 'none' ? undefined : row.source
      upsert.run(
        row.album,
        row.image,
        row.component,
        row.position,
        row.serial,
        row.wantedName,
        JSON.stringify(row.source),
        orNull(known?.size),
        orNull(known?.md5),
        JSON.stringify(row.record),
        seen,
      )
    },
    get({ album, image, component = '' }: FileKey): ListingRow | undefined {
      const row = one.get(album, image, component)
      return row && fromRow(row)
    },
    /** The album's images that are on SmugMug, in its order; a few in memory at a time (`sliced`). */
    *inOrder(album: string): Generator<ListingRow> {
      for (const row of inOrder(album)) yield fromRow(row)
    },
    /** Wanted and given names of all images that are or were in the album. */
    names(album: string): { image: string; component: string; wantedName: string; name: string | undefined }[] {
      return names.all(album).map((row) => ({
        image: text(row, 'image'),
        component: text(row, 'component'),
        wantedName: text(row, 'wanted_name'),
        name: optionalText(row, 'name'),
      }))
    },
    setName({ album, image, component = '' }: FileKey, name: string): void {
      setName.run(name, album, image, component)
    },
    /** The files that SmugMug keeps with an image, as last listed. Includes those marked gone `since` then, which is not certain. */
    componentsOf(album: string, image: string, since: number): ListingRow[] {
      return componentsOf.all(album, image, since).map(fromRow)
    },
    /** Marks the known files kept with an image as seen by run `seen`, which got no answer about them; not placeholders for such files (`raw`). */
    keepComponents(album: string, image: string, { seen, since }: { seen: number; since: number }): void {
      keepComponents.run(seen, album, image, since)
    },
    /** After a complete listing by run `seen`, marks as gone what it did not see. Returns the number newly marked. */
    markUnseenGone(album: string, seen: number, at: number): number {
      return Number(unseen.run(at, album, seen).changes)
    },
    markAlbumGone(album: string, at: number): void {
      goneAlbum.run(at, album)
    },
    /** Number of images; files kept with an image are not counted. */
    count(album: string): number {
      return integer(count.get(album) ?? {}, 'n')
    },
    /** Number of the album's images that a listing of run `seen` has seen so far. */
    countSeen(album: string, seen: number): number {
      return integer(countSeen.get(album, seen) ?? {}, 'n')
    },
    /** All that was once listed and is gone from SmugMug; a few in memory at a time (`sliced`). */
    *gone(): Generator<ListingRow> {
      for (const row of gone()) yield fromRow(row)
    },
    /** Number of items that an exporter does not have, or has only in an older version, and their bytes as far as known. */
    outstanding(exporter: string, album: string): { images: number; bytes: number } {
      const row = outstanding.get(exporter, album) ?? {}
      return { images: integer(row, 'images'), bytes: integer(row, 'bytes') }
    },
    /** Images on SmugMug for which an exporter has no durable delivery. */
    absent(exporter: string, album: string): Required<Omit<FileKey, 'album'>>[] {
      return absent
        .all(exporter, album)
        .map((row) => ({ image: text(row, 'image'), component: text(row, 'component') }))
    },
    /** Number of images that are at home and no longer on SmugMug. */
    countGoneKept(): number {
      return integer(goneDelivered.get() ?? {}, 'n')
    },
    albumsOf(image: string): string[] {
      return albumsOf.all(image).map((row) => text(row, 'album'))
    },
    forget({ album, image, component = '' }: FileKey): void {
      forget.run(album, image, component)
    },
  }
}

function fromRow(row: Row): ListingRow {
  return {
    album: text(row, 'album'),
    image: text(row, 'image'),
    component: text(row, 'component'),
    position: integer(row, 'position'),
    serial: integer(row, 'serial'),
    wantedName: text(row, 'wanted_name'),
    name: optionalText(row, 'name'),
    source: json(row, 'source'),
    record: json(row, 'record'),
    goneAt: optionalInteger(row, 'gone_at'),
  }
}
