import type { Statements } from './connection.ts'
import type { FileKey } from './file-key.ts'
import { innerPath, integer, type Json, json, type Row, text } from './row.ts'
import { sliced } from './rows-in-slices.ts'
import { brokenRow } from './sqlite-error.ts'

export type FileKind = 'original' | 'transcode' | 'rendition'

interface FileFacts {
  kind: FileKind
  size: number
  md5: string
  sha256: string
  contentType: string
}

/** As an exporter returned it: `path` is relative to its output, the rest is its own proof. */
interface StoredDelivery {
  readonly path: string
  readonly [proof: string]: Json | undefined
}

export interface DeliveryRow {
  exporter: string
  album: string
  image: string
  /** '' for the image itself (`FileKey`). */
  component: string
  serial: number
  /** Hash of the delivered bytes. */
  facts: FileFacts
  /** Digest of all that the exporter was given besides the bytes; if it changes, the exporter may want to move the delivery. */
  described: string
  /** Not durable until the exporter says so. */
  pending: boolean
  /** What the exporter returned; undefined if it returned nothing. */
  delivery: StoredDelivery | undefined
  deliveredAt: number
  /** When every byte was last compared; 0 where that found other bytes, or never was. */
  verifiedAt: number
}

export interface DeliveryTotals {
  files: number
  bytes: number
}

export function deliveryTable(db: Statements) {
  const upsert = db.prepare(
    `INSERT INTO delivery (exporter, album, image, component, serial, kind, size, md5, sha256, content_type, described, pending, path, proof, delivered_at, verified_at, synced)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET serial = excluded.serial, kind = excluded.kind, size = excluded.size, md5 = excluded.md5, sha256 = excluded.sha256,
       content_type = excluded.content_type, described = excluded.described, pending = excluded.pending, path = excluded.path,
       proof = excluded.proof, delivered_at = excluded.delivered_at, verified_at = excluded.verified_at`,
  )
  const one = db.prepare(
    'SELECT * FROM delivery WHERE exporter = ? AND album = ? AND image = ? AND component = ? AND synced = 1',
  )
  const ofImage = db.prepare(
    'SELECT * FROM delivery WHERE image = ? AND component = ? AND pending = 0 AND synced = 1 ORDER BY exporter, album',
  )
  const unsyncedOf = db.prepare(
    'SELECT * FROM delivery WHERE image = ? AND component = ? AND synced = 0 ORDER BY exporter, album',
  )
  const inAlbumOf = db.prepare(
    'SELECT * FROM delivery WHERE image = ? AND component = ? AND album = ? AND synced = 1 ORDER BY exporter',
  )
  const ofContent = db.prepare(
    'SELECT * FROM delivery WHERE md5 = ? AND size = ? AND pending = 0 AND synced = 1 ORDER BY exporter, album, image, component LIMIT 8',
  )
  const inAlbum = sliced(db, {
    table: 'delivery',
    where: 'album = ? AND exporter = ? AND synced = 1',
    by: ['image', 'component'],
  })
  const present = sliced(db, {
    table: 'delivery',
    where: `album = ? AND exporter = ? AND pending = 0 AND synced = 1 AND EXISTS (
      SELECT 1 FROM listing l WHERE l.album = delivery.album AND l.image = delivery.image AND l.component = delivery.component AND l.gone_at IS NULL)`,
    by: ['image', 'component'],
  })
  const unlisted = sliced(db, {
    table: 'delivery',
    where: `exporter = ? AND synced = 1 AND NOT EXISTS (
      SELECT 1 FROM listing l WHERE l.album = delivery.album AND l.image = delivery.image AND l.component = delivery.component)`,
    by: ['album', 'image', 'component'],
  })
  const everywhere = sliced(db, {
    table: 'delivery',
    where: 'exporter = ? AND synced = 1',
    by: ['path', 'album', 'image', 'component'],
  })
  const atPath = db.prepare('SELECT * FROM delivery WHERE exporter = ? AND path = ? AND synced = 1')
  const pending = db.prepare(
    'SELECT DISTINCT album, image, component FROM delivery WHERE pending = 1 AND synced = 1 ORDER BY album, image, component',
  )
  const countAt = db.prepare('SELECT count(*) AS n FROM delivery WHERE exporter = ? AND path = ? AND synced = 1')
  const verified = db.prepare(
    'UPDATE delivery SET verified_at = ? WHERE exporter = ? AND album = ? AND image = ? AND component = ? AND synced = 1',
  )
  // Replaces the previous synced one, if any.
  const synced = db.prepare(
    'UPDATE OR REPLACE delivery SET synced = 1 WHERE exporter = ? AND album = ? AND image = ? AND component = ? AND synced = 0',
  )
  const forgetUnsynced = db.prepare('DELETE FROM delivery INDEXED BY delivery_unsynced WHERE synced = 0')
  const forget = db.prepare(
    'DELETE FROM delivery WHERE exporter = ? AND album = ? AND image = ? AND component = ? AND synced = 1',
  )
  const exporters = db.prepare('SELECT DISTINCT exporter FROM delivery WHERE synced = 1 ORDER BY exporter')
  const totals = db.prepare(
    "SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM delivery WHERE exporter = ? AND pending = 0 AND synced = 1 AND sha256 <> ''",
  )
  const write = (d: DeliveryRow, isSynced: boolean): void => {
    const f = d.facts
    upsert.run(
      d.exporter,
      d.album,
      d.image,
      d.component,
      d.serial,
      f.kind,
      f.size,
      f.md5,
      f.sha256,
      f.contentType,
      d.described,
      d.pending ? 1 : 0,
      d.delivery?.path ?? '',
      JSON.stringify(d.delivery ?? null),
      d.deliveredAt,
      d.verifiedAt,
      isSynced ? 1 : 0,
    )
  }
  return {
    /** Stores a delivery that is durable or declared pending. */
    put(d: DeliveryRow): void {
      write(d, true)
    },
    /** Stores a delivery beside the durable one, if there is one; only `unsyncedOf` returns it before `markSynced`. */
    putUnsynced(d: DeliveryRow): void {
      write(d, false)
    },
    /** Marks the last delivery stored by `putUnsynced` as durable. */
    markSynced(d: FileKey & { exporter: string }): void {
      synced.run(d.exporter, d.album, d.image, d.component ?? '')
    },
    /** Deliveries of an image, by this run or a killed one, that may not be durable or may not exist at all. */
    unsyncedOf({ image, component = '' }: Omit<FileKey, 'album'>): DeliveryRow[] {
      return unsyncedOf.all(image, component).map(fromRow)
    },
    forgetUnsynced(): void {
      forgetUnsynced.run()
    },
    get(exporter: string, { album, image, component = '' }: FileKey): DeliveryRow | undefined {
      const row = one.get(exporter, album, image, component)
      return row && fromRow(row)
    },
    /** Durable deliveries of an image by any exporter, in any album. */
    ofImage({ image, component = '' }: Omit<FileKey, 'album'>): DeliveryRow[] {
      return ofImage.all(image, component).map(fromRow)
    },
    /** By all exporters, pending ones too. */
    inAlbumOf({ album, image, component = '' }: FileKey): DeliveryRow[] {
      return inAlbumOf.all(image, component, album).map(fromRow)
    },
    /** A few durable deliveries of the same bytes, whatever image they belong to. */
    ofContent(md5: string, size: number): DeliveryRow[] {
      return ofContent.all(md5, size).map(fromRow)
    },
    /** A few in memory at a time (`sliced`). */
    *inAlbum(album: string, exporter: string): Generator<DeliveryRow> {
      for (const row of inAlbum(album, exporter)) yield fromRow(row)
    },
    /** Durable ones in an album of images that are on SmugMug; a few in memory at a time (`sliced`). */
    *present(album: string, exporter: string): Generator<DeliveryRow> {
      for (const row of present(album, exporter)) yield fromRow(row)
    },
    /** Deliveries of images that were never listed, because the catalog was lost. A few in memory at a time (`sliced`). */
    *unlisted(exporter: string): Generator<DeliveryRow> {
      for (const row of unlisted(exporter)) yield fromRow(row)
    },
    /** All deliveries of an exporter, by path; those without one first. A few in memory at a time (`sliced`). */
    *of(exporter: string): Generator<DeliveryRow> {
      for (const row of everywhere(exporter)) yield fromRow(row)
    },
    atPath(exporter: string, path: string): DeliveryRow | undefined {
      const row = atPath.get(exporter, path)
      return row && fromRow(row)
    },
    /** Deliveries of all images whose file, or whose archive, is at this path. */
    allAtPath(exporter: string, path: string): DeliveryRow[] {
      return atPath.all(exporter, path).map(fromRow)
    },
    /** The pending images of all albums, which exporters have not yet declared durable. */
    pending(): Required<FileKey>[] {
      return pending
        .all()
        .map((row) => ({ album: text(row, 'album'), image: text(row, 'image'), component: text(row, 'component') }))
    },
    /** Number of images in the file at this path. */
    countAt(exporter: string, path: string): number {
      return integer(countAt.get(exporter, path) ?? {}, 'n')
    },
    markVerified(d: FileKey & { exporter: string }, at: number): void {
      verified.run(at, d.exporter, d.album, d.image, d.component ?? '')
    },
    forget(d: FileKey & { exporter: string }): void {
      forget.run(d.exporter, d.album, d.image, d.component ?? '')
    },
    /** Names of the exporters that ever delivered. */
    exporters(): string[] {
      return exporters.all().map((row) => text(row, 'exporter'))
    },
    /** Of those that have bytes. */
    totals(exporter: string): DeliveryTotals {
      const row = totals.get(exporter) ?? {}
      return { files: integer(row, 'files'), bytes: integer(row, 'bytes') }
    },
  }
}

