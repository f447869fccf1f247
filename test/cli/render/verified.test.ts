import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { repairedLines, verifiedLines } from '../../../src/cli/render/verified.ts'
import { verifyProgress } from '../../../src/cli/render/verify-progress.ts'
import type { Finding, VerifySummary } from '../../../src/engine/verify/verify.ts'
import { testIo } from '../world.ts'

const finding = (state: Finding['state'], path: string, reason?: string): Finding => ({
  state,
  exporter: 'folder',
  path,
  ...(reason !== undefined && { reason }),
})

const summary = (given: Partial<VerifySummary> = {}): VerifySummary => ({
  startedAt: 0,
  endedAt: 42_000,
  depth: 'full',
  items: 1200,
  bytes: 1_200_000_000,
  ok: 1200,
  missing: 0,
  damaged: 0,
  changed: 0,
  kept: 0,
  unreadable: 0,
  unproven: 0,
  made: 0,
  unkept: {},
  closedFolders: [],
  unknown: 0,
  findings: [],
  ...given,
})

describe('the report of verify', () => {
  it('is one line when all is well', () => {
    expect(verifiedLines(summary(), [])).toEqual([
      'verified: 1,200 items = 1,200 ok + 0 missing + 0 damaged + 0 changed by you (1.2 GB read in 42 s)',
    ])
  })

  it('tells which share was read, and when bytes were not', () => {
    const lines = verifiedLines(summary({ depth: 'quick', subset: { part: 2, of: 7 } }), [])
    expect(lines.at(-1)).toMatch(/\(part 2 of 7, by size and time in 42 s\)$/)
  })

  it('names every finding, says what to do about each kind, and adds up', () => {
    const lines = verifiedLines(
      summary({
        items: 1206,
        ok: 1200,
        missing: 1,
        damaged: 1,
        changed: 1,
        unreadable: 1,
        unproven: 2,
        unknown: 1,
        findings: [
          finding('damaged', 'a.jpg', 'the disk cannot read it'),
          finding('missing', 'b\u202e.jpg'),
          finding('changed', 'c.jpg'),
          finding('unreadable', 'd.jpg', 'reading it is not permitted'),
        ],
      }),
      ['notes.txt'],
    )
    expect(lines).toEqual([
      'damaged  a.jpg (the disk cannot read it)',
      'missing  b\ufffd.jpg',
      'changed by you  c.jpg',
      'cannot be read  d.jpg (reading it is not permitted)',
      'not ours  notes.txt',
      '',
      'What you changed is left alone; the next run brings the original beside it, unless it is told to --keep-edited.',
      '"smugdl verify --repair" fetches what is missing or damaged.',
      '2 items could not be looked at, so nobody knows whether they are there.',
      '1 file here is not ours and left alone.',
      'verified: 1,206 items = 1,200 ok + 1 missing + 1 damaged + 1 changed by you + 1 unreadable + 2 not looked at (1.2 GB read in 42 s)',
    ])
  })

  it('after a repair says how much is right again', () => {
    expect(repairedLines(3, [finding('changed', 'c.jpg')])).toEqual([
      'changed by you  c.jpg',
      'repaired: 3 items = 2 right again + 1 as before',
    ])
  })
})

describe('the progress of verify', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const item = (bytes: number) =>
    ({ type: 'verify.item', exporter: 'folder', path: 'a.jpg', bytes, state: 'ok' }) as const

  it('is a line that is drawn over on a terminal, and goes at the end', () => {
    const io = testIo({ tty: true, columns: 80 })
    {
      using progress = verifyProgress(io)
      progress.on({ type: 'verify.started', items: 4, bytes: 4000 })
      io.advance(1000)
      for (const bytes of [1000, 1000]) progress.on(item(bytes))
      vi.advanceTimersByTime(100)
      expect(io.err()).toContain('2 of 4 items · 2.0 kB of 4.0 kB · 50 % · 2.0 kB/s · about 1.0 s left\n')
    }
    const { length } = io.err()
    expect(io.err().endsWith('\r\x1b[J')).toBe(true)
    vi.advanceTimersByTime(60_000)
    expect(io.err().length).toBe(length)
  })

  it('is a line every 30 seconds elsewhere, and never promises more than it knows', () => {
    const io = testIo()
    using progress = verifyProgress(io)
    progress.on({ type: 'verify.started', items: 1, bytes: 500 })
    for (const bytes of [500, 500]) progress.on(item(bytes))
    vi.advanceTimersByTime(29_999)
    expect(io.err()).toBe('')
    vi.advanceTimersByTime(1)
    expect(io.err()).toMatch(/^2 of 2 items · 1\.0 kB of 1\.0 kB · 100 % · \S+ k?B\/s\n$/)
  })
})
