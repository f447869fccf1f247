import type { RunEvent, RunSummary } from '../../engine/events.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import type { Renderer } from './types.ts'

/** For progress only. */
type Silent = 'albums.chosen' | 'bytes' | 'uploaded'
type EventOf<T> = Extract<RunEvent, { type: T }>

/**
 * What `--json` promises: one object a line, each with `type`, `time` and these fields of its event, with the meaning that `RunEvent` gives
 * them. All times are ISO 8601 in UTC, durations in milliseconds or seconds as their names say, sizes in bytes. Events and fields may be added;
 * none changes its meaning, and nothing that is not named here gets out. `detail` and `rateLimit` come with `-v` only.
 */
export const promised = {
  'run.started': ['account', 'output', 'exporters', 'dryRun', 'newHome'],
  'walk.finished': ['albums', 'folders', 'announcedImages'],
  'album.started': ['albumKey', 'album'],
  'album.planned': ['albumKey', 'album', 'trusted', 'images', 'toFetch', 'bytes'],
  'album.finished': ['albumKey', 'album'],
  'image.started': ['albumKey', 'imageKey', 'item', 'bytes'],
  'image.fetched': ['albumKey', 'imageKey', 'item', 'bytes'],
  'image.finished': ['albumKey', 'imageKey', 'item', 'exporter', 'outcome', 'bytes', 'path', 'edited'],
  'image.failed': ['item', 'reason', 'albumKey', 'imageKey', 'exporter', 'next', 'again', 'namedAt'],
  notice: ['text'],
  detail: ['text'],
  retry: ['item', 'reason', 'attempt', 'delayMs'],
  rateLimited: ['until'],
  rateLimit: ['remaining', 'resetAt'],
  // And the fields of its summary.
  'run.finished': [],
  // In place of `run.finished` when the run ended early; the `error` after it says why.
  'run.stopped': ['ended', 'home', 'announced'],
} as const satisfies { [T in Exclude<RunEvent['type'], Silent>]: readonly Exclude<keyof EventOf<T>, 'type'>[] }

export const ofSummary = [
  'startedAt',
  'endedAt',
  'seconds',
  'dryRun',
  'partial',
  'choice',
  'exporters',
  'paths',
  'addresses',
  'downloaded',
  'transcodes',
  'renditions',
  'recognised',
  'sidecars',
  'edited',
  'raw',
  'processing',
  'apiRequests',
  'retries',
  'albums',
  'oldestTrustAt',
  'gone',
  'accepted',
  'announced',
  'removed',
  'leftOut',
  'failedInAll',
  'failedAgain',
  'failedFirstAt',
  'failed',
  'notices',
] as const satisfies readonly (keyof RunSummary | 'seconds')[]

/** For programs: the whole run on stdout, and nothing else there. */
export function ndjsonRenderer(io: Io, verbose: boolean): Renderer {
  return {
    on(event) {
      if (!verbose && (event.type === 'detail' || event.type === 'rateLimit')) return
      if (event.type === 'albums.chosen' || event.type === 'bytes' || event.type === 'uploaded') return
      io.stdout.write(
        jsonLine({
          type: event.type,
          time: iso(io.now()),
          ...('summary' in event && summaryFields(event.summary)),
          ...picked(event, promised[event.type]),
          // All other times are named so that `jsonLine` knows them.
          ...(event.type === 'rateLimited' && { until: iso(event.until) }),
        }),
      )
    },
    end() {},
  }
}

/** The standard input of the commands of --exec-on-success, --exec-on-failure and --exec-on-finish. */
export interface RunReport {
  type: 'run'
  exitCode: number
  ended: 'finished' | 'interrupted' | 'stopped' | 'failed'
  /** Absolute path; absent if the run did not get that far. */
  output?: string
  /** The fields that `run.finished` has of it. */
  summary?: object
  error?: { kind: string; what: string; item?: string; next?: string }
}

/** Of a summary what `run.finished` has of it. */
export function summaryFields(summary: RunSummary): object {
  const { startedAt, endedAt, failed } = summary
  const seconds = (endedAt - startedAt) / 1000
  return picked(
    { ...summary, seconds, failed: failed.map((item) => picked(item, promised['image.failed'])) },
    ofSummary,
  )
}

/** In the order of `names`. A field that has no value is absent. */
function picked(from: object, names: readonly string[]): object {
  const values = new Map(Object.entries(from))
  const there = names.filter((name) => values.get(name) !== undefined)
  return Object.fromEntries(there.map((name) => [name, values.get(name)]))
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
