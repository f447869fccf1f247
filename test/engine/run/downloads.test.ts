import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import folder from '../../../plugins/folder/index.ts'
import { Downloads } from '../../../src/engine/run/downloads.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { World } from '../../../src/simulator/world.ts'
import { Backup } from '../adopt/backup.ts'
import { distant } from '../exporters/elsewhere.ts'

/** A line and a host at its end, in a time of their own. */
interface Line {
  /** Milliseconds until the first byte of a file. */
  delayMs: number
  /** Bytes a millisecond, all downloads together. */
  carries: number
  /** Bytes of the file of this number. */
  sizeOf(file: number): number
  /** Whether the host refuses a file that is asked for now, beside so many others. */
  refuses?(file: number, others: number): boolean
}

const many = 5_000

/** How many downloads at once there were, each time that this changed, in so many seconds. */
async function levels(line: Line, { ceiling, seconds = 20 }: { ceiling?: number; seconds?: number } = {}) {
  let now = 0
  let refused = 0
  const seen: number[] = []
  const downloads = new Downloads({
    ceiling,
    refused: () => refused,
    now: () => now,
    onResize: (atOnce) => seen.push(atOnce),
  })
  const underWay = new Set<{ from: number; left: number; end(): void }>()
  for (let file = 0; file < many; file++) {
    void downloads.run(
      () =>
        new Promise<void>((end) => {
          const isRefused = line.refuses?.(file, underWay.size) === true
          if (isRefused) refused += 1
          underWay.add({ from: now + line.delayMs, left: isRefused ? 0 : line.sizeOf(file), end })
        }),
    )
  }
  const first = downloads.atOnce
  for (; now < seconds * 1000; now += 5) {
    const sending = [...underWay].filter(({ from }) => from <= now)
    for (const one of sending) {
      const bytes = Math.min(one.left, (line.carries * 5) / sending.length)
      one.left -= bytes
      downloads.arrived(bytes)
      if (one.left > 0) continue
      underWay.delete(one)
      one.end()
    }
    await setImmediate()
  }
  return [first, ...seen]
}

const small = () => 30_000
const large = () => 3_000_000

describe('the number of downloads at once', () => {
  test('grows for small pictures that are far away, to 64 within three seconds', async () => {
    const far = { delayMs: 60, carries: 125_000, sizeOf: small }
    expect(await levels(far, { seconds: 3 })).toEqual([8, 16, 32, 64])
  })

  test('never is more than the user allows', async () => {
    const far = { delayMs: 60, carries: 125_000, sizeOf: small }
    expect(await levels(far, { ceiling: 20 })).toEqual([8, 16, 20])
    expect(await levels(far, { ceiling: 3 })).toEqual([3])
  })

  test('stays small on a line that is full: more are tried, and given up', async () => {
    const seen = await levels({ delayMs: 20, carries: 6_000, sizeOf: large }, { seconds: 30 })
    expect(new Set(seen)).toEqual(new Set([8, 16]))
    expect(seen.at(-1)).toBe(8)
  })

  test('goes up later, when pictures come of which more help', async () => {
    const mixed = { delayMs: 60, carries: 6_000, sizeOf: (file: number) => (file < 20 ? 3_000_000 : 10_000) }
    const seen = await levels(mixed, { seconds: 40 })
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(32)
  })

  test('is halved, down to two, by a host that refuses', async () => {
    const strict = { delayMs: 60, carries: 125_000, sizeOf: small, refuses: (_: number, others: number) => others > 0 }
    const seen = await levels(strict)
    expect(seen.slice(0, 3)).toEqual([8, 4, 2])
  })

  test('is not changed by a few pictures that cannot be had', async () => {
    const odd = { delayMs: 60, carries: 125_000, sizeOf: small, refuses: (file: number) => file % 20 === 0 }
    expect(await levels(odd, { seconds: 3 })).toEqual([8, 16, 32, 64])
  })
})

test('a run has more downloads at once where pictures take their time, and eight where what it keeps has to be uploaded', async () => {
  const mostOf = async (exporter: Exporter, pictures: number) => {
    const world = new World()
    const album = world.addAlbum({ name: 'Far' })
    for (let n = 0; n < pictures; n++) world.addImage(album, { fileName: `${n}.jpg`, size: 100 })
    await using backup = await Backup.of(world)
    backup.smugmug.faults.add({ path: '/photos/', kind: 'media', do: { kind: 'delay', ms: 200 } })
    backup.exporters = [exporter]
    await backup.run({ concurrency: undefined })
    const underWay = new Set<string>()
    const counts = backup.events.map((event) => {
      if (event.type === 'image.started') underWay.add(event.imageKey)
      if (event.type === 'image.fetched') underWay.delete(event.imageKey)
      return underWay.size
    })
    return Math.max(...counts)
  }
  expect(await mostOf(folder as Exporter, 220)).toBeGreaterThan(16)
  expect(await mostOf(distant(), 50)).toBeLessThanOrEqual(16)
})
