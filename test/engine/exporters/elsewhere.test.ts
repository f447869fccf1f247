import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtInExporter, staysHere } from '../../../src/engine/exporters/installed.ts'
import { DestinationError, type Exporter, type ExporterContext, type Network } from '../../../src/exporter/index.ts'
import { exporterContract } from '../../../src/exporter-suite/exporter-contract.ts'
import { sample } from '../../../src/exporter-suite/sample.ts'
import { openStage } from '../../../src/exporter-suite/stage.ts'
import { World } from '../../../src/simulator/world.ts'
import { distant, keepOf } from './elsewhere.ts'

const open = () => openStage(sample(), builtInExporter)
const images = 5

test('what an exporter keeps elsewhere is not downloaded again after the catalog was lost', async () => {
  await using stage = await open()
  const kept = new Map()
  expect(await stage.run([distant(kept)])).toMatchObject({ downloads: images })
  await rm(join(stage.output, '.smugdl'), { recursive: true })
  const dry = await stage.run([distant(kept)], { dryRun: true })
  expect(dry.summary?.exporters.distant).toMatchObject({ unchanged: images, new: 0 })
  await rm(join(stage.output, '.smugdl'), { recursive: true })
  const { downloads, summary } = await stage.run([distant(kept)])
  expect(downloads).toBe(0)
  expect(summary?.exporters.distant).toMatchObject({ listed: images, unchanged: images, failed: 0 })
  expect(await stage.run([distant(kept)], { full: true })).toMatchObject({ downloads: 0 })
})

test('an exporter that finds other bytes than SmugMug announces is not believed', async () => {
  await using stage = await open()
  const kept = new Map()
  await stage.run([distant(kept)])
  for (const one of kept.values()) one.facts = { ...one.facts, md5: 'f'.repeat(32) }
  await rm(join(stage.output, '.smugdl'), { recursive: true })
  expect(await stage.run([distant(kept)])).toMatchObject({ downloads: images })
})

test('a destination that is gone ends the run once, and not picture by picture', async () => {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  for (let number = 1; number <= 30; number++) world.addImage(album, { fileName: `${number}.jpg` })
  await using stage = await openStage(world, builtInExporter)
  let asked = 0
  const gone = distant(new Map(), {
    async deliver() {
      asked += 1
      throw new DestinationError('The bucket is gone', { next: 'Make it again' })
    },
  })
  const { error, summary } = await stage.run([gone], { concurrency: 1 })
  expect(error).toMatchObject({ kind: 'destination', what: 'distant: The bucket is gone', next: 'Make it again' })
  expect(summary).toBeUndefined()
  expect(asked).toBeLessThan(10)
  expect(await stage.run([distant()])).toMatchObject({ summary: { failedInAll: 0 } })
})

test('room on this disk is needed for what stays here, and for nothing else', () => {
  const stays = (one: Partial<Exporter>) => staysHere(builtInExporter({ ...distant(), ...one }))
  expect([stays({ keeps: 'here' }), stays({}), stays({ keeps: 'nothing' })]).toEqual([true, false, false])
})

test('uploads are told while the run goes on', async () => {
  await using stage = await open()
  const { events } = await stage.run([distant()])
  const uploaded = events.flatMap((event) => (event.type === 'uploaded' ? [event.bytes] : []))
  const { summary } = await stage.run([distant(new Map())], { full: true })
  expect(uploaded).toHaveLength(images)
  expect(uploaded.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(0)
  expect(summary?.failedInAll).toBe(0)
})

test('how the network is reached is told to our own exporters, and to no plugin', async () => {
  const seen: (Network | undefined)[] = []
  const curious = {
    ...distant(),
    create: (context: ExporterContext) => {
      seen.push(context.network)
      return distant().create(context)
    },
  }
  const reach = { proxy: { https: 'http://proxy.example:8080' }, userAgent: 'smugdl/1' }
  for (const install of [builtInExporter, undefined]) {
    await using stage = await openStage(sample(), install)
    await stage.run([curious], { reach })
  }
  expect(seen).toEqual([reach, undefined])
})

test('the suite looks into the place where an exporter keeps its files', async () => {
  const failing = async (exporter: (kept: Map<string, never>) => Exporter) => {
    const kept = new Map<string, never>()
    const openKeep = async () => {
      kept.clear()
      return keepOf(kept)
    }
    const failed: string[] = []
    for (const { name, run } of exporterContract(exporter(kept), builtInExporter, openKeep))
      if (/user|deleted|renamed/.test(name)) await run().catch(() => failed.push(name))
    return failed
  }
  expect(await failing((kept) => distant(kept))).toEqual([])
  const ruthless = (kept: Map<string, never>) =>
    distant(kept, {
      async deliver(image, file, { album }) {
        const path = [...album.directory, image.name].join('/')
        const { kind, size, md5, sha256, contentType } = file
        const facts = { kind, size, md5, sha256, contentType }
        kept.set(path, {
          bytes: await import('node:fs/promises').then(({ readFile }) => readFile(file.path)),
          image: `${album.key}/${image.key}`,
          facts,
        } as never)
        return { path, digest: sha256 }
      },
    })
  expect(await failing(ruthless)).toEqual(["overwrites nothing of the user's"])
})
