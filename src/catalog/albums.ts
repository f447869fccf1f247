import type { Statements } from './connection.ts'
import { integer, type JsonRecord, json, optionalInteger, optionalText, orNull, type Row, text } from './row.ts'
import { sliced } from './rows-in-slices.ts'

/** What SmugMug announces about an album: the facts that decide whether it is listed again. */
interface AlbumFacts {
  imageCount: number | undefined
  lastUpdated: string | undefined
  imagesLastUpdated: string | undefined
}

export interface AlbumRow extends AlbumFacts {
  key: string
  nodeId: string | undefined
  /** NodeID of the folder around it; undefined at the root. */
  folder: string | undefined
  name: string
  urlPath: string
  /** Its name on disk, given once. */
  directoryName: string
  raw: JsonRecord
  /** When a run first missed it on SmugMug. */
  goneAt: number | undefined
  /** Number of announced images that the last listing read to its end did not contain. */
  short: number
  /** The last complete listing, and what SmugMug announced then. */
  listed: (AlbumFacts & { at: number }) | undefined
}

export function albumTable(db: Statements) {
  const inOrder = sliced(db, { table: 'album', where: 'true', by: ['url_path', 'key'] })
  const selectOne = db.prepare('SELECT * FROM album WHERE key = ?')
  const selectKeys = db.prepare('SELECT key FROM album WHERE gone_at IS NULL ORDER BY url_path, key')
  const upsert = db.prepare(
    `INSERT INTO album (key, node_id, folder, name, url_path, directory_name, image_count, last_updated, images_last_updated, raw, gone_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
     ON CONFLICT DO UPDATE SET node_id = excluded.node_id, folder = excluded.folder, name = excluded.name, url_path = excluded.url_path,
       directory_name = excluded.directory_name, image_count = excluded.image_count, last_updated = excluded.last_updated,
       images_last_updated = excluded.images_last_updated, raw = excluded.raw, gone_at = NULL`,
  )
  const gone = db.prepare('UPDATE album SET gone_at = ? WHERE key = ? AND gone_at IS NULL')
  const listed = db.prepare(
    'UPDATE album SET listed_at = ?, listed_image_count = image_count, listed_last_updated = last_updated, listed_images_last_updated = images_last_updated, short = ? WHERE key = ?',
  )
  const unlisted = db.prepare('UPDATE album SET listed_at = NULL, short = ? WHERE key = ?')
  const forget = db.prepare('DELETE FROM album WHERE key = ?')
  return {
    /** All, those gone from SmugMug included; a few in memory at a time (`sliced`). */
    *all(): Generator<AlbumRow> {
      for (const row of inOrder()) yield fromRow(row)
    },
    /** Of albums that are on SmugMug. */
    keys(): string[] {
      return selectKeys.all().map((row) => text(row, 'key'))
    },
    get(key: string): AlbumRow | undefined {
      const row = selectOne.get(key)
      return row && fromRow(row)
    },
    /** Stores an album as the walk saw it on SmugMug. Leaves `listed` as it is. */
    put(a: Omit<AlbumRow, 'goneAt' | 'listed' | 'short'>): void {
      upsert.run(
        a.key,
        orNull(a.nodeId),
        orNull(a.folder),
        a.name,
        a.urlPath,
        a.directoryName,
        orNull(a.imageCount),
        orNull(a.lastUpdated),
        orNull(a.imagesLastUpdated),
        JSON.stringify(a.raw),
      )
    },
    markGone(key: string, at: number): void {
      gone.run(at, key)
    },
    /** Marks the listing as complete for what SmugMug announces now. */
    markListed(key: string, at: number, short = 0): void {
      listed.run(at, short, key)
    },
    /** Makes the next run list the album again, whatever its times. */
    distrust(key: string, short = 0): void {
      unlisted.run(short, key)
    },
    forget(key: string): void {
      forget.run(key)
    },
  }
}

function fromRow(row: Row): AlbumRow {
  const listedAt = optionalInteger(row, 'listed_at')
  return {
    key: text(row, 'key'),
    nodeId: optionalText(row, 'node_id'),
    folder: optionalText(row, 'folder'),
    name: text(row, 'name'),
    urlPath: text(row, 'url_path'),
    directoryName: text(row, 'directory_name'),
    imageCount: optionalInteger(row, 'image_count'),
    lastUpdated: optionalText(row, 'last_updated'),
    imagesLastUpdated: optionalText(row, 'images_last_updated'),
    raw: json(row, 'raw'),
    goneAt: optionalInteger(row, 'gone_at'),
    short: integer(row, 'short'),
    listed:
      listedAt === undefined
        ? undefined
        : {
            at: listedAt,
            imageCount: optionalInteger(row, 'listed_image_count'),
            lastUpdated: optionalText(row, 'listed_last_updated'),
            imagesLastUpdated: optionalText(row, 'listed_images_last_updated'),
          },
  }
}
