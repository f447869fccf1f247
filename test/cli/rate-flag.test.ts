import { expect, test } from 'vitest'
import { ratePlan } from '../../src/cli/rate-flag.ts'
import { World } from '../../src/simulator/world.ts'
import { Inside } from './inside.ts'

test.each([
  ['10M', 10_000_000],
  ['500k', 500_000],
  ['1.5m', 1_500_000],
  ['20000', 20_000],
])('--limit-rate %s is %d bytes a second', (limitRate, rate) => {
  expect(ratePlan({ limitRate })).toEqual({ limitRate: rate })
})

test.each(['', 'fast', '1k', '10 M', '-5M', '10T'])(
  '--limit-rate %j is refused before anything begins',
  (limitRate) => {
    expect(() => ratePlan({ limitRate })).toThrow(/10k at least/)
  },
)

test('a run with a limit brings everything home', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (const name of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName: name, size: 2_000 })
  await using scene = await Inside.of(world)
  expect(await scene.download('--limit-rate', '1M')).toMatchObject({ code: 0, exporters: { folder: { new: 2 } } })
})