function fromRow(row: Row): DeliveryRow {
  return {
    exporter: text(row, 'exporter'),
    album: text(row, 'album'),
    image: text(row, 'image'),
    component: text(row, 'component'),
    serial: integer(row, 'serial'),
    facts: {
      kind: text(row, 'kind') as FileKind,
      size: integer(row, 'size'),
      md5: text(row, 'md5'),
      sha256: text(row, 'sha256'),
      contentType: text(row, 'content_type'),
    },
    described: text(row, 'described'),
    pending: integer(row, 'pending') === 1,
    delivery: deliveryIn(row),
    deliveredAt: integer(row, 'delivered_at'),
    verifiedAt: integer(row, 'verified_at'),
  }
}

function deliveryIn(row: Row): StoredDelivery | undefined {
  const stored = json<StoredDelivery | null>(row, 'proof')
  if (stored === null) return undefined
  if (typeof stored.path !== 'string') throw brokenRow('a delivery without its path')
  innerPath(stored.path)
  for (const sidecar of besidesIn(stored)) innerPath(sidecar)
  return stored
}

/** The paths of the files beside it. */
function besidesIn({ beside = [] }: StoredDelivery): string[] {
  if (!Array.isArray(beside)) throw brokenRow('a delivery with something else than sidecars')
  return beside.map((sidecar) => {
    const path: unknown = Object(sidecar).path
    if (typeof path !== 'string') throw brokenRow('a sidecar without its path')
    return path
  })
}
