import type { FailedItem, RunEvent, RunSummary } from '../../engine/events.ts'
import type { Counts } from '../../exporter/types.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import type { Renderer } from './types.ts'

/**
 * What `--json` promises: one object a line, each with `type` and `time`. All times are ISO 8601 in UTC, durations in milliseconds
 * or seconds as their names say, sizes in bytes. Fields and types may be added; none changes its meaning.
 * `detail` and `rateLimit` come with `-v` only; ticks of bytes are left out.
 */
type NdjsonEvent = { time: string } & (
  | {
      type: 'run.started'
      account: { nickName: string; name: string }
      output: string
      exporters: string[]
      dryRun: boolean
      newHome: boolean
    }
  | { type: 'walk.finished'; albums: number; folders: number; announcedImages?: number }
  | { type: 'album.started' | 'album.finished'; albumKey: string; album: string }
  | {
      type: 'album.planned'
      albumKey: string
      album: string
      trusted: boolean
      images: number
      toFetch: number
      bytes: number
    }
  | { type: 'image.started'; albumKey: string; imageKey: string; item: string; bytes?: number }
  | { type: 'image.fetched'; albumKey: string; imageKey: string; item: string; bytes: number }
  | {
      type: 'image.finished'
      albumKey: string
      imageKey: string
      item: string
      exporter: string
      outcome: 'new' | 'updated' | 'unchanged' | 'skipped'
      bytes: number
      path?: string
      /** The file there is as the user changed and keeps it. */
      edited?: true
    }
  | ({ type: 'image.failed' } & NdjsonFailure)
  | { type: 'notice' | 'detail'; text: string }
  | { type: 'retry'; item: string; reason: string; attempt: number; delayMs: number }
  | { type: 'rateLimited'; until: string }
  | { type: 'rateLimit'; remaining: number; resetAt: string }
  | ({ type: 'run.finished' } & NdjsonSummary)
  /** In place of `run.finished` when the run ended early; the `error` after it says why. */
  | ({
      type: 'run.stopped'
      ended: 'interrupted' | 'failed'
      home: { files: number; bytes: number }
    } & NdjsonSummary)
)

interface NdjsonFailure {
  item: string
  albumKey?: string
  imageKey?: string
  exporter?: string
  reason: string
  next?: string
}

interface NdjsonSummary {
  startedAt: string
  endedAt: string
  seconds: number
  dryRun: boolean
  partial?: true
  /** By name, in the order chosen; `listed = new + updated + unchanged + skipped + failed` for each. */
  exporters: Record<string, NdjsonCounts>
  /** Of a dry run: the first twenty. */
  paths?: string[]
  downloaded: { files: number; bytes: number }
  transcodes: number
  renditions: number
  /** Files beside pictures with what SmugMug knows of them: ours, those of them that this run wrote, and those that users wrote or changed. */
  sidecars?: { atHome: number; written: number; yours: number }
  /** Changed by the user at home: kept without their originals, and such beside which the originals were put. */
  edited?: { kept: number; restored: number }
  processing: number
  apiRequests: number
  retries: number
  albums: { listed: number; trusted: number; excluded: number }
  oldestTrustAt?: string
  gone: number
  removed?: number
  accepted: number
  /** Not asked for: --since, --until, --type, --keyword. */
  leftOut?: number
  announced?: number
  failedInAll: number
  failed: NdjsonFailure[]
  notices: string[]
}

interface NdjsonCounts {
  listed: number
  new: number
  updated: number
  unchanged: number
  skipped: number
  failed: number
  bytes: number
}

/** For programs: the whole run on stdout, and nothing else there. */
export function ndjsonRenderer(io: Io, verbose: boolean): Renderer {
  return {
    on(event) {
      if (!verbose && (event.type === 'detail' || event.type === 'rateLimit')) return
      const line = ndjsonEvent(event, io.now())
      if (line !== undefined) io.stdout.write(jsonLine(line))
    },
    end() {},
  }
}

