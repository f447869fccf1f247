import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { syncFile } from '../../src/engine/files/fsync.ts'
import { stagingOf } from '../../src/engine/files/staging.ts'
import type { Album, Exporter, ExporterContext, Image, VerifiedFile } from '../../src/exporter/types.ts'
import { pluginAt } from '../../src/plugin-host/find.ts'
import { loadPlugin } from '../../src/plugin-host/parent/plugin.ts'
import { noGrants } from '../../src/plugin-host/permissions.ts'

/*
 * What the border around a plugin costs: the same exporter, which copies each file, as a plugin in its process and inside ours. The
 * fastest of several rounds counts, in turns, so that both meet the same machine; a busy one shows only itself, since two processes wait
 * for it instead of one. What is asked for is in brackets, and makes this fail.
 */
const rounds = 5
const sizes = [
  { what: 'pictures of 4 MB', bytes: 4_000_000, count: 100, most: 1.3 },
  { what: 'small ones of 200 kB', bytes: 200_000, count: 300, most: undefined },
]

/** What SmugMug says of them crosses the border too. */
const image = { key: 'kQ3v9Zt', serial: 0, title: 'Rome', keywords: ['walk'], raw: { Caption: 'x'.repeat(4000) } }
const album = { key: 'Wq8Rt2', name: 'Rome', directory: ['Travel', 'Rome'], raw: { Description: 'x'.repeat(2000) } }

const source = `
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
export default {
  name: 'copies',
  apiVersion: 1,
  create: (context) => ({
    async deliver(image, file) {
      await copyFile(file.path, join(context.output, image.name))
      return { path: image.name }
    },
  }),
}
`

const root = dirname(dirname(import.meta.dirname))
const program = [process.execPath, join(root, 'dist/smugdl.mjs')]
const folder = await mkdtemp(join(tmpdir(), 'smugdl-bench-'))
try {
  const path = join(folder, 'copies.mjs')
  await writeFile(path, source)
  const inside: Exporter = (await import(path)).default
  const found = await pluginAt(path)
  if (found === undefined) throw new Error(`${path} is no plugin`)
  await using outside = await loadPlugin(found, {
    program,
    env: process.env,
    grants: noGrants,
    staging: (folder) => stagingOf(dirname(folder)),
  })
  for (const size of sizes) await compare(inside, outside, size)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function compare(
  inside: Exporter,
  outside: Exporter,
  { what, bytes, count, most }: (typeof sizes)[number],
): Promise<void> {
  const fastest = { inside: Number.POSITIVE_INFINITY, outside: Number.POSITIVE_INFINITY }
  for (let round = 0; round < rounds; round++) {
    fastest.inside = Math.min(fastest.inside, await secondsOf(inside, bytes, count))
    fastest.outside = Math.min(fastest.outside, await secondsOf(outside, bytes, count))
  }
  const ratio = fastest.outside / fastest.inside
  const speed = (seconds: number) => `${((bytes * count) / seconds / 1e6).toFixed(0)} MB/s`
  const wanted = most === undefined ? '' : ` [≤ ${most}]`
  console.log(
    `${what}: built in ${speed(fastest.inside)}, as a plugin ${speed(fastest.outside)}; ${ratio.toFixed(2)} ×${wanted}`,
  )
  if (most !== undefined && ratio > most) process.exitCode = 1
}

/** Delivers this number of staged files, one after the other, and makes each durable: by the engine for the one, as the other would have to do. */
async function secondsOf(exporter: Exporter, bytes: number, count: number): Promise<number> {
  const home = await mkdtemp(join(folder, 'home-'))
  const staging = join(home, '.smugdl/staging')
  const output = join(home, exporter.name)
  await mkdir(staging, { recursive: true })
  await mkdir(output)
  const path = join(staging, 'file')
  await writeFile(path, randomBytes(bytes))
  const file = { path, kind: 'original', size: bytes, md5: '', sha256: '', contentType: 'image/jpeg' } as VerifiedFile
  const hooks = await exporter.create(contextOf(output))
  const began = performance.now()
  for (let number = 0; number < count; number++) {
    const named = { ...image, name: `${number}.jpg` } as unknown as Image
    await hooks.deliver(named, file, { album: album as unknown as Album })
    await syncFile(join(output, named.name))
  }
  const seconds = (performance.now() - began) / 1000
  await rm(home, { recursive: true })
  return seconds
}

function contextOf(output: string): ExporterContext {
  const log = { debug() {}, info() {}, warn() {} }
  const { signal } = new AbortController()
  return { output, log, signal, options: {}, dryRun: false, version: '0' } as unknown as ExporterContext
}
