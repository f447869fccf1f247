import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtInExporter } from '../../../src/engine/exporters/installed.ts'
import { openStage } from '../../../src/exporter-suite/stage.ts'
import type { StoreRequest } from '../../../src/simulator/s3/simulate-store.ts'
import { type Image, World } from '../../../src/simulator/world.ts'
import { openScene, type Scene, s3 } from './store.ts'

/*
 * A bucket that somebody else writes to at the same time, at whatever instant: what is theirs stays, and ours is brought all the same.
 */

/** One picture, with a title, and so with a sidecar. */
function onePicture(): World {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'Rome' }), { fileName: 'a.jpg', title: 'Before' })
  return world
}

function pictureOf({ stage }: Scene): Image {
  const [image] = stage.smugmug.world.images.values()
  if (image === undefined) throw new Error('no picture')
  return image
}

/** Somebody writes there, once, just before the store does what it is asked for. */
function theyWrite({ store, stage }: Scene, path: string, isWhen: (request: StoreRequest) => boolean, text = 'theirs') {
  let isDone = false
  store.fault = (request) => {
    if (!isDone && isWhen(request)) {
      isDone = true
      void stage.keep.plant(path, text)
    }
    return undefined
  }
  return () => isDone
}

const at = (operation: string, path: string) => (request: StoreRequest) =>
  request.operation === operation && request.key === `smug/mug/${path}`

async function expectOurs({ stage }: Scene, path: string): Promise<void> {
  using catalog = stage.openCatalog()
  const [row] = [...catalog.deliveries.of('s3')]
  expect(row?.delivery?.path).toBe(path)
  const there = await stage.keep.files()
  expect(there.get(path)).toBe(row?.facts.sha256)
}

test.each([
  ['after the folder was listed', false, at('HeadObject', 'Rome/a.jpg')],
  ['at the instant of the copy, where the store knows conditions for it', true, at('CopyObject', 'Rome/b.jpg')],
] as const)('a rename leaves what somebody put at the new name %s', async (_, conditionsOnCopies, when) => {
  await using scene = await openScene(onePicture())
  await scene.stage.run([s3])
  scene.store.manners.conditionsOnCopies = conditionsOnCopies
  scene.stage.smugmug.world.editImage(pictureOf(scene), { fileName: 'b.jpg' })
  const wrote = theyWrite(scene, 'Rome/b.jpg', when)
  const { downloads, summary } = await scene.stage.run([s3], { full: true })
  expect({ downloads, failed: summary?.failedInAll, wrote: wrote() }).toEqual({ downloads: 0, failed: 0, wrote: true })
  expect(await scene.stage.keep.read('Rome/b.jpg')).toBe('theirs')
  await expectOurs(scene, `Rome/b [${pictureOf(scene).key}].jpg`)
  expect(scene.keys()).not.toContain('Rome/a.jpg')
})

test('a rename moves no bytes that somebody put at the old name, though they are as many', async () => {
  await using scene = await openScene(onePicture())
  await scene.stage.run([s3])
  const size = scene.bucket.objects.get('smug/mug/Rome/a.jpg')?.body.length ?? 0
  const theirs = 'x'.repeat(size)
  scene.stage.smugmug.world.editImage(pictureOf(scene), { fileName: 'b.jpg' })
  theyWrite(scene, 'Rome/a.jpg', at('HeadObject', 'Rome/a.jpg'), theirs)
  const { summary } = await scene.stage.run([s3], { full: true })
  expect(summary?.failed[0]?.reason).toContain('Rome/a.jpg was changed by somebody just now, and stays')
  expect(scene.keys()).not.toContain('Rome/b.jpg')
  expect((await scene.stage.run([s3], { full: true })).summary?.failedInAll).toBe(0)
  expect(await scene.stage.keep.read('Rome/a.jpg')).toBe(theirs)
  await expectOurs(scene, 'Rome/b.jpg')
})

