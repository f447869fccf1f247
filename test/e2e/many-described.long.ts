import { expect, test } from 'vitest'
import { bigWorld } from '../../src/simulator/big.ts'
import { downloadMeasured } from './measured.ts'
import { scenario } from './scenario.ts'

/** As much as a run of pictures without captions takes. */
const mostMb = 160

test(
  '100,000 pictures with sidecars come home in 160 MB, and the nightly run in as much, for a request a hundred albums',
  async () => {
    const world = bigWorld({ albums: 1000, imagesPerAlbum: 100, bytes: 500, caption: 'By the river' })
    await using scene = await scenario(world, { keepRequests: 0, rateLimit: { requests: 1e9, windowSeconds: 3600 } })
    const first = await downloadMeasured(scene)
    console.info(`first run: ${first.peakMb.toFixed(0)} MB`)
    expect(first.stdout).toContain(
      'Captions, keywords, places, and dates that files lack: 100,000 sidecars with the pictures, 100,000 written now',
    )
    expect(first.code).toBe(0)
    const { api, media } = scene.smugmug.counts
    const night = await downloadMeasured(scene)
    console.info(`nightly run: ${night.peakMb.toFixed(0)} MB`)
    expect(night.stdout).toContain(
      'Captions, keywords, places, and dates that files lack: 100,000 sidecars with the pictures\n',
    )
    expect({ api: scene.smugmug.counts.api - api, media: scene.smugmug.counts.media - media }).toEqual({
      api: 1 + 1000 / 100,
      media: 0,
    })
    expect(Math.max(first.peakMb, night.peakMb)).toBeLessThan(mostMb)
  },
  3 * 60 * 60_000,
)