/** Undefined for what is left out. */
function ndjsonEvent(event: RunEvent, atMs: number): NdjsonEvent | undefined {
  const time = iso(atMs)
  switch (event.type) {
    case 'run.started': {
      const { nickName, name } = event.account
      return {
        type: event.type,
        time,
        account: { nickName, name },
        output: event.output,
        exporters: event.exporters,
        dryRun: event.dryRun,
        newHome: event.newHome,
      }
    }
    case 'walk.finished': {
      const { type, albums, folders, announcedImages } = event
      return { type, time, albums, folders, ...defined({ announcedImages }) }
    }
    case 'album.started':
    case 'album.finished':
      return { type: event.type, time, albumKey: event.albumKey, album: event.album }
    case 'album.planned': {
      const { type, albumKey, album, trusted, images, toFetch, bytes } = event
      return { type, time, albumKey, album, trusted, images, toFetch, bytes }
    }
    case 'image.started': {
      const { type, albumKey, imageKey, item, bytes } = event
      return { type, time, albumKey, imageKey, item, ...defined({ bytes }) }
    }
    case 'image.fetched': {
      const { type, albumKey, imageKey, item, bytes } = event
      return { type, time, albumKey, imageKey, item, bytes }
    }
    case 'image.finished': {
      const { type, albumKey, imageKey, item, exporter, outcome, bytes, path, edited } = event
      return { type, time, albumKey, imageKey, item, exporter, outcome, bytes, ...defined({ path, edited }) }
    }
    case 'image.failed':
      return { type: event.type, time, ...failure(event) }
    case 'notice':
    case 'detail':
      return { type: event.type, time, text: event.text }
    case 'retry': {
      const { type, item, reason, attempt, delayMs } = event
      return { type, time, item, reason, attempt, delayMs }
    }
    case 'rateLimited':
      return { type: event.type, time, until: iso(event.until) }
    case 'rateLimit':
      return { type: event.type, time, remaining: event.remaining, resetAt: iso(event.resetAt) }
    case 'run.finished':
      return { type: event.type, time, ...finished(event.summary) }
    case 'run.stopped': {
      const { type, ended, home, announced, summary } = event
      const { files, bytes } = home
      return { type, time, ended, home: { files, bytes }, ...finished(summary), ...defined({ announced }) }
    }
    case 'albums.chosen':
    case 'bytes':
    case 'uploaded':
      return undefined
    default:
      event satisfies never
      return undefined
  }
}

function finished(summary: RunSummary): NdjsonSummary {
  const { startedAt, endedAt, dryRun, exporters, downloaded, albums, oldestTrustAt, announced } = summary
  return {
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
    seconds: (endedAt - startedAt) / 1000,
    dryRun,
    ...defined({ partial: summary.partial }),
    exporters: Object.fromEntries(Object.entries(exporters).map(([name, counts]) => [name, sum(counts)])),
    ...defined({ paths: summary.paths }),
    downloaded: { files: downloaded.files, bytes: downloaded.bytes },
    transcodes: summary.transcodes,
    renditions: summary.renditions,
    ...defined({ sidecars: summary.sidecars }),
    ...defined({ edited: summary.edited }),
    processing: summary.processing,
    apiRequests: summary.apiRequests,
    retries: summary.retries,
    albums: { listed: albums.listed, trusted: albums.trusted, excluded: albums.excluded },
    ...defined({ oldestTrustAt: oldestTrustAt === undefined ? undefined : iso(oldestTrustAt) }),
    gone: summary.gone,
    accepted: summary.accepted,
    ...defined({ announced, removed: summary.removed, leftOut: summary.leftOut }),
    failedInAll: summary.failedInAll,
    failed: summary.failed.map(failure),
    notices: summary.notices,
  }
}

function sum({ listed, new: fresh, updated, unchanged, skipped, failed, bytes }: Counts): NdjsonCounts {
  return { listed, new: fresh, updated, unchanged, skipped, failed, bytes }
}

function failure({ item, albumKey, imageKey, exporter, reason, next }: FailedItem): NdjsonFailure {
  return { item, reason, ...defined({ albumKey, imageKey, exporter, next }) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/** An absent field rather than one without a value. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defined<T>
  >
}
