import type { AccountAlbum } from '../app/albums.ts'
import type { RunRecord } from '../engine/events.ts'
import type { Choice } from '../engine/run/plan.ts'
import type { Access } from '../smugmug/api/access.ts'

// The shapes of --json output that has no equal type inside. `json.md` is generated from these types and those of events and summaries.

/** An album of `smugdl albums`. */
export interface AlbumLine {
  albumKey: string
  /** `folder/…/album` in display names. */
  album: string
  /** The same as separate names, because a name may contain a slash. */
  names: readonly string[]
  /** Number of images that SmugMug announces. */
  images?: number | undefined
  bytes?: number | undefined
  /** Absent if SmugMug does not say. */
  privacy?: 'public' | 'unlisted' | 'private' | undefined
  password?: AccountAlbum['password']
  /** Address of its page. */
  webUri?: string | undefined
}

/** A run of `smugdl runs`. */
export interface RunLine {
  run: number
  startedAt: number
  /** Absent while it is in progress, and permanently if it was killed. */
  endedAt?: number | undefined
  ended: 'finished' | 'interrupted' | 'stopped' | 'failed' | 'killed' | 'under way'
  /** Absent while it is in progress, and if it was killed. */
  exitCode?: number | undefined
  /** Of smugdl. */
  version: string
  /** The summary as far as the run got; its `error` is what ended it early. */
  summary?: RunRecord | undefined
}

/** The result of `smugdl status`. */
export interface StatusLine {
  type: 'status'
  /** Whether there was a complete run, within `--max-age` if given, and no damage is known. */
  ok: boolean
  /** `choice`: the part of the account that this home covers, if not all of it. */
  lastComplete?: { run: number; endedAt?: number | undefined; files: number; choice?: Choice }
  /** Later runs that did not download everything, newest first. */
  failedSince: { run: number; startedAt: number; ended: string; exitCode?: number | undefined; reason: string }[]
  /** Number of items that failed before the last complete run, were not chosen by it, and are still not safe. */
  stillFailing?: number
  /** Files that `verify` found missing or damaged and that are not known to be repaired. */
  damage?: { foundAt: string; files: number }
  /** Progress of a run in progress. */
  underWay?: { since?: string | undefined; files: number; announced: number }
}

/** The result of `smugdl doctor`. */
export interface DoctorLine {
  type: 'doctor'
  /** Whether no check failed. */
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

/** The result of `smugdl whoami`. */
export interface WhoamiLine {
  nickName: string
  name: string
  webUri: string
  /** What the login may see. */
  access: Access
  imageCount?: number | undefined
  /** Of the API. */
  origin: string
  /** Source of the login: the environment, or this file. */
  credentials: string
}

/** The last line of a command that ended with an error. */
export interface ErrorLine {
  type: 'error'
  kind: 'usage' | 'auth' | 'destination' | 'unreachable' | 'item' | 'cancelled' | 'stopped' | 'bug'
  /** Exit code of smugdl. */
  code: number
  what: string
  item?: string | undefined
  /** What to do. */
  next?: string | undefined
}
