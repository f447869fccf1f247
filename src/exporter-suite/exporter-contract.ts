import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exporter, ExporterContext, Hooks, Image, PendingDelivery, VerifiedFile } from '../exporter/types.ts'
import { World } from '../simulator/world.ts'
import { foundHere, givesBack, proveDeliveries } from './assert-output.ts'
import type { OpenKeep } from './keep.ts'
import { sample } from './sample.ts'
import { openStage, type Ran, type RunOptions, type Stage } from './stage.ts'
import { type Moment, watched } from './watched.ts'

/** A requirement for every exporter, described by its name. `run` throws a sentence if the exporter does not meet it. */
export interface Check {
  readonly name: string
  run(): Promise<void>
}

/**
 * The requirements for every exporter, whatever its output looks like, tested with the real engine, a simulated SmugMug on this computer and
 * temporary folders. The exporter runs as an external plugin unless `install` says otherwise. Works with any test runner:
 * `for (const { name, run } of exporterContract(mine)) test(name, run)`. An exporter that keeps its files elsewhere is tested as thoroughly
 * with an `openKeep`, which opens a new place for each output; without one only its own answers are checked.
 */
export function exporterContract(exporter: Exporter, install?: Stage['install'], openKeep?: OpenKeep): Check[] {
  const open = (world: World) => openStage(world, install, openKeep)
  return Object.entries(checks).map(([name, check]) => ({ name, run: () => check(exporter, open) }))
}

