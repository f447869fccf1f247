import { expect, test } from 'vitest'
import type { Fault } from '../../../src/simulator/faults.ts'
import { World } from '../../../src/simulator/world.ts'
import { hurriedClock } from '../../hurried-clock.ts'
import { Backup } from '../adopt/backup.ts'

const junk: Record<string, Fault> = {
  'no JSON': { kind: 'badJson' },
  'an object that is no list': { kind: 'lie', lie: 'noResponse' },
}
const minute = 60_000

test.each(Object.entries(junk))(
  'when every list of images is %s, the run ends within minutes and says so',
  async (_, fault) => {
    const clock = hurriedClock()
    await using backup = await Backup.of(albums(60), {}, clock)
    backup.smugmug.faults.add({ path: '!images', do: fault })
    await expect(backup.run()).rejects.toMatchObject({
      kind: 'unreachable',
      what: expect.stringMatching(/^SmugMug keeps failing, \d+ requests in a row/),
    })
    // Eight albums wait at once.
    expect(clock.waitedMs / 8).toBeLessThan(2 * minute)
  },
)

test.each(Object.entries(junk))(
  'when half of the lists are %s, they are named, and the others do not wait for them',
  async (_, fault) => {
    const world = albums(60)
    const clock = hurriedClock()
    await using backup = await Backup.of(world, {}, clock)
    const bad = [...world.albums.values()].filter((_, index) => index % 2 === 0)
    for (const { key } of bad) backup.smugmug.faults.add({ path: `${key}!images`, do: fault })
    const { failed, exporters } = await backup.run()
    expect(failed.map(({ item }) => item).toSorted()).toEqual(bad.map(({ name }) => name).toSorted())
    expect(exporters.folder).toMatchObject({ new: 30 })
    expect(clock.waitedMs / 8).toBeLessThan(2 * minute)
  },
)

function albums(count: number): World {
  const world = new World()
  for (let i = 0; i < count; i++) world.addImage(world.addAlbum({ name: `Album ${i}` }), { size: 100 })
  return world
}
