import type { AccountAlbum } from '../app/albums.ts'
import type { RunRecord } from '../engine/events.ts'
import type { Choice } from '../engine/run/plan.ts'
import type { Access } from '../smugmug/api/access.ts'

// What commands write with --json where nothing inside has the same shape. `json.md` is made from these types, those of events and summaries.

/** An album of `smugdl albums`. */
export interface AlbumLine {
  albumKey: string
  /** `folder/…/album` in display names. */
  album: string
  /** The same, name by name: a name may hold a slash. */
  names: readonly string[]
  /** As SmugMug announces them. */
  images?: number | undefined
  bytes?: number | undefined
  /** Absent where SmugMug does not say. */
  privacy?: 'public' | 'unlisted' | 'private' | undefined
  password?: AccountAlbum['password']
  /** Of its page. */
  webUri?: string | undefined
}

/** A run of `smugdl runs`. */
export interface RunLine {
  run: number
  startedAt: number
  /** Absent while it is under way, and for ever when it was killed. */
  endedAt?: number | undefined
  ended: 'finished' | 'interrupted' | 'stopped' | 'failed' | 'killed' | 'under way'
  /** Absent while it is under way, and when it was killed. */
  exitCode?: number | undefined
  /** Of smugdl. */
  version: string
  /** As far as it came; its `error` is what ended it early. */
  summary?: RunRecord | undefined
}

/** What `smugdl status` found. */
export interface StatusLine {
  type: 'status'
  /** There was a complete run, within `--max-age` if that is given, and no damage is known. */
  ok: boolean
  /** `choice`: the part of the account that this home is for, where that is not all of it. */
  lastComplete?: { run: number; endedAt?: number | undefined; files: number; choice?: Choice }
  /** Runs since then that did not bring everything home, newest first. */
  failedSince: { run: number; startedAt: number; ended: string; exitCode?: number | undefined; reason: string }[]
  /** What failed before the last complete run, which did not choose it, and is still not safe. */
  stillFailing?: number
  /** Files that `verify` found missing or damaged, and nothing has mended since, as far as is known. */
  damage?: { foundAt: string; files: number }
  /** How far a run is that goes on now. */
  underWay?: { since?: string | undefined; files: number; announced: number }
}

/** What `smugdl doctor` found. */
export interface DoctorLine {
  type: 'doctor'
  /** Nothing failed. */
  ok: boolean
  /** Of smugdl. */
  version: string
  commit: string
  /** Of the Node inside. */
  node: string
  platform: string
  arch: string
  checks: readonly { check: string; state: 'ok' | 'warn' | 'fail'; says: string; next?: string | undefined }[]
}

/** What `smugdl whoami` found. */
export interface WhoamiLine {
  nickName: string
  name: string
  webUri: string
  /** What the login may see. */
  access: Access
  imageCount?: number | undefined
  /** Of the API. */
  origin: string
  /** Whence the login comes: the environment, or this file. */
  credentials: string
}

/** The last line of a command that ended with an error. */
export interface ErrorLine {
  type: 'error'
  kind: 'usage' | 'auth' | 'destination' | 'unreachable' | 'item' | 'cancelled' | 'stopped' | 'bug'
  /** What smugdl exits with. */
  code: number
  what: string
  item?: string | undefined
  /** What to do. */
  next?: string | undefined
}