const checks: Record<string, (exporter: Exporter, openStage: (world: World) => Promise<Stage>) => Promise<void>> = {
  async 'brings everything, and a second run finds nothing to do'(exporter, openStage) {
    await using stage = await openStage(sample())
    const first = await run(exporter, stage)
    assert.equal(first.downloads, fetches(exporter) ? imagesIn(stage) : 0, 'each picture is downloaded once')
    const before = await stage.keep.files()
    const second = await run(exporter, stage, { full: true })
    assert.equal(second.downloads, 0, 'nothing is downloaded again')
    assert.equal(second.counts.unchanged, second.counts.listed, 'everything is unchanged')
    assert.deepEqual(await stage.keep.files(), before, 'a run that finds nothing to do changes no file')
  },

  async 'leaves an album alone that is as it was'(exporter, openStage) {
    await using stage = await openStage(sample())
    await run(exporter, stage)
    const before = await stage.keep.files()
    const { downloads, summary } = await run(exporter, stage)
    assert.ok(summary.albums.trusted > 0, 'no album is listed again')
    assert.equal(downloads, 0, 'nothing is downloaded again')
    assert.deepEqual(await stage.keep.files(), before, 'no file changes')
  },

  async 'keeps images apart that have one file name, in one album, in two, and in two folders'(exporter, openStage) {
    const world = new World()
    for (const folder of ['One', 'Two']) {
      const around = world.addFolder({ name: folder })
      for (const album of ['Same', 'Same']) {
        const inside = world.addAlbum({ name: album, in: around })
        for (const fileName of ['a.jpg', 'a.jpg', 'A.JPG', 'ａ.jpg'])
          world.addImage(inside, { fileName, capturedAt: '2019-05-01T10:00:01' })
      }
    }
    await using stage = await openStage(world)
    await run(exporter, stage)
  },

  async 'brings again what was deleted'(exporter, openStage) {
    await using stage = await openStage(sample())
    await run(exporter, stage)
    const before = await stage.keep.files()
    await stage.keep.empty()
    assert.deepEqual(await foundHere(exporter, stage), [], 'inspect() finds missing what is deleted')
    await run(exporter, stage, { full: true })
    assert.deepEqual([...(await stage.keep.files()).keys()], [...before.keys()], 'all that was deleted is there again')
  },

  async 'has written its file when its hook returns'(exporter, openStage) {
    await using stage = await openStage(sample())
    const early: string[] = []
    const sizes = new Map<string, number | undefined>()
    let output = ''
    const sizeOf = (path: string) => statSync(join(output, path), { throwIfNoEntry: false })?.size
    const watching = heard(exporter, (returned, _image, _file, context) => {
      output = context.output
      const path = exporter.keeps === undefined || exporter.keeps === 'here' ? pathIn(returned) : undefined
      if (path !== undefined) sizes.set(path, sizeOf(path))
    })
    await attempt(watching, stage)
    await new Promise(setImmediate)
    for (const [path, size] of sizes) if (size === undefined || size !== sizeOf(path)) early.push(path)
    assert.deepEqual(early, [], 'await what you write before you return its path')
  },

  async 'takes names of every kind, and writes nowhere else'(exporter, openStage) {
    const world = new World()
    const names = [
      '../../up',
      'CON',
      'ends with a dot.',
      '👩‍👩‍👧 اردو עברית',
      'Cafe\u0301',
      'a/b\\c:d*e?"f"<g>|h',
      `${'long '.repeat(60)}`,
      '.hidden',
    ]
    const folder = world.addFolder({ name: '..' })
    for (const name of names) world.addImage(world.addAlbum({ name, in: folder }), { fileName: `${name}.jpg` })
    await using stage = await openStage(world)
    await run(exporter, stage)
  },

  async 'takes albums without images, and videos'(exporter, openStage) {
    const world = new World()
    world.addAlbum({ name: 'Empty' })
    world.addVideo(world.addAlbum({ name: 'Films' }), { fileName: 'clip.mov' })
    await using stage = await openStage(world)
    const { counts } = await run(exporter, stage)
    assert.equal(counts.new, 1, 'the video comes')
    assert.equal((await run(exporter, stage, { full: true })).downloads, 0, 'it comes once')
  },

  async 'follows when images, albums and folders are renamed'(exporter, openStage) {
    await using stage = await openStage(sample())
    const { world } = stage.smugmug
    await run(exporter, stage)
    const before = await stage.keep.files()
    const isFoundAgain = await givesBack(exporter, stage)
    for (const node of [...world.nodes.values()]) if (node.parent) world.rename(node, `New ${node.name}`)
    for (const image of world.images.values()) world.editImage(image, { fileName: `new-${image.fileName}` })
    const { downloads } = await run(exporter, stage, { full: true })
    const after = await stage.keep.files()
    assert.ok(after.size <= before.size, `renaming leaves nothing behind: ${[...after.keys()].join(', ')}`)
    if (isFoundAgain) assert.equal(downloads, 0, 'what is at home is not downloaded to be renamed')
    await run(exporter, stage, { full: true })
    assert.deepEqual(await stage.keep.files(), after, 'the next run finds nothing to do')
  },

  async 'takes the new bytes of an image that is replaced'(exporter, openStage) {
    await using stage = await openStage(sample())
    const { world } = stage.smugmug
    await run(exporter, stage)
    const [image] = world.images.values()
    assert.ok(image)
    world.replaceImage(image)
    const { downloads } = await run(exporter, stage, { full: true })
    assert.equal(downloads, fetches(exporter) ? 1 : 0, 'only what is new is downloaded')
  },

  async 'keeps what is no longer on SmugMug'(exporter, openStage) {
    await using stage = await openStage(sample())
    const { world } = stage.smugmug
    await run(exporter, stage)
    const before = await proveDeliveries(exporter, stage)
    for (const album of [...world.albums.values()].slice(0, 1)) world.removeNode(album)
    const [image] = world.images.values()
    if (image !== undefined) world.removeImage(image)
    await run(exporter, stage, { full: true })
    assert.deepEqual(await proveDeliveries(exporter, stage), before, 'all deliveries are there as before')
  },

  async 'brings the others when one image fails, and that one later'(exporter, openStage) {
    await using stage = await openStage(sample())
    const { world } = stage.smugmug
    const [image] = world.images.values()
    assert.ok(image)
    const { rights } = image
    image.rights = 'none'
    const { summary } = await attempt(exporter, stage)
    const counts = summary?.exporters[exporter.name]
    if (wantsBytes(exporter)) assert.equal(counts?.failed, 1, 'one image fails')
    assert.equal(counts?.new, imagesIn(stage) - (wantsBytes(exporter) ? 1 : 0), 'the others come')
    await proveDeliveries(exporter, stage)
    image.rights = rights
    world.editImage(image, { title: 'to be had again' })
    await run(exporter, stage, { full: true, now: Date.now() + 100 * 24 * 60 * 60 * 1000 })
  },

  async 'writes nothing in a dry run'(exporter, openStage) {
    await using stage = await openStage(sample())
    await attempt(exporter, stage, { dryRun: true })
    assert.deepEqual([...(await stage.keep.files()).keys()], [], 'no file is written')
  },

  async "overwrites nothing of the user's"(exporter, openStage) {
    const world = sample()
    await using there = await openStage(world)
    await run(exporter, there)
    const paths = [...(await there.keep.files()).keys()]
    await using stage = await openStage(world)
    for (const path of paths) await stage.keep.plant(path, `the user's ${path}`)
    await attempt(exporter, stage)
    for (const path of paths) assert.equal(await stage.keep.read(path), `the user's ${path}`, `${path} is theirs`)
  },

  async 'changes no staged file'(exporter, openStage) {
    await using stage = await openStage(sample())
    const changed: string[] = []
    const audited = heard(exporter, async (_returned, image, file) => {
      const bytes = file && (await readFile(file.path).catch(() => undefined))
      if (bytes && createHash('sha256').update(bytes).digest('hex') !== file.sha256) changed.push(image.name)
    })
    await run(audited, stage)
    assert.deepEqual(changed, [], 'staged files are shared, and only to be read')
  },

  async 'is found whole by the next run, killed at whatever moment'(exporter, openStage) {
    await using stage = await openStage(sample())
    const left: { moment: Moment; fork: Stage }[] = []
    await using forks = new AsyncDisposableStack()
    let state = ''
    const dying = watched(exporter, async (moment) => {
      let now = stage.fingerprint()
      if (stage.keep.fingerprint !== undefined) now += await stage.keep.fingerprint()
      const isNew = now !== state
      state = now
      if (isNew) left.push({ moment, fork: forks.use(await stage.fork()) })
    })
    await run(dying, stage, { concurrency: 1 })
    const whole = [...(await stage.keep.files()).keys()]
    for (const { moment, fork } of left) {
      await run(exporter, fork).catch((error) => {
        throw new Error(`killed ${moment.when} ${moment.what}: ${error.message}`, { cause: error })
      })
      const found = [...(await fork.keep.files()).keys()]
      assert.deepEqual(found, whole, `killed ${moment.when} ${moment.what}: the same files in the end`)
    }
  },

  async 'loses nothing on a disk that is full at whatever moment'(exporter, openStage) {
    for (let failAt = 1; ; failAt++) {
      let operations = 0
      await using stage = await openStage(sample())
      const failing = watched(exporter, ({ when, what }) => {
        if (when === 'after' || !/^(context|file)\./.test(what)) return
        operations += 1
        if (operations === failAt) throw Object.assign(new Error('ENOSPC: no space left on device, write'), full)
      })
      const { summary, error } = await attempt(failing, stage, { concurrency: 1 })
      if (operations < failAt) return
      const isTold = error !== undefined || (summary?.failedInAll ?? 0) > 0
      if (!isTold) await proveDeliveries(exporter, stage)
      await run(exporter, stage)
    }
  },

  async 'ends when it is told to, and goes on where it stopped'(exporter, openStage) {
    const count = imagesIn({ smugmug: { world: sample() } })
    for (let stopAt = 1; stopAt <= count; stopAt++) {
      await using stage = await openStage(sample())
      let delivered = 0
      let stop: AbortController | undefined
      let isAborted = false
      const late: string[] = []
      const stopping = watched(exporter, ({ when, what }) => {
        if (when === 'before' && isAborted && !what.startsWith('context') && !what.startsWith('file')) late.push(what)
        if (when === 'before' && what === 'abort') isAborted = true
        if (when === 'after' && what === 'deliver' && ++delivered === stopAt) stop?.abort()
      })
      const first = await attempt(stopping, stage, {
        concurrency: 1,
        onEvent(_event, controller) {
          stop = controller
        },
      })
      assert.deepEqual(late, [], 'no hook is called after abort')
      if (delivered < stopAt) continue
      assert.ok(first.error, 'the run ends')
      const second = await run(exporter, stage)
      const fetched = [...first.events, ...second.events].filter(({ type }) => type === 'image.fetched').length
      assert.equal(fetched, wantsBytes(exporter) ? count : 0, 'nothing that came is downloaded again')
    }
  },

  async 'returns deliveries that can be stored and sent'(exporter, openStage) {
    await using stage = await openStage(sample())
    const returned: unknown[] = []
    await run(
      heard(exporter, (delivery) => void returned.push(delivery)),
      stage,
    )
    for (const delivery of returned)
      if (delivery !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(delivery)), delivery, 'a delivery is JSON')
  },
}

