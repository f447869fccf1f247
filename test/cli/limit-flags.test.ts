import { expect, test } from 'vitest'
import { limitPlan } from '../../src/cli/limit-flags.ts'
import { World } from '../../src/simulator/world.ts'
import { Inside } from './inside.ts'

test.each([
  ['10M', 10_000_000],
  ['500k', 500_000],
  ['1.5m', 1_500_000],
  ['20000', 20_000],
])('--limit-rate %s is %d bytes a second', (limitRate, rate) => {
  expect(limitPlan({ limitRate, maxDuration: undefined })).toEqual({ limitRate: rate })
})

test.each(['', 'fast', '1k', '10 M', '-5M', '10T'])(
  '--limit-rate %j is refused before anything begins',
  (limitRate) => {
    expect(() => limitPlan({ limitRate, maxDuration: undefined })).toThrow(/10k at least/)
  },
)

test.each([
  ['90s', 90_000],
  ['90m', 5_400_000],
  ['4h', 14_400_000],
  ['24d', 2_073_600_000],
])('--max-duration %s is %d milliseconds', (maxDuration, maxDurationMs) => {
  expect(limitPlan({ limitRate: undefined, maxDuration })).toEqual({ maxDurationMs })
})

test.each(['', '4', '0h', '4 h', '-1h', '25d', '1w'])(
  '--max-duration %j is refused before anything begins',
  (maxDuration) => {
    expect(() => limitPlan({ limitRate: undefined, maxDuration })).toThrow(/24 days at most.*--max-duration 36h/)
  },
)

test('a run with a limit brings everything home', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (const name of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName: name, size: 2_000 })
  await using scene = await Inside.of(world)
  expect(await scene.download('--limit-rate', '1M')).toMatchObject({ code: 0, exporters: { folder: { new: 2 } } })
})
