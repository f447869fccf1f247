import type { DatabaseSync } from 'node:sqlite'
import { SmugdlError } from '../error.ts'

/** Marks the file as ours (`PRAGMA application_id`): "smdl". */
const applicationId = 0x736d646c

/**
 * Step n takes a catalog from version n to n + 1. A step that was released is never edited: what changes is a new step.
 * Times are milliseconds since 1970, sizes bytes, `raw` and `record` JSON as SmugMug sent it less its secrets.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE account (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    root TEXT NOT NULL,              -- NodeID of the root folder: the identity that a new nickname does not change
    nickname TEXT NOT NULL,
    name TEXT NOT NULL,
    raw TEXT NOT NULL,
    tree_walked_at INTEGER
  ) STRICT;

  CREATE TABLE folder (
    id TEXT PRIMARY KEY,             -- NodeID
    parent TEXT,                     -- NULL for those at the root
    name TEXT NOT NULL,
    url_name TEXT NOT NULL,
    url_path TEXT NOT NULL,
    directory_name TEXT NOT NULL,    -- on disk; a name once given stays
    raw TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE album (
    key TEXT PRIMARY KEY,
    node_id TEXT,
    folder TEXT,                     -- NULL at the root
    name TEXT NOT NULL,
    url_path TEXT NOT NULL,
    directory_name TEXT NOT NULL,
    image_count INTEGER,             -- what SmugMug announces, as are the two times
    last_updated TEXT,
    images_last_updated TEXT,
    raw TEXT NOT NULL,
    gone_at INTEGER,                 -- first seen missing on SmugMug
    listed_at INTEGER,               -- last listing that was complete; what SmugMug announced then:
    listed_image_count INTEGER,
    listed_last_updated TEXT,
    listed_images_last_updated TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE listing (             -- an image in an album, as last listed
    album TEXT NOT NULL,
    image TEXT NOT NULL,
    position INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    wanted_name TEXT NOT NULL,       -- before clashes are resolved
    name TEXT,                       -- on disk; NULL until the album has been listed whole once
    source TEXT NOT NULL,            -- JSON: where the bytes are and what SmugMug says of them, or why there are none
    size INTEGER,                    -- what SmugMug says of the bytes
    md5 TEXT,
    record TEXT NOT NULL,
    seen INTEGER NOT NULL,           -- the last run that saw it
    gone_at INTEGER,
    PRIMARY KEY (album, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX listing_order ON listing (album, position);
  CREATE INDEX listing_image ON listing (image);

  CREATE TABLE delivery (
    exporter TEXT NOT NULL,
    album TEXT NOT NULL,
    image TEXT NOT NULL,
    serial INTEGER NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,           -- of the bytes that were delivered, as are the hashes
    md5 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    described TEXT NOT NULL,         -- digest of all that the exporter was told beside the bytes
    pending INTEGER NOT NULL,        -- 1 until the exporter says that it is durable
    path TEXT,                       -- NULL when the exporter had nothing to show
    proof TEXT NOT NULL,             -- JSON: the delivery as the exporter returned it
    delivered_at INTEGER NOT NULL,
    verified_at INTEGER NOT NULL,    -- when every byte was last compared
    PRIMARY KEY (exporter, album, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_image ON delivery (image);
  CREATE INDEX delivery_album ON delivery (album);
  CREATE INDEX delivery_md5 ON delivery (md5, size);
  CREATE INDEX delivery_path ON delivery (exporter, path);

  CREATE TABLE complete (            -- every image of the album has had its turn with this exporter and none is left to do
    exporter TEXT NOT NULL,
    album TEXT NOT NULL,
    described TEXT NOT NULL,         -- digest of what the exporter was told of the album, and of its options
    PRIMARY KEY (exporter, album)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE failure (             -- what is not safe and why; exporter '' when no exporter had it, image '' for an album
    album TEXT NOT NULL,
    image TEXT NOT NULL,
    exporter TEXT NOT NULL,
    reason TEXT NOT NULL,
    next TEXT,
    heals INTEGER NOT NULL,          -- 0: asking again will hardly help, so it is asked at growing intervals
    attempts INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (album, image, exporter)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accepted (            -- deliberate exclusions
    key TEXT PRIMARY KEY,            -- of an image or an album
    reason TEXT NOT NULL,
    accepted_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE state (
    exporter TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (exporter, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended TEXT,                      -- finished, interrupted, failed; NULL while it runs or when it was killed
    version TEXT NOT NULL,
    summary TEXT                     -- JSON
  ) STRICT;

  CREATE TABLE run_failure (
    run INTEGER NOT NULL,
    number INTEGER NOT NULL,
    failure TEXT NOT NULL,           -- JSON
    PRIMARY KEY (run, number)
  ) STRICT, WITHOUT ROWID;
  `,
]

/** Brings an open database to this program's version, in one transaction. Throws `destination` for a newer file or one that is not a catalog. */
export function migrate(db: DatabaseSync, path: string, available = steps): void {
  const found = number(db, 'user_version')
  const application = number(db, 'application_id')
  const isEmpty = found === 0 && db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n === 0
  if (!isEmpty && application !== applicationId) {
    throw new SmugdlError('destination', {
      what: 'This file is not a catalog of smugdl',
      item: path,
      next: 'Choose another output folder, or move the file away if you know what it is',
    })
  }
  if (found > available.length) {
    throw new SmugdlError('destination', {
      what: `The catalog was written by a newer smugdl (format ${found}, this one knows ${available.length})`,
      item: path,
      next: 'Update smugdl; nothing was changed',
    })
  }
  if (found === available.length) return
  db.exec('BEGIN IMMEDIATE')
  for (const step of available.slice(found)) db.exec(step)
  db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${available.length}; COMMIT`)
}

function number(db: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma])
}