const full = { code: 'ENOSPC', syscall: 'write', errno: -28 }

function imagesIn({ smugmug: { world } }: { smugmug: { world: World } }): number {
  return [...world.albums.values()].reduce((sum, { images }) => sum + images.length, 0)
}

/** Number of pictures or small copies, each of which is one download. */
function fetches(exporter: Exporter): boolean {
  return wantsBytes(exporter) || exporter.wantsSmallCopies === true
}

function wantsBytes({ needs }: Exporter): boolean {
  return needs !== 'listing'
}

/** The path of a delivery that already exists; a pending one need not exist yet. */
function pathIn(returned: unknown): string | undefined {
  const delivery = returned as Partial<PendingDelivery> | undefined
  return delivery?.pending ? undefined : delivery?.path
}

/** The same exporter, with `onDelivered` called with the result for each image. */
function heard(
  exporter: Exporter,
  onDelivered: (
    returned: unknown,
    image: Image,
    file: VerifiedFile | undefined,
    context: ExporterContext,
  ) => Promise<void> | void,
): Exporter {
  return {
    ...exporter,
    async create(context) {
      const hooks = await exporter.create(context)
      const deliver: Hooks['deliver'] = async (image, file, where): Promise<undefined> => {
        const returned = await hooks.deliver(image, file, where)
        await onDelivered(returned, image, file, context)
        return returned as undefined
      }
      return { ...hooks, deliver }
    },
  }
}

function attempt(exporter: Exporter, stage: Stage, how: RunOptions = {}): Promise<Ran> {
  return stage.run([exporter], how)
}

/** A run that must download everything, and after which everything recorded must exist. */
async function run(exporter: Exporter, stage: Stage, how: RunOptions = {}) {
  const { summary, error, ...ran } = await attempt(exporter, stage, how)
  if (summary === undefined) throw error
  const failed = summary.failed.map(({ item, reason, next }) => `${item}: ${[reason, next].filter(Boolean).join('. ')}`)
  assert.deepEqual(failed, [], 'nothing fails')
  await proveDeliveries(exporter, stage)
  const counts = summary.exporters[exporter.name]
  assert.ok(counts)
  return { ...ran, summary, counts }
}
