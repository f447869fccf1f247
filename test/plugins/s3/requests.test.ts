import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Ran } from '../../../src/exporter-suite/stage.ts'
import { openScene, type Scene, s3 } from './store.ts'

async function first({ stage }: Scene): Promise<void> {
  expect(counts(await stage.run([s3]))).toMatchObject({ new: 5, failed: 0 })
}

function counts({ summary, error }: Ran) {
  if (summary === undefined) throw error
  return summary.exporters.s3
}

test('a catalog that was lost costs lists and HEADs, and no download', async () => {
  await using scene = await openScene()
  await first(scene)
  await rm(join(scene.stage.output, '.smugdl'), { recursive: true })
  scene.store.requests.length = 0
  const ran = await scene.stage.run([s3])
  expect(ran.downloads).toBe(0)
  expect(counts(ran)).toMatchObject({ listed: 5, unchanged: 5 })
  expect(new Set(scene.store.requests.map(({ operation }) => operation))).toEqual(
    new Set(['ListObjectsV2', 'HeadObject']),
  )
})

test('a run that finds nothing new asks for one list an album', async () => {
  await using scene = await openScene()
  await first(scene)
  for (const how of [{}, { full: true }]) {
    scene.store.requests.length = 0
    expect(counts(await scene.stage.run([s3], how))).toMatchObject({ listed: 5, unchanged: 5 })
    const asked = scene.store.requests.map(({ operation }) => operation)
    // One to see that the bucket is there, and two albums with pictures.
    expect(asked).toEqual(Array(3).fill('ListObjectsV2'))
  }
})
