import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { builtInExporter } from '../../../src/engine/exporters/installed.ts'
import { offlineDrivers } from '../../../src/engine/exporters/offline-drivers.ts'
import type { Delivery } from '../../../src/exporter/index.ts'
import type { Stage } from '../../../src/exporter-suite/stage.ts'
import type { StoreRequest } from '../../../src/simulator/s3/simulate-store.ts'
import { World } from '../../../src/simulator/world.ts'
import { openScene, type Scene, s3 } from './store.ts'

/** Every picture is there under its own bytes, by what SmugMug announces of them. */
async function expectBytes({ stage, bucket }: Scene, prefix = 'smug/mug'): Promise<Delivery[]> {
  using catalog = stage.openCatalog()
  const rows = [...catalog.deliveries.of('s3')]
  for (const { delivery, facts } of rows) {
    const body = bucket.objects.get(`${prefix}/${delivery?.path}`)?.body ?? Buffer.alloc(0)
    expect(createHash('md5').update(body).digest('hex'), delivery?.path).toBe(facts.md5)
  }
  return rows.flatMap(({ delivery }) => delivery ?? [])
}

async function driverOf({ stage }: Scene, catalog: ReturnType<Scene['stage']['openCatalog']>) {
  const parts = { catalog, now: Date.now, signal: new AbortController().signal, notice() {} }
  const [driver] = await offlineDrivers([builtInExporter(s3)], stage.planOf([s3]), parts)
  if (driver === undefined) throw new Error('no driver')
  return driver
}

function films(...sizes: number[]): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Films' })
  for (const size of sizes) world.addVideo(album, { video: { size } })
  return world
}

const mebibyte = 1024 * 1024

test.each(['kept', 'unknown', 'ignored'] as const)(
  'a store whose conditions are %s gets every picture, and nobody else loses one',
  async (conditions) => {
    await using scene = await openScene()
    scene.store.manners.conditions = conditions
    await scene.stage.run([s3])
    const paths = [...(await scene.stage.keep.files()).keys()]
    await using other = await openScene()
    other.store.manners.conditions = conditions
    for (const path of paths) await other.stage.keep.plant(path, 'theirs')
    const { summary } = await other.stage.run([s3])
    expect(summary?.exporters.s3).toMatchObject({ new: 5, failed: 0 })
    for (const path of paths) expect(await other.stage.keep.read(path)).toBe('theirs')
    await expectBytes(other)
    const notices = summary?.notices.join()
    expect(notices).toContain('holds something else, which stays as it is; ours is beside it')
    if (conditions !== 'kept') expect(notices).toContain('it cannot be told to write only where nothing is')
    else expect(notices).not.toContain('If-None-Match')
  },
)

test('somebody who writes under our names while we upload keeps what is theirs', async () => {
  await using scene = await openScene()
  const planted = new Set<string>()
  scene.store.fault = ({ operation, key }) => {
    if (operation !== 'PutObject' || planted.size >= 2 || key.includes('.smugdl') || key.endsWith('.xmp'))
      return undefined
    planted.add(key)
    void scene.stage.keep.plant(key.slice('smug/mug/'.length), 'theirs')
    return undefined
  }
  const { summary } = await scene.stage.run([s3])
  expect(summary?.exporters.s3).toMatchObject({ new: 5, failed: 0 })
  expect(planted.size).toBe(2)
  for (const key of planted) expect(scene.bucket.objects.get(key)?.body.toString()).toBe('theirs')
  await expectBytes(scene)
})

test('a store whose ETags say nothing is believed by what it compared, and seen to change', async () => {
  await using scene = await openScene()
  scene.store.manners.opaque = true
  await scene.stage.run([s3])
  expect(await scene.stage.run([s3], { full: true })).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
  const [{ path } = { path: '' }] = await expectBytes(scene)
  await scene.stage.keep.plant(path, 'theirs')
  const { downloads, summary } = await scene.stage.run([s3], { full: true })
  expect({ downloads, failed: summary?.failedInAll }).toEqual({ downloads: 1, failed: 0 })
  expect(await scene.stage.keep.read(path)).toBe('theirs')
})

