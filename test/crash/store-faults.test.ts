import { expect, test } from 'vitest'
import type { Ran } from '../../src/exporter-suite/stage.ts'
import type { StoreFault, StoreRequest } from '../../src/simulator/s3/simulate-store.ts'
import { World } from '../../src/simulator/world.ts'
import { openScene, type Scene, s3 } from '../plugins/s3/store.ts'

/** Three pictures. */
function pictures(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  world.addImage(album, { fileName: 'a.jpg', title: 'At the fountain' })
  world.addImage(album, { fileName: 'b.jpg' })
  world.addImage(album, { fileName: 'c.jpg' })
  return world
}

/** A video that goes in two parts, and two pictures. */
function film(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  world.addVideo(album, { fileName: 'film.mov', video: { size: 7 * 1024 * 1024 } })
  world.addImage(album, { fileName: 'a.jpg' })
  world.addImage(album, { fileName: 'b.jpg' })
  return world
}

/** What a run does in which nothing goes wrong. */
async function requestsOf({ world, prepare }: Work): Promise<readonly StoreRequest[]> {
  await using scene = await openScene(world())
  await prepare(scene)
  scene.store.requests.length = 0
  await scene.stage.run([s3], { concurrency: 1, full: true })
  return [...scene.store.requests]
}

async function first({ stage }: Scene): Promise<void> {
  await stage.run([s3], { concurrency: 1 })
}

async function renamed(scene: Scene): Promise<void> {
  await first(scene)
  const { world } = scene.stage.smugmug
  for (const image of world.images.values()) {
    world.editImage(image, { fileName: `new-${image.fileName}` })
    if (image.fileName.endsWith('b.jpg')) world.replaceImage(image)
  }
}

function counts({ summary, error }: Ran) {
  if (summary === undefined) throw error
  return summary.exporters.s3
}

/** Everything is in the bucket, once, and nothing half done is left. */
async function expectWhole({ stage, bucket, keys }: Scene, lost = 0): Promise<void> {
  expect(counts(await stage.run([s3], { full: true }))).toMatchObject({ listed: 3, unchanged: 3, failed: 0 })
  // One that was begun, and whose number got lost on the way, nobody can go on with: a lifecycle rule ends it.
  expect(bucket.uploads.size).toBeLessThanOrEqual(lost)
  const pictures = keys().filter((key) => !key.endsWith('.xmp'))
  expect(pictures).toHaveLength(3)
  // No sidecar stays where its picture was.
  for (const key of keys()) expect(pictures).toContain(key.replace(/\.xmp$/, ''))
}

/** Uploads that were begun, and whose answer may not have been read when the run was killed: no part followed. Another request may have killed it. */
function unanswered(requests: readonly StoreRequest[]): number {
  const isNext = (begun: StoreRequest) => (one: StoreRequest) =>
    one.operation === 'UploadPart' && one.key === begun.key && one.number > begun.number
  const begun = requests.filter(({ operation }) => operation === 'CreateMultipartUpload')
  return begun.filter((one) => !requests.some(isNext(one))).length
}

interface Work {
  readonly world: () => World
  prepare(scene: Scene): Promise<void>
  readonly faults: readonly StoreFault[]
}

const all: readonly StoreFault[] = [{ code: 'SlowDown' }, 'cut request', 'cut answer']
const work: Readonly<Record<string, Work>> = {
  'a first run': { world: pictures, async prepare() {}, faults: all },
  'a run that moves, replaces and describes': {
    world: pictures,
    prepare: renamed,
    faults: [{ code: 'SlowDown' }, 'cut answer'],
  },
  'a video in parts': { world: film, async prepare() {}, faults: ['cut answer'] },
}

for (const [name, of] of Object.entries(work)) {
  const { world, prepare, faults } = of
  test.each(faults)(`${name}: %j at any one request costs another request, and nothing else`, async (fault) => {
    const requests = await requestsOf(of)
    expect(requests.length).toBeGreaterThan(8)
    for (const { number } of requests) {
      await using scene = await openScene(world())
      await prepare(scene)
      const before = scene.store.requests.length
      scene.store.fault = (request) => (request.number === before + number ? fault : undefined)
      const ran = await scene.stage.run([s3], { concurrency: 1, full: true })
      expect(counts(ran), `at ${JSON.stringify(requests[number - 1])}`).toMatchObject({ listed: 3, failed: 0 })
      expect(ran.summary?.notices).toEqual([])
      // Requests side by side may have come in another order than in the run that was counted.
      const hit = scene.store.requests.find((request) => request.number === before + number)
      await expectWhole(scene, hit?.operation === 'CreateMultipartUpload' ? 1 : 0)
    }
  })

  test(`${name}: killed at any one request, the next one finishes it`, async () => {
    const requests = await requestsOf(of)
    for (const { number } of requests) {
      await using scene = await openScene(world())
      await prepare(scene)
      const before = scene.store.requests.length
      let kill = () => {}
      scene.store.fault = (request) => {
        if (request.number < before + number) return undefined
        kill()
        return number % 2 === 0 ? 'cut answer' : 'cut request'
      }
      const ran = await scene.stage.run([s3], {
        concurrency: 1,
        full: true,
        onEvent(_event, stop) {
          kill = () => stop.abort()
        },
      })
      expect(ran.error).toMatchObject({ kind: 'cancelled' })
      const lost = unanswered(scene.store.requests.slice(before))
      scene.store.fault = () => undefined
      const next = await scene.stage.run([s3], { full: true })
      expect(counts(next), `at ${JSON.stringify(requests[number - 1])}`).toMatchObject({ listed: 3, failed: 0 })
      expect(next.summary?.notices).toEqual([])
      await expectWhole(scene, lost)
    }
  })
}
