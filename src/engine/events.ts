import type { ErrorKind } from '../error.ts'
import type { Counts } from '../exporter/types.ts'
import type { Choice } from './run/plan.ts'

/** An item that is not safe at the end of a run: what it is, why, and what the user can do. */
export interface FailedItem {
  /** `folder/…/album/file name` in display names; an album's path when the album itself failed. */
  item: string
  albumKey?: string
  imageKey?: string
  /** Absent when it failed before any exporter had it. */
  exporter?: string
  reason: string
  next?: string
  /** Runs that asked for this image and failed, this one included. */
  attempts?: number
  /** An earlier run that came to its end named it, too. */
  again?: true
  /** When that run began, where it is remembered. */
  namedAt?: number
}

/** Counts of the whole run; times in milliseconds since 1970, sizes in bytes. */
export interface RunSummary {
  /** Looked at a part of the account only (`retry`, `adopt`, a repair): says nothing of the rest. */
  partial?: true
  /** The part of the account that was asked for (`--album`, `--exclude`, `--since` and so on); absent where that was all of it. */
  choice?: Choice
  startedAt: number
  endedAt: number
  dryRun: boolean
  /** By exporter name, in the order they were chosen. */
  exporters: Record<string, Counts>
  /** Fetched in this run, each file once however many exporters had it. */
  downloaded: { files: number; bytes: number }
  /** Files that stood where they belong though nothing was on record of them, as after the loss of the catalog: not fetched. */
  recognised?: number
  /** Of a dry run: the first twenty places that pictures would get, or move to, as their exporters say. */
  paths?: string[]
  /** Safe, but not the untouched upload. */
  transcodes: number
  renditions: number
  /** By exporter: files that it made of the pictures, with other bytes than theirs. They prove nothing. */
  made?: Record<string, number>
  /** By exporter that keeps nothing: pictures that it was given, in this run or earlier. */
  unkept?: Record<string, number>
  /** By exporter that keeps its pictures elsewhere: where, in its own words (`s3://bucket/prefix`). */
  addresses?: Record<string, string>
  /**
   * RAW files and what else SmugMug keeps with pictures: of each exporter's counts those that are such files; and pictures whose files SmugMug does not
   * give to this key, or that were left out (`--raw never`). Absent where there are none.
   */
  raw?: { exporters: Record<string, Counts>; notGiven: number; leftOut: number }
  /** Files beside pictures with what SmugMug knows of them: ours, those of them that this run wrote, and those that users wrote or changed. */
  sidecars?: { atHome: number; written: number; yours: number }
  /** Files at home that the user changed: kept, without their originals, and such beside which the originals were put in this run. */
  edited?: { kept: number; restored: number }
  /** Still processing on SmugMug; among the failed. */
  processing: number
  apiRequests: number
  retries: number
  albums: { listed: number; trusted: number; excluded: number }
  /** When the oldest listing was read that this run trusted. */
  oldestTrustAt?: number
  /** At home, no longer on SmugMug; nothing was removed unless the user asked. */
  gone: number
  /** Moved to the trash because the user asked for a mirror; in a dry run, what would be. */
  removed?: number
  /** Deliberate exclusions by `smugdl accept`; among the skipped. */
  accepted: number
  /** Pictures that were not asked for (`PictureChoice`), of albums that were; among the skipped. */
  leftOut?: number
  /** `listed` is less than what the account announces (`User.ImageCount`, known to drift). */
  announced?: number
  /** Files that `verify` found damaged and nothing has repaired since: a run looks at size and time, and does not see it. */
  damaged?: number
  /** No exporter of this run wanted bytes; this many files are at home by another. */
  listedOnly?: { filesAtHome: number }
  /** Exporters of this run that get the listing and no bytes: what they have of a picture is no copy. */
  withoutBytes?: readonly string[]
  failed: FailedItem[]
  /** More failed than are listed in `failed`. */
  failedInAll: number
  /** Of those: how many an earlier run named, too. */
  failedAgain?: number
  /** When the first of those runs began. */
  failedFirstAt?: number
  notices: string[]
}

export interface RunStop {
  /** Interrupted by the user, stopped as its time was over, or ended by an error. */
  ended: 'interrupted' | 'stopped' | 'failed'
  /** What is at home, from whichever run. */
  home: { files: number; bytes: number }
  /** Of how many images, as far as SmugMug announces that. */
  announced: number | undefined
  output: string
}

/** What the catalog keeps of a run: its summary, whichever way it ended, and the error that ended it. */
export type RunRecord = Partial<Omit<RunSummary, 'failed'>> & {
  error?: { kind: ErrorKind; what: string; item?: string }
}

/** All that the engine says while it runs. Renderers and tests read this and nothing else. */
export type RunEvent =
  | {
      type: 'run.started'
      account: { nickName: string; name: string }
      output: string
      exporters: string[]
      dryRun: boolean
      /** No run has brought anything there before. */
      newHome: boolean
    }
  | { type: 'walk.finished'; albums: number; folders: number; announcedImages: number | undefined }
  /** What there is to do, for progress only: images that the chosen albums announce, and what of the whole account is at home already, if all of it is chosen. */
  | { type: 'albums.chosen'; albums: number; images: number; atHome: { files: number; bytes: number } }
  | { type: 'album.started'; albumKey: string; album: string }
  /** The album is known: from SmugMug, or from the catalog when `trusted`. `bytes` are those still to be fetched, as far as known. */
  | {
      type: 'album.planned'
      albumKey: string
      album: string
      trusted: boolean
      images: number
      toFetch: number
      bytes: number
    }
  | { type: 'album.finished'; albumKey: string; album: string }
  | { type: 'image.started'; albumKey: string; imageKey: string; item: string; bytes: number | undefined }
  /** Bytes that just arrived; for progress only. */
  | { type: 'bytes'; bytes: number }
  /** Bytes that just left for where an exporter keeps its pictures; for progress only. */
  | { type: 'uploaded'; exporter: string; bytes: number }
  /** Bytes are verified and staged. */
  | { type: 'image.fetched'; albumKey: string; imageKey: string; item: string; bytes: number }
  | {
      type: 'image.finished'
      albumKey: string
      imageKey: string
      item: string
      exporter: string
      outcome: 'new' | 'updated' | 'unchanged' | 'skipped'
      bytes: number
      /** Relative to the exporter's output, when it said where. */
      path?: string
      /** The file there is as the user changed and keeps it. */
      edited?: true
    }
  | ({ type: 'image.failed' } & FailedItem)
  /** Something the user should read once; also in the summary. */
  | { type: 'notice'; text: string }
  /** Detail for `-v` and the log file. */
  | { type: 'detail'; text: string }
  | { type: 'retry'; item: string; reason: string; attempt: number; delayMs: number }
  /** No API request goes out before then. */
  | { type: 'rateLimited'; until: number }
  | { type: 'rateLimit'; remaining: number; resetAt: number }
  | { type: 'run.finished'; summary: RunSummary }
  /** In place of `run.finished`: what a run had done when it ended early. An error says why. */
  | ({ type: 'run.stopped'; summary: RunSummary } & RunStop)