test.each([
  ['at the copy', at('CopyObject', 'Rome/b.jpg')],
  ['after it', at('HeadObject', 'Rome/b.jpg')],
] as const)('a rename does not remove what somebody put at the old name %s', async (_, when) => {
  await using scene = await openScene(onePicture())
  await scene.stage.run([s3])
  scene.store.manners.conditionsOnCopies = true
  scene.stage.smugmug.world.editImage(pictureOf(scene), { fileName: 'b.jpg' })
  theyWrite(scene, 'Rome/a.jpg', when)
  await scene.stage.run([s3], { full: true })
  expect(await scene.stage.keep.read('Rome/a.jpg')).toBe('theirs')
  expect((await scene.stage.run([s3], { full: true })).summary?.failedInAll).toBe(0)
  expect(await scene.stage.keep.read('Rome/a.jpg')).toBe('theirs')
  await expectOurs(scene, 'Rome/b.jpg')
})

test.each([
  ['kept', at('PutObject', 'Rome/a.jpg.xmp')],
  ['unknown', at('HeadObject', 'Rome/a.jpg.xmp')],
] as const)('a sidecar that somebody has just written is theirs, where conditions are %s', async (conditions, when) => {
  await using scene = await openScene(onePicture())
  scene.store.manners.conditions = conditions
  await scene.stage.run([s3])
  scene.stage.smugmug.world.editImage(pictureOf(scene), { title: 'After' })
  const wrote = theyWrite(scene, 'Rome/a.jpg.xmp', when)
  const { summary } = await scene.stage.run([s3], { full: true })
  expect([summary?.failedInAll, wrote()]).toEqual([0, true])
  expect(await scene.stage.keep.read('Rome/a.jpg.xmp')).toBe('theirs')
})

test('a sidecar that could not be written is written by the next run, whatever came of its picture', async () => {
  for (const isReplaced of [false, true]) {
    await using scene = await openScene(onePicture())
    await scene.stage.run([s3])
    const { world } = scene.stage.smugmug
    if (isReplaced) world.replaceImage(pictureOf(scene))
    world.editImage(pictureOf(scene), { title: 'After' })
    scene.store.fault = (request) => (request.key.endsWith('.xmp') ? { code: 'InvalidRequest' } : undefined)
    const { summary } = await scene.stage.run([s3], { full: true })
    expect([summary?.failed.map(({ reason }) => reason), summary?.notices].join()).toContain('InvalidRequest')
    scene.store.fault = () => undefined
    expect(await scene.stage.run([s3])).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
    expect(await scene.stage.keep.read('Rome/a.jpg.xmp')).toContain('After')
  }
})

test('metadata under our names that is not ours is a foreign object, whatever it says', async () => {
  await using scene = await openScene(onePicture())
  const body = Buffer.from('theirs')
  const etag = createHash('md5').update(body).digest('hex')
  const said = { image: '%', album: '%E0', md5: etag, sha256: createHash('sha256').update(body).digest('hex') }
  const headers = Object.fromEntries(Object.entries(said).map(([name, value]) => [`x-amz-meta-smugdl-${name}`, value]))
  scene.bucket.objects.set('smug/mug/Rome/a.jpg', { body, etag, headers, modifiedAt: new Date() })
  expect((await scene.stage.run([s3])).summary?.exporters.s3).toMatchObject({ new: 1, failed: 0 })
  expect(await scene.stage.keep.read('Rome/a.jpg')).toBe('theirs')
  await expectOurs(scene, `Rome/a [${pictureOf(scene).key}].jpg`)
})

test('an upload in parts that was begun for another version is not gone on with, though the bytes are the same', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  const video = world.addVideo(album, { fileName: 'film.mov', video: { size: 7 * 1024 * 1024 } })
  await using scene = await openScene(world)
  let stop = () => {}
  scene.store.fault = ({ operation }) => {
    if (operation !== 'CompleteMultipartUpload') return undefined
    stop()
    return 'cut request'
  }
  await scene.stage.run([s3], {
    onEvent(_event, controller) {
      stop = () => controller.abort()
    },
  })
  expect(scene.bucket.uploads.size).toBe(1)
  scene.store.fault = () => undefined
  world.replaceImage(video, { seed: video.seed })
  expect((await scene.stage.run([s3])).summary?.failedInAll).toBe(0)
  const [key = ''] = scene.keys()
  expect(scene.bucket.objects.get(`smug/mug/${key}`)?.headers['x-amz-meta-smugdl-serial']).toBe(String(video.serial))
  expect(scene.bucket.uploads.size).toBe(0)
})

