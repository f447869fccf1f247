import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Exporter } from '../../../src/exporter/types.ts'
import { openStage } from '../../../src/exporter-suite/stage.ts'
import { World } from '../../../src/simulator/world.ts'

test('what is pending until its album ends is not kept in memory with the records of its images', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'One' })
  const captionLength = 120_000
  for (let i = 0; i < 100; i++)
    world.addImage(album, { fileName: `${i}.jpg`, size: 100, caption: 'A long story. '.padEnd(captionLength, `${i} `) })
  let before = 0
  let after = 0
  const archive: Exporter = {
    name: 'archive',
    apiVersion: 1,
    keeps: 'elsewhere',
    create: () => ({
      beginAlbum() {
        before = heapUsed()
      },
      deliver: (image) => ({ path: 'archive.bin', entry: image.key, pending: true }),
      endAlbum() {
        after = heapUsed()
      },
    }),
  }
  await using stage = await openStage(world)
  const { summary } = await stage.run([archive])
  expect(summary?.exporters.archive).toMatchObject({ listed: 100, new: 100 })
  expect(after - before).toBeLessThan(30 * captionLength)
})

/** Bytes of what is still in use. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
