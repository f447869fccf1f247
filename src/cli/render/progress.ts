import type { RunEvent } from '../../engine/events.ts'
import { rate } from './rate.ts'

/** What has happened so far, added up: all that the block and the lines show. Sizes in bytes, times in milliseconds. */
export interface Progress {
  albums: { current: string[]; finished: number; total: number | undefined }
  /** `home`: at home by now, from whichever run, of `planned`. */
  files: { home: number; planned: number; failed: number; perSecond: number }
  /** Of what this run fetches. */
  bytes: { done: number; planned: number; perSecond: number }
  /** To where exporters keep pictures elsewhere. */
  uploaded: { bytes: number; perSecond: number }
  /** Images listed so far, those included that are already at home. */
  listed: number
  /** Some albums are still to be listed: what they hold is what they announce, less what is at home. */
  estimated: boolean
  /** Of all that is to be home, 0 to 1, never less than before; undefined until it can be known. */
  fraction: number | undefined
  /** Undefined in the first seconds, and while SmugMug asks for a pause. */
  msLeft: number | undefined
  active: { item: string; bytes: number | undefined }[]
  /** No API request goes out before then. */
  pausedUntil: number | undefined
  /** Only while few requests remain. */
  allowance: { remaining: number; resetAt: number } | undefined
  waiting: { item: string; reason: string; attempt: number; until: number }[]
}

/** So few requests left in SmugMug's window (its size is not published) that a pause is near. */
const FEW_REQUESTS = 100
/** What the first seconds say about the speed is not worth a forecast. */
const FORECAST_AFTER_MS = 3_000

export function trackProgress(now: () => number): { on(event: RunEvent): void; progress(): Progress } {
  const fileRate = rate(now)
  const byteRate = rate(now)
  const uploadRate = rate(now)
  const albums = new Map<string, string>()
  const active = new Map<string, { item: string; bytes: number | undefined }>()
  const waiting = new Map<string, { item: string; reason: string; attempt: number; until: number }>()
  const planned = { albums: 0, images: 0, files: 0, bytes: 0 }
  let albumsInAll: number | undefined
  let announcedImages: number | undefined
  let atHome = { files: 0, bytes: 0 }
  let farthest = 0
  let firstBytesAt: number | undefined
  let albumsFinished = 0
  let filesFetched = 0
  /** By item: one that two exporters could not take is one. */
  const failed = new Set<string>()
  let bytesFetched = 0
  let bytesUploaded = 0
  /** Arrived, of files that are not complete. */
  let bytesInFlight = 0
  let pausedUntil = 0
  let allowance: { remaining: number; resetAt: number } | undefined

  function on(event: RunEvent): void {
    switch (event.type) {
      case 'walk.finished':
        albumsInAll = event.albums
        announcedImages = event.announcedImages
        return
      case 'albums.chosen':
        albumsInAll = event.albums
        announcedImages = event.images
        atHome = event.atHome
        return
      case 'album.started':
        albums.set(event.albumKey, event.album)
        return
      case 'album.planned':
        planned.albums++
        planned.images += event.images
        planned.files += event.toFetch
        planned.bytes += event.bytes
        return
      case 'album.finished':
        albums.delete(event.albumKey)
        albumsFinished++
        return
      case 'image.started':
        active.set(keyOf(event), event)
        return
      case 'bytes':
        firstBytesAt ??= now()
        bytesInFlight += event.bytes
        byteRate.add(event.bytes)
        return
      case 'uploaded':
        bytesUploaded += event.bytes
        uploadRate.add(event.bytes)
        return
      case 'image.fetched':
        active.delete(keyOf(event))
        waiting.delete(event.item)
        filesFetched++
        fileRate.add(1)
        bytesFetched += event.bytes
        bytesInFlight = Math.max(0, bytesInFlight - event.bytes)
        return
      case 'image.failed':
        failed.add(event.item)
        waiting.delete(event.item)
        active.delete(keyOf(event))
        return
      case 'retry':
        waiting.set(event.item, { ...event, until: now() + event.delayMs })
        return
      case 'rateLimited':
        pausedUntil = Math.max(pausedUntil, event.until)
        return
      case 'rateLimit':
        allowance = event
        return
      case 'image.finished':
        active.delete(keyOf(event))
        return
      case 'run.started':
      case 'notice':
      case 'detail':
      case 'run.finished':
      case 'run.stopped':
        return
      default:
        event satisfies never
    }
  }

  function progress(): Progress {
    const at = now()
    for (const [item, { until }] of waiting) if (until <= at) waiting.delete(item)
    const inFlight = [...active.values()].reduce((sum, file) => sum + (file.bytes ?? 0), 0)
    // What a retry fetches again arrives twice; never show more than the files under way can hold.
    const bytesDone = bytesFetched + Math.min(bytesInFlight, inFlight)
    const allListed = albumsInAll !== undefined && planned.albums >= albumsInAll
    const estimated = !allListed && announcedImages !== undefined
    const endKnown = allListed || estimated
    const homeBefore = allListed
      ? planned.images - planned.files
      : Math.max(atHome.files, planned.images - planned.files)
    const toFetch = estimated ? Math.max(planned.files, (announcedImages ?? 0) - homeBefore) : planned.files
    const sizeOfOne = planned.files > 0 ? planned.bytes / planned.files : shareOf(atHome.bytes, atHome.files)
    const toCome = planned.bytes + (toFetch - planned.files) * sizeOfOne
    const bytes = { done: bytesDone, planned: Math.max(Math.round(toCome), bytesDone) }
    const fetched = Math.min(filesFetched, toFetch)
    const files = { home: homeBefore + fetched, planned: homeBefore + toFetch }
    const albumsDone = albumsInAll === undefined ? 0 : shareOf(albumsFinished, albumsInAll)
    const ofFetching = shareOf(bytes.done, bytes.planned) || shareOf(fetched, toFetch)
    const reached = toFetch === 0 ? albumsDone : shareOf(homeBefore + toFetch * ofFetching, files.planned)
    if (endKnown) farthest = Math.max(farthest, Math.min(1, reached))
    const isPaused = pausedUntil > at
    const isEarly = firstBytesAt === undefined || at - firstBytesAt < FORECAST_AFTER_MS
    return {
      albums: { current: [...albums.values()], finished: albumsFinished, total: albumsInAll },
      files: { ...files, failed: failed.size, perSecond: fileRate.perSecond() },
      bytes: { ...bytes, perSecond: byteRate.perSecond() },
      uploaded: { bytes: bytesUploaded, perSecond: uploadRate.perSecond() },
      listed: planned.images,
      estimated,
      fraction: endKnown ? farthest : undefined,
      msLeft:
        endKnown && !isPaused && !isEarly
          ? (byteRate.msFor(bytes.planned - bytes.done) ?? fileRate.msFor(toFetch - fetched))
          : undefined,
      active: [...active.values()],
      pausedUntil: isPaused ? pausedUntil : undefined,
      allowance:
        allowance !== undefined && allowance.remaining <= FEW_REQUESTS && allowance.resetAt > at
          ? allowance
          : undefined,
      waiting: [...waiting.values()],
    }
  }

  return { on, progress }
}

function keyOf({ albumKey, imageKey }: { albumKey?: string; imageKey?: string }): string {
  return `${albumKey}/${imageKey}`
}

/** 0 of nothing. */
function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
