import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { adoptRenderer } from '../../../src/cli/render/adopt.ts'
import { adoptProgress } from '../../../src/cli/render/adopt-progress.ts'
import { adoptedJson, adoptedLines } from '../../../src/cli/render/adopted.ts'
import type { AdoptSummary } from '../../../src/engine/adopt/adopt.ts'
import type { RunSummary } from '../../../src/engine/events.ts'
import { testIo } from '../world.ts'
import { screenOf } from './screen.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const run: RunSummary = {
  startedAt: 0,
  endedAt: 42_000,
  dryRun: false,
  exporters: {},
  downloaded: { files: 0, bytes: 0 },
  transcodes: 0,
  renditions: 0,
  processing: 0,
  apiRequests: 12,
  retries: 0,
  albums: { listed: 3, trusted: 0, excluded: 0 },
  gone: 0,
  accepted: 0,
  failed: [],
  failedInAll: 0,
  notices: [],
}

const summary: AdoptSummary = {
  startedAt: 0,
  endedAt: 42_000,
  folder: '/old',
  output: '/home',
  files: 1234,
  matched: 1200,
  unmatched: 34,
  unreadable: 0,
  images: 1300,
  inPlace: 0,
  placed: 1250,
  placedBytes: 4_000_000_000,
  known: 0,
  left: 50,
  leftBytes: 200_000_000,
  withoutMd5: 12,
  run,
}

describe('the text after adopt', () => {
  it('explains what is left and what matches nothing, and ends with sums that add up', () => {
    expect(adoptedLines(summary, 30)).toEqual([
      '',
      '34 files match nothing on SmugMug and stay where they are (-v lists them): edited since, or never there.',
      '  30 of them are videos: SmugMug keeps only its own conversion of a video, so an upload cannot be recognised.',
      '50 pictures and videos are left for "smugdl -o /home" to download (200 MB).',
      '  Of 12 of them SmugMug provides no MD5, so no file can be recognised as theirs.',
      'files: 1,234 = 1,200 matched + 34 unmatched + 0 unreadable (in 42 s)',
      'pictures and videos: 1,300 = 0 in place + 1,250 placed + 0 at home before + 50 left (4.0 GB placed)',
    ])
  })

  it('is two lines when all is well', () => {
    const well = { ...summary, files: 1200, unmatched: 0, images: 1250, left: 0, leftBytes: 0, withoutMd5: 0 }
    expect(adoptedLines(well, 0).length).toBe(3)
  })

  it('names what could not be put home or listed, with the reason', () => {
    const failed = [{ item: 'Album/a.jpg', reason: 'Other files have both names', exporter: 'folder' }]
    const lines = adoptedLines({ ...summary, run: { ...run, failed, failedInAll: 1, notices: ['one folder less'] } }, 0)
    expect(lines).toContain('Notice: one folder less')
    expect(lines).toContain('  folder: Other files have both names.')
    expect(lines).toContain('    Album/a.jpg')
  })

  it('is one object to a program, with times in ISO 8601', () => {
    expect(adoptedJson(summary)).toMatchObject({
      type: 'adopt.finished',
      endedAt: '1970-01-01T00:00:42.000Z',
      files: 1234,
      left: 50,
      apiRequests: 12,
      failed: [],
    })
  })
})

describe('adopt while it goes on', () => {
  it('shows on a terminal what it is at: albums, files, reading with its speed and end, placing', () => {
    const io = testIo({ tty: true, columns: 100 })
    const progress = adoptProgress(io)
    const drawn = () => {
      vi.advanceTimersByTime(100)
      return screenOf(io.err(), 100)[0]
    }
    expect(drawn()).toBe('Asking SmugMug for the albums')
    progress.on({ type: 'walk.finished', albums: 2, folders: 0, announcedImages: 9 })
    expect(drawn()).toBe('Looking for files')
    progress.on({ type: 'adopt.looked', files: 4, bytes: 4_000_000 })
    io.advance(1000)
    progress.on({ type: 'adopt.read', path: '/old/a', bytes: 1_000_000 })
    expect(drawn()).toBe('1 of 4 files read · 1.0 MB of 4.0 MB · 1.0 MB/s · about 3.0 s left')
    progress.on({ type: 'album.started', albumKey: 'k', album: 'A' })
    progress.on({ type: 'album.planned', albumKey: 'k', album: 'A', trusted: false, images: 5, toFetch: 5, bytes: 1 })
    expect(drawn()).toBe('0 of 2 albums compared · 5 pictures and videos listed · 0 at home')
    progress.end()
    expect(screenOf(io.err(), 100)).toEqual([''])
  })

  it('writes files that cannot be read to standard output at once, those that match nothing with -v only', () => {
    for (const [verbose, expected] of [
      [false, 'cannot be read  /old/a (it is gone)\n'],
      [true, 'cannot be read  /old/a (it is gone)\nmatches nothing  /old/b\ufffd\n'],
    ] as const) {
      const io = testIo()
      const show = { json: false, quiet: false, verbose, log: undefined }
      using renderer = adoptRenderer(io, show)
      renderer.on({ type: 'adopt.started', folder: '/old', output: '/home' })
      renderer.on({ type: 'adopt.unreadable', path: '/old/a', reason: 'it is gone' })
      renderer.on({ type: 'adopt.unmatched', path: '/old/b\u202e', bytes: 1 })
      expect([io.out(), io.err()]).toEqual([expected, 'Adopting /old into /home\n'])
    }
  })
})
