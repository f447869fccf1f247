import type { RunEvent } from '../../engine/events.ts'
import { rate } from './rate.ts'

/** What has happened so far, added up: all that the block and the lines show. Sizes in bytes, times in milliseconds. */
export interface Progress {
  albums: { current: string[]; finished: number; total: number | undefined }
  files: { done: number; planned: number; failed: number; perSecond: number }
  bytes: { done: number; planned: number; perSecond: number }
  /** Images listed so far, those included that are already at home. */
  listed: number
  /** Some albums are still to be listed: `planned`, `fraction` and `msLeft` are extrapolated from what the account announces. */
  estimated: boolean
  /** 0 to 1; undefined as long as nobody can know. */
  fraction: number | undefined
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

export function trackProgress(now: () => number): { on(event: RunEvent): void; progress(): Progress } {
  const fileRate = rate(now)
  const byteRate = rate(now)
  const albums = new Map<string, string>()
  const active = new Map<string, { item: string; bytes: number | undefined }>()
  const waiting = new Map<string, { item: string; reason: string; attempt: number; until: number }>()
  const planned = { albums: 0, images: 0, files: 0, bytes: 0 }
  let albumsInAll: number | undefined
  let announcedImages: number | undefined
  let albumsFinished = 0
  let filesFetched = 0
  /** By item: one that two exporters could not take is one. */
  const failed = new Set<string>()
  let bytesFetched = 0
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
        bytesInFlight += event.bytes
        byteRate.add(event.bytes)
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
      case 'run.started':
      case 'image.finished':
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
    const estimated = !allListed && announcedImages !== undefined && planned.images > 0
    const scale = estimated ? Math.max(1, (announcedImages ?? 0) / planned.images) : 1
    const files = { done: Math.min(filesFetched, planned.files), planned: Math.round(planned.files * scale) }
    const bytes = { done: bytesDone, planned: Math.max(Math.round(planned.bytes * scale), bytesDone) }
    const bytesPerSecond = byteRate.perSecond()
    const filesPerSecond = fileRate.perSecond()
    const endKnown = allListed || estimated
    return {
      albums: { current: [...albums.values()], finished: albumsFinished, total: albumsInAll },
      files: { ...files, failed: failed.size, perSecond: filesPerSecond },
      bytes: { ...bytes, perSecond: bytesPerSecond },
      listed: planned.images,
      estimated,
      fraction: endKnown
        ? (share(bytes) ?? share(files) ?? share({ done: albumsFinished, planned: albumsInAll ?? 0 }))
        : undefined,
      msLeft: endKnown ? (timeFor(bytes, bytesPerSecond) ?? timeFor(files, filesPerSecond)) : undefined,
      active: [...active.values()],
      pausedUntil: pausedUntil > at ? pausedUntil : undefined,
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

function share({ done, planned }: { done: number; planned: number }): number | undefined {
  return planned === 0 ? undefined : Math.min(1, done / planned)
}

function timeFor({ done, planned }: { done: number; planned: number }, perSecond: number): number | undefined {
  return planned > done && perSecond > 0 ? ((planned - done) / perSecond) * 1000 : undefined
}