test('what came while a large file was on its way stays', async () => {
  const world = new World()
  const video = world.addVideo(world.addAlbum({ name: 'Rome' }), {
    fileName: 'film.mov',
    video: { size: 7 * 1024 * 1024 },
  })
  await using scene = await openScene(world)
  await scene.stage.run([s3])
  const [path = ''] = scene.keys()
  world.replaceImage(video)
  theyWrite(scene, path, ({ operation }) => operation === 'UploadPart')
  expect((await scene.stage.run([s3], { full: true })).summary?.failedInAll).toBe(0)
  expect(await scene.stage.keep.read(path)).toBe('theirs')
  await expectOurs(scene, path.replace('.mp4', ` [${video.key}].mp4`))
})

test('RAW files of one picture have a key each, though their names are alike and must be cut', async () => {
  const world = new World()
  let around = world.addFolder({ name: 'ü'.repeat(120) })
  for (const _ of [2, 3, 4]) around = world.addFolder({ name: 'ü'.repeat(120), in: around })
  const album = world.addAlbum({ name: 'x'.repeat(200), in: around })
  world.source = 'gives'
  const stem = 'y'.repeat(150)
  const companions = [`${stem}.CR2`, `${stem}.DNG`, `${stem}-2.DNG`].map((fileName) => ({ fileName }))
  world.addImage(album, { fileName: `${stem}.JPG`, companions })
  await using scene = await openScene(world, 'p'.repeat(300))
  const { summary } = await scene.stage.run([s3])
  expect(summary?.exporters.s3).toMatchObject({ new: 4, failed: 0 })
  using catalog = scene.stage.openCatalog()
  const rows = [...catalog.deliveries.of('s3')]
  const paths = new Set(rows.map(({ delivery }) => delivery?.path))
  expect([rows.length, paths.size]).toEqual([4, 4])
  const keys = [...paths].map((path = '') => path.slice(path.lastIndexOf('[')))
  expect(new Set(keys).size).toBe(4)
})

test('a run that ends while it finds pictures of a lost catalog again leaves no sidecar that nobody knows of', async () => {
  const world = onePicture()
  for (const album of world.albums.values()) world.addImage(album, { fileName: 'b.jpg' })
  await using scene = await openScene(world)
  const { stage, store } = scene
  await stage.run([s3])
  rmSync(join(stage.output, '.smugdl'), { recursive: true })
  stage.smugmug.world.editImage(pictureOf(scene), { title: 'After' })
  store.fault = ({ key = '' }) => (key.endsWith('.xmp') ? { code: 'NoSuchBucket' } : undefined)
  expect((await stage.run([s3])).error).toMatchObject({ kind: 'destination' })
  store.fault = () => undefined
  await stage.run([s3])
  stage.smugmug.world.removeImage(pictureOf(scene))
  await stage.run([s3], { full: true, mirror: { files: 5 } })
  expect(scene.keys()).toEqual(['Rome/b.jpg'])
})

test('a mirror into the prefix of another account removes none of its pictures, whichever catalog was lost', async () => {
  await using scene = await openScene()
  await scene.stage.run([s3])
  const before = scene.keys()
  const world = new World({ nickName: 'ana', name: 'Ana' })
  const album = world.addAlbum({ key: 'Ana1', name: "Ana's" })
  world.addImage(album, { key: 'Ana2', fileName: 'a.jpg' })
  world.addImage(album, { key: 'Ana3', fileName: 'b.jpg' })
  await using ana = await openStage(world, builtInExporter, async () => scene.stage.keep)
  const mirror = { full: true, mirror: { files: 5 } }
  for (const lost of [undefined, ana.output, scene.stage.output]) {
    if (lost !== undefined) rmSync(join(lost, '.smugdl'), { recursive: true })
    for (const stage of [ana, scene.stage]) {
      const { summary, downloads } = await stage.run([s3], mirror)
      expect(summary).toMatchObject({ removed: 0, failedInAll: 0 })
      expect(downloads).toBe(stage === ana && lost === undefined ? 2 : 0)
    }
    expect(scene.keys()).toEqual(["Ana's/a.jpg", "Ana's/b.jpg", ...before])
  }
})