test('a large file goes in parts of one size, and an interrupted one is gone on with', async () => {
  await using scene = await openScene(films(17 * mebibyte))
  let stop = () => {}
  scene.store.fault = ({ operation }) => {
    const parts = scene.store.requests.filter((request) => request.operation === 'UploadPart').length
    if (operation === 'UploadPart' && parts > 2) stop()
    return undefined
  }
  await scene.stage.run([s3], {
    concurrency: 1,
    onEvent(_event, controller) {
      stop = () => controller.abort()
    },
  })
  const [upload] = scene.bucket.uploads.values()
  const before = upload?.parts.size ?? 0
  expect(before).toBeGreaterThan(0)
  scene.store.fault = () => undefined
  scene.store.requests.length = 0
  expect(await scene.stage.run([s3])).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
  const asked = scene.store.requests.map(({ operation }) => operation)
  expect(asked.filter((operation) => operation === 'UploadPart')).toHaveLength(4 - before)
  expect(asked).not.toContain('CreateMultipartUpload')
  const [delivery] = await expectBytes(scene)
  expect(delivery?.etag).toMatch(/-4$/)
  expect(scene.bucket.uploads.size).toBe(0)
})

test('a large file moves within the store in parts, and keeps its ETag', async () => {
  await using scene = await openScene(films(11 * mebibyte))
  await scene.stage.run([s3])
  const [before] = await expectBytes(scene)
  const { world } = scene.stage.smugmug
  for (const album of world.albums.values()) world.rename(album, 'Cinema')
  scene.store.requests.length = 0
  expect(await scene.stage.run([s3], { full: true })).toMatchObject({ downloads: 0 })
  const asked = new Set(scene.store.requests.map(({ operation }) => operation))
  expect(asked).toContain('UploadPartCopy')
  expect(asked).not.toContain('UploadPart')
  const [after] = await expectBytes(scene)
  expect(after).toMatchObject({ etag: before?.etag, path: expect.stringMatching(/^Cinema\//) })
  expect(scene.keys().filter((key) => key.startsWith('Films/'))).toEqual([])
})

test('what a mirror removes, and what is replaced, is in the trash; in a versioned bucket the version is', async () => {
  for (const versioned of [false, true]) {
    await using scene = await openScene()
    if (versioned) scene.bucket.versioning = 'Enabled'
    await scene.stage.run([s3])
    const { world } = scene.stage.smugmug
    const [gone, replaced] = world.images.values()
    if (gone === undefined || replaced === undefined) throw new Error('no images')
    world.removeImage(gone)
    world.replaceImage(replaced)
    const { summary } = await scene.stage.run([s3], { full: true, mirror: { files: 5 } })
    expect(summary).toMatchObject({ removed: 1, failedInAll: 0 })
    const trash = [...scene.bucket.objects.keys()].filter((key) => key.includes('/.smugdl/trash/'))
    expect(trash.length).toBe(versioned ? 0 : 2)
    if (versioned)
      expect(scene.bucket.earlier.filter(({ key }) => !key.endsWith('.xmp') && !key.includes('.smugdl')).length).toBe(2)
    expect(scene.keys().filter((key) => !key.endsWith('.xmp'))).toHaveLength(4)
    await expectBytes(scene)
  }
})

test('damage that the store does not see is found by reading, and mended by the next run', async () => {
  await using scene = await openScene()
  await scene.stage.run([s3])
  const [delivery] = await expectBytes(scene)
  const object = scene.bucket.objects.get(`smug/mug/${delivery?.path}`)
  if (object === undefined || delivery === undefined) throw new Error('no object')
  object.body = Buffer.from(object.body)
  object.body[100] = (object.body[100] ?? 0) ^ 1
  {
    using catalog = scene.stage.openCatalog()
    const driver = await driverOf(scene, catalog)
    expect(await driver.inspect(delivery, 'quick')).toBe('ok')
    expect(await driver.inspect(delivery, 'full')).toBe('damaged')
    for (const row of [...catalog.deliveries.of('s3')])
      if (row.delivery?.path === delivery.path) catalog.deliveries.forget(row)
  }
  expect(await scene.stage.run([s3], { full: true })).toMatchObject({ downloads: 1, summary: { failedInAll: 0 } })
  await expectBytes(scene)
})

test('bytes come back though the connection breaks in the middle, and never those of another object', async () => {
  await using scene = await openScene()
  await scene.stage.run([s3])
  const [delivery] = await expectBytes(scene)
  if (delivery === undefined) throw new Error('no delivery')
  using catalog = scene.stage.openCatalog()
  const driver = await driverOf(scene, catalog)
  let cuts = 0
  scene.store.fault = ({ operation }) => (operation === 'GetObject' && ++cuts <= 2 ? 'cut body' : undefined)
  const bytes = await buffer(driver.read(delivery) ?? Readable.from([]))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(delivery.sha256)
  expect(cuts).toBe(3)
  await scene.stage.keep.plant(delivery.path, 'theirs')
  await expect(buffer(driver.read(delivery) ?? Readable.from([]))).rejects.toThrow('is not what was delivered')
})

test('a flipped bit on the way is found while reading', async () => {
  await using scene = await openScene()
  await scene.stage.run([s3])
  const [delivery] = await expectBytes(scene)
  if (delivery === undefined) throw new Error('no delivery')
  using catalog = scene.stage.openCatalog()
  const driver = await driverOf(scene, catalog)
  scene.store.fault = ({ operation }) => (operation === 'GetObject' ? 'flipped bit' : undefined)
  expect(await driver.inspect(delivery, 'full')).toBe('damaged')
})

test('names that are longer than a key are cut, and stay apart', async () => {
  const world = new World()
  let around = world.addFolder({ name: `1 ${'ü'.repeat(120)}` })
  for (const level of [2, 3, 4]) around = world.addFolder({ name: `${level} ${'ü'.repeat(120)}`, in: around })
  const album = world.addAlbum({ name: 'x'.repeat(250), in: around })
  for (const number of [1, 2]) world.addImage(album, { fileName: `${'y'.repeat(180)}${number}.jpg` })
  const prefix = 'p'.repeat(300)
  await using scene = await openScene(world, prefix)
  expect((await scene.stage.run([s3])).summary?.exporters.s3).toMatchObject({ new: 2, failed: 0 })
  const keys = [...scene.bucket.objects.keys()]
  for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024)
  expect(keys.filter((key) => key.endsWith('.jpg'))).toHaveLength(2)
  await expectBytes(scene, prefix)
  expect(await scene.stage.run([s3], { full: true })).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
})

test('a sidecar says what SmugMug says now; one that somebody changed is theirs; one that is gone comes again', async () => {
  await using scene = await openScene()
  await scene.stage.run([s3])
  const { world } = scene.stage.smugmug
  const sidecars = scene.keys().filter((key) => key.endsWith('.xmp'))
  const [mine = '', theirs = '', lost = ''] = sidecars
  await scene.stage.keep.plant(theirs, 'theirs')
  scene.bucket.objects.delete(`smug/mug/${lost}`)
  for (const image of world.images.values()) world.editImage(image, { title: 'Another title' })
  const { downloads, summary } = await scene.stage.run([s3], { full: true })
  expect({ downloads, failed: summary?.failedInAll }).toEqual({ downloads: 0, failed: 0 })
  expect(await scene.stage.keep.read(mine)).toContain('Another title')
  expect(await scene.stage.keep.read(theirs)).toBe('theirs')
  expect(await scene.stage.keep.read(lost)).toContain('Another title')
  scene.bucket.objects.delete(`smug/mug/${mine}`)
  expect(await scene.stage.run([s3])).toMatchObject({ downloads: 0 })
  expect(await scene.stage.keep.read(mine)).toContain('Another title')
})

test.each([0.5, 2])(
  'a file of %s MiB that is gone from staging is told of in the words of the disk, after one attempt',
  async (size) => {
    await using scene = await openScene(films(size * mebibyte))
    const staging = join(scene.stage.output, '.smugdl', 'staging')
    const isOfPicture = ({ operation, key }: StoreRequest) => operation === 'PutObject' && !key.includes('.smugdl')
    scene.store.fault = (request) => {
      if (!isOfPicture(request)) return undefined
      for (const name of readdirSync(staging)) rmSync(join(staging, name))
      return { code: 'SlowDown' }
    }
    const { error } = await scene.stage.run([s3])
    expect(String(error)).toContain('was removed while smugdl ran')
    expect(scene.store.requests.filter(isOfPicture)).toHaveLength(1)
  },
)

test.each(['renamed', 'exchanged'])(
  'pictures of albums that were %s are home though a kill took the record of their move',
  async (how) => {
    const world = new World()
    const [one, two] = ['One', 'Two'].map((name) => world.addAlbum({ name }))
    if (one === undefined || two === undefined) throw new Error('no albums')
    for (const album of [one, two]) world.addImage(album, { fileName: 'a.jpg', title: `In ${album.name}` })
    await using scene = await openScene(world)
    const { stage } = scene
    await stage.run([s3])
    const catalog = join(stage.output, '.smugdl/catalog.sqlite')
    await copyFile(catalog, `${catalog}.before`)
    world.rename(one, how === 'renamed' ? 'Three' : 'Two')
    world.rename(two, how === 'renamed' ? 'Four' : 'One')
    await stage.run([s3], { full: true })
    const keys = scene.keys()
    await rename(`${catalog}.before`, catalog)
    const { downloads, summary } = await stage.run([s3], { full: true })
    expect({ downloads, failed: summary?.failedInAll }).toEqual({ downloads: 0, failed: 0 })
    await stage.run([s3], { full: true })
    expect(scene.keys()).toEqual(keys)
  },
)

const isWriting = ({ operation }: StoreRequest) => /^(Put|Copy|Delete)Object$/.test(operation)

/** What a kill would leave before each request of the next run that writes. */
async function killedAtEachWrite({ stage, store, bucket }: Scene, run: () => Promise<unknown>) {
  const left: Promise<{ fork: Stage; keys: string[] }>[] = []
  store.fault = (request) => {
    const keys = [...bucket.objects.keys()]
    if (isWriting(request)) left.push(stage.fork().then((fork) => ({ fork, keys })))
    return undefined
  }
  await run()
  store.fault = () => undefined
  return Promise.all(left)
}

const renameAll = ({ stage }: Scene, to: string) => {
  const { world } = stage.smugmug
  for (const album of world.albums.values()) world.rename(album, `${to} ${album.key}`)
}

test('what a kill left unrecorded is where it belongs after the next run, though its album has another name by then', async () => {
  await using scene = await openScene()
  const { stage } = scene
  const killed = await killedAtEachWrite(scene, () => stage.run([s3], { concurrency: 1 }))
  renameAll(scene, 'Later')
  await stage.run([s3], { full: true })
  const whole = scene.keys()
  expect(killed.length).toBeGreaterThan(whole.length)
  await using forks = new AsyncDisposableStack()
  for (const { fork, keys } of killed) {
    forks.use(fork)
    const uploaded = keys.filter((key) => /\.(jpg|mp4)$/i.test(key)).length
    expect((await fork.run([s3])).downloads).toBeLessThanOrEqual(5 - uploaded)
    expect([...(await fork.keep.files()).keys()]).toEqual(whole)
  }
})

test('a move that a kill cut is finished by the next run, though the album has moved on by then, and the catalog was lost', async () => {
  await using scene = await openScene()
  const { stage } = scene
  await stage.run([s3])
  renameAll(scene, 'Then')
  const killed = await killedAtEachWrite(scene, () => stage.run([s3], { full: true, concurrency: 1 }))
  renameAll(scene, 'Later')
  await stage.run([s3], { full: true })
  const whole = scene.keys()
  expect(killed.length).toBeGreaterThan(whole.length)
  await using forks = new AsyncDisposableStack()
  for (const { fork } of killed) {
    const lost = await forks.use(fork).fork()
    await rm(join(forks.use(lost).output, '.smugdl'), { recursive: true })
    for (const next of [fork, lost]) {
      expect(await next.run([s3], { full: true })).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
      expect([...(await next.keep.files()).keys()]).toEqual(whole)
    }
  }
})

test('of a picture that was replaced the new bytes stay alone, wherever a kill came', async () => {
  await using scene = await openScene()
  const { stage } = scene
  await stage.run([s3])
  renameAll(scene, 'Then')
  for (const image of stage.smugmug.world.images.values()) stage.smugmug.world.replaceImage(image)
  const killed = await killedAtEachWrite(scene, () => stage.run([s3], { full: true, concurrency: 1 }))
  renameAll(scene, 'Later')
  await stage.run([s3], { full: true })
  const whole = await stage.keep.files()
  await using forks = new AsyncDisposableStack()
  for (const { fork } of killed) {
    forks.use(fork)
    await fork.run([s3], { full: true })
    expect(await fork.keep.files()).toEqual(whole)
  }
})

test('a lost catalog costs no download though albums were renamed; what somebody copied there stays', async () => {
  await using scene = await openScene()
  const { stage, bucket } = scene
  await stage.run([s3])
  const picture = scene.keys().find((key) => key.endsWith('.mp4')) ?? ''
  const object = bucket.objects.get(`smug/mug/${picture}`)
  if (object === undefined) throw new Error('no object')
  bucket.objects.set('smug/mug/Mine/copy.mp4', object)
  renameAll(scene, 'Later')
  await rm(join(stage.output, '.smugdl'), { recursive: true })
  expect(await stage.run([s3])).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
  const keys = scene.keys().filter((key) => !key.endsWith('.xmp'))
  expect(keys.filter((key) => key.includes('Later '))).toHaveLength(5)
  expect(keys.filter((key) => !key.includes('Later '))).toEqual(['Mine/copy.mp4'])
  const expected = scene.keys().length
  await expectBytes(scene)
  // What is gone by then is a mirror's to remove, as before.
  const { world } = stage.smugmug
  const [gone] = world.images.values()
  if (gone === undefined) throw new Error('no images')
  world.removeImage(gone)
  await rm(join(stage.output, '.smugdl'), { recursive: true })
  expect(await stage.run([s3], { full: true })).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
  expect(scene.keys()).toHaveLength(expected)
  const { summary } = await stage.run([s3], { full: true, mirror: { files: 5 } })
  expect(summary).toMatchObject({ removed: 1, failedInAll: 0 })
  expect(scene.keys().filter((key) => key.includes('Later ') && !key.endsWith('.xmp'))).toHaveLength(4)
  expect(scene.keys()).toContain('Mine/copy.mp4')
})

test.each(['photo', 'large video'])(
  'a %s in a second album is copied within the store: nothing is fetched, nothing is uploaded',
  async (what) => {
    const world = what === 'photo' ? new World() : films(11 * mebibyte)
    const [first = world.addAlbum({ name: 'First' })] = world.albums.values()
    const image = world.images.values().next().value ?? world.addImage(first, { fileName: 'a.jpg', title: 'One' })
    const second = world.addAlbum({ name: 'Second' })
    world.collect(image, second)
    const twin = world.addAlbum({ name: 'Third' })
    await using scene = await openScene(world)
    const { stage, store } = scene
    const uploads = () =>
      store.requests.filter(
        ({ operation, key }) => /^(PutObject|UploadPart)$/.test(operation) && !/\.xmp$|\.smugdl/.test(key),
      ).length
    const parts = what === 'photo' ? 1 : 3
    // In the run that brings it, and in a later one.
    expect(await stage.run([s3])).toMatchObject({ downloads: 1, summary: { exporters: { s3: { new: 2, failed: 0 } } } })
    expect(uploads()).toBe(parts)
    world.collect(image, twin)
    expect(await stage.run([s3])).toMatchObject({ downloads: 0, summary: { exporters: { s3: { new: 1, failed: 0 } } } })
    expect(uploads()).toBe(parts)
    expect(await expectBytes(scene)).toHaveLength(3)
    expect(store.requests.filter(({ operation }) => operation === 'GetObject')).toEqual([])
    expect(await stage.run([s3], { full: true })).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
    // Each is its album's own.
    world.removeImage(image, first)
    await stage.run([s3], { full: true, mirror: { files: 1 } })
    expect(scene.keys().filter((key) => !key.endsWith('.xmp'))).toHaveLength(2)
    await expectBytes(scene)
  },
)

test('a copy of what somebody changed is not made: the picture is fetched', async () => {
  const world = new World()
  const [first, second] = ['First', 'Second'].map((name) => world.addAlbum({ name }))
  if (first === undefined || second === undefined) throw new Error('no albums')
  const image = world.addImage(first, { fileName: 'a.jpg' })
  await using scene = await openScene(world)
  await scene.stage.run([s3])
  await scene.stage.keep.plant('First/a.jpg', 'theirs')
  world.collect(image, second)
  expect(await scene.stage.run([s3])).toMatchObject({ downloads: 1, summary: { failedInAll: 0 } })
  await expectBytes(scene)
})
