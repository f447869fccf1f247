import { SmugdlError } from '../error.ts'
import type { Connection } from './connection.ts'

/** Marks the file as ours (`PRAGMA application_id`): "smdl". */
const applicationId = 0x736d646c

/**
 * Step n takes a catalog from version n to n + 1. A released step is never edited; a change is a new step.
 * Times are milliseconds since 1970, sizes bytes, `raw` and `record` JSON as SmugMug sent it, without secrets.
 *
 * WITHOUT ROWID only where rows are small: such a table keeps at most a quarter of a page per row in its tree and the rest on pages of its
 * own. Measured with 100,000 listings of 1.6 KB: 473 MB against 212 MB, inserting 6.0 s against 3.5 s of processor time, reading all in
 * order 3.7 s against 0.4 s; deliveries of 0.5 KB: 71 MB against 64 MB. Other page sizes gained nothing.
 */
export const steps: readonly string[] = [
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
  ) STRICT;

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
  ) STRICT;
  CREATE INDEX album_order ON album (url_path, key);

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
  ) STRICT;
  CREATE INDEX listing_order ON listing (album, position, image) WHERE gone_at IS NULL;
  CREATE INDEX listing_gone ON listing (album, position, image) WHERE gone_at IS NOT NULL;
  CREATE INDEX listing_image ON listing (image, album) WHERE gone_at IS NULL;

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
    described TEXT NOT NULL,         -- digest of all that the exporter was given beside the bytes
    pending INTEGER NOT NULL,        -- 1 until the exporter says that it is durable
    path TEXT NOT NULL,              -- '' when the exporter had nothing to show
    proof TEXT NOT NULL,             -- JSON: the delivery as the exporter returned it
    delivered_at INTEGER NOT NULL,
    verified_at INTEGER NOT NULL,    -- when every byte was last compared
    PRIMARY KEY (exporter, album, image)
  ) STRICT;
  CREATE INDEX delivery_image ON delivery (image, album);
  CREATE INDEX delivery_md5 ON delivery (md5, size);
  CREATE INDEX delivery_pending ON delivery (album, image) WHERE pending = 1;
  CREATE INDEX delivery_path ON delivery (exporter, path, album, image);

  CREATE TABLE complete (            -- every image of the album has had its turn with this exporter and none is left to do
    exporter TEXT NOT NULL,
    album TEXT NOT NULL,
    described TEXT NOT NULL,         -- digest of the album as the exporter got it, and of its options
    PRIMARY KEY (album, exporter)
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
  `
  ALTER TABLE album ADD COLUMN short INTEGER NOT NULL DEFAULT 0; -- images that the last listing had fewer than SmugMug announced
  ALTER TABLE accepted ADD COLUMN short INTEGER;                 -- of an album: how many may be missing; NULL: whatever fails of it
  `,
  `
  CREATE TABLE listing_2 (             -- an image in an album, as last listed
    album TEXT NOT NULL,
    image TEXT NOT NULL,
    component TEXT NOT NULL,         -- '' for the image itself, else what SmugMug keeps with it (a RAW file)
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
    PRIMARY KEY (album, image, component)
  ) STRICT;
  INSERT INTO listing_2 SELECT album, image, '', position, serial, wanted_name, name, source, size, md5, record, seen, gone_at FROM listing;
  DROP TABLE listing;
  ALTER TABLE listing_2 RENAME TO listing;
  CREATE INDEX listing_order ON listing (album, position, image, component) WHERE gone_at IS NULL;
  CREATE INDEX listing_gone ON listing (album, position, image, component) WHERE gone_at IS NOT NULL;
  CREATE INDEX listing_image ON listing (image, album) WHERE gone_at IS NULL;

  CREATE TABLE delivery_2 (
    exporter TEXT NOT NULL,
    album TEXT NOT NULL,
    image TEXT NOT NULL,
    component TEXT NOT NULL,         -- '' for the image itself, else what SmugMug keeps with it (a RAW file)
    serial INTEGER NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,           -- of the bytes that were delivered, as are the hashes
    md5 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    described TEXT NOT NULL,         -- digest of all that the exporter was given beside the bytes
    pending INTEGER NOT NULL,        -- 1 until the exporter says that it is durable
    path TEXT NOT NULL,              -- '' when the exporter had nothing to show
    proof TEXT NOT NULL,             -- JSON: the delivery as the exporter returned it
    delivered_at INTEGER NOT NULL,
    verified_at INTEGER NOT NULL,    -- when every byte was last compared
    synced INTEGER NOT NULL          -- 0 until the folder that holds its name is on the disk; the earlier delivery stays beside it until then
  ) STRICT;
  INSERT INTO delivery_2 SELECT exporter, album, image, '', serial, kind, size, md5, sha256, content_type, described, pending, path, proof, delivered_at, verified_at, 1 FROM delivery;
  DROP TABLE delivery;
  ALTER TABLE delivery_2 RENAME TO delivery;
  -- All but one are of what is synced: an unsynced row is a transaction of its own, and touches two pages instead of seven.
  CREATE UNIQUE INDEX delivery_key ON delivery (exporter, album, image, component) WHERE synced = 1;
  CREATE UNIQUE INDEX delivery_unsynced ON delivery (image, component, album, exporter) WHERE synced = 0;
  CREATE INDEX delivery_image ON delivery (image, component, album) WHERE synced = 1;
  CREATE INDEX delivery_md5 ON delivery (md5, size) WHERE synced = 1;
  CREATE INDEX delivery_pending ON delivery (album, image, component) WHERE synced = 1 AND pending = 1;
  CREATE INDEX delivery_path ON delivery (exporter, path, album, image, component) WHERE synced = 1;

  CREATE TABLE failure_2 (             -- what is not safe and why; exporter '' when no exporter had it, image '' for an album
    album TEXT NOT NULL,
    image TEXT NOT NULL,
    component TEXT NOT NULL,         -- '' for the image itself, else what SmugMug keeps with it (a RAW file)
    exporter TEXT NOT NULL,
    reason TEXT NOT NULL,
    next TEXT,
    heals INTEGER NOT NULL,          -- 0: asking again will hardly help, so it is asked at growing intervals
    attempts INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (album, image, component, exporter)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO failure_2 SELECT album, image, '', exporter, reason, next, heals, attempts, failed_at, due_at FROM failure;
  DROP TABLE failure;
  ALTER TABLE failure_2 RENAME TO failure;

  DELETE FROM state WHERE exporter = 'engine:unproven'; -- where such deliveries were noted before
  `,
  `
  ALTER TABLE failure ADD COLUMN named_in INTEGER; -- the first run that told of it, NULL for none
  UPDATE failure SET named_in = 0;
  `,
]

/**
 * The version of the catalog in an open file, 0 for an empty one; reads only. Throws `destination` for a newer version and for a file that
 * is not a catalog.
 */
export function versionOf(db: Connection, known = steps.length): number {
  const version = number(db, 'PRAGMA user_version')
  const application = number(db, 'PRAGMA application_id')
  if (application !== applicationId) {
    if (application === 0 && version === 0 && number(db, 'SELECT count(*) FROM sqlite_schema') === 0) return 0
    throw new SmugdlError('destination', {
      what: 'This file is not a catalog of smugdl',
      item: db.path,
      next: 'Choose another output folder, or move the file away if you know what it is',
    })
  }
  if (version > known) {
    throw new SmugdlError('destination', {
      what: `The catalog was written by a newer smugdl (version ${version}, this one knows ${known})`,
      item: db.path,
      next: 'Update smugdl; nothing was changed',
    })
  }
  return version
}

/** Brings an open catalog to this program's version: all steps or none. */
export function migrate(db: Connection, available = steps): void {
  const version = versionOf(db, available.length)
  if (version === available.length) return
  db.transaction(() => {
    for (const step of available.slice(version)) db.exec(step)
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${available.length}`)
  })
}

function number(db: Connection, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0])
}
