import { mkdtempSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { places } from './cases.ts'
import { measured } from './measure.ts'
import type { ServerOptions } from './server.ts'
import { startServer } from './start-server.ts'

interface Options {
  /** What smugdl is started by. */
  command: readonly string[]
  folder: string
  all: boolean
}

const near = { ...places.near, listCostMs: 0 }

/** Each kind of run on accounts of 1,000, 10,000 and, with `all`, 100,000 tiny pictures with captions, and so with sidecars; and how the processor's time grows with them. */
export async function growth({ all, ...options }: Options): Promise<string> {
  const sizes = [1000, 10_000, ...(all ? [100_000] : [])]
  const rows: string[] = []
  const before = new Map<string, { images: number; processor: number }>()
  for (const images of sizes) {
    const account = { albums: images / 100, imagesPerAlbum: 100, bytes: 500, caption: 'By the river' }
    for (const run of await runs({ ...near, ...account }, options)) {
      const smaller = before.get(run.name)
      const exponent = smaller && Math.log(run.processor / smaller.processor) / Math.log(images / smaller.images)
      rows.push(line(images, run, exponent?.toFixed(2) ?? ''))
      before.set(run.name, { images, processor: run.processor })
    }
  }
  return table('growth', rows)
}

/**
 * Accounts that SmugMug takes 30 ms an image to list: many in one album, and in many albums. In the last column what it cannot be quicker than, by how
 * many pages there are at once: four of one album, eight of all.
 */
export async function listing({ all, ...options }: Options): Promise<string> {
  const rows: string[] = []
  const accounts = all
    ? [
        { albums: 1, imagesPerAlbum: 5000 },
        { albums: 400, imagesPerAlbum: 250 },
      ]
    : [
        { albums: 1, imagesPerAlbum: 2000 },
        { albums: 20, imagesPerAlbum: 100 },
      ]
  for (const account of accounts) {
    const images = account.albums * account.imagesPerAlbum
    const atOnce = account.albums === 1 ? 4 : 8
    const kinds = [['download', '-q'], ['check']]
    for (const run of await runs({ ...near, ...account, bytes: 500, listCostMs: 30 }, options, kinds)) {
      const { firstByte } = run
      const first = firstByte === undefined ? '' : ` (first byte after ${firstByte.toFixed(1)} s)`
      rows.push(line(images, { ...run, name: `${run.name}${first}` }, ((images * 0.03) / atOnce).toFixed(1)))
    }
  }
  return table('listing at 30 ms an image', rows)
}

interface Run {
  name: string
  seconds: number
  processor: number
  memory: number
  requests: number
  /** Megabytes. */
  catalog: number
  /** Seconds after which the first picture was asked for; undefined where none was. */
  firstByte: number | undefined
}

const everyKind = [
  ['download', '-q'],
  ['download', '-q'],
  ['download', '-q', '--full'],
  ['check'],
  ['verify', '--quick'],
  ['verify'],
]

/** One after the other in one home. */
async function runs(
  account: ServerOptions,
  { command, folder }: Omit<Options, 'all'>,
  kinds = everyKind,
): Promise<Run[]> {
  const server = await startServer(account)
  const home = join(mkdtempSync(join(folder, 'home-')), 'photos')
  const env = { ...server.served.environment, SMUGDL_CONFIG_DIR: join(folder, 'config') }
  try {
    const done: Run[] = []
    for (const [number, args] of kinds.entries()) {
      const before = await server.work()
      // `check` of a home that holds a list alone says that the pictures are missing.
      const ends = args[0] === 'check' ? [0, 1] : [0]
      const beganAt = Date.now()
      const cost = await measured([...command, ...args, '-o', home], { folder, env, ends })
      const { requests, firstPictureAt } = await server.work()
      const catalog = statSync(join(home, '.smugdl/catalog.sqlite')).size / 1e6
      const firstByte = firstPictureAt === undefined ? undefined : (firstPictureAt - beganAt) / 1000
      const name = number === 1 && kinds === everyKind ? 'nothing new' : args.filter((arg) => arg !== '-q').join(' ')
      done.push({ name, ...cost, requests: requests - before.requests, catalog, firstByte })
    }
    return done
  } finally {
    server.stop()
  }
}

function line(images: number, run: Run, last: string): string {
  const { name, seconds, processor, memory, requests, catalog } = run
  const each = ((processor / images) * 1e6).toFixed(0)
  const cells = [images.toLocaleString('en'), name, seconds.toFixed(1), processor.toFixed(1), each, memory.toFixed(0)]
  return `| ${[...cells, requests.toLocaleString('en'), catalog.toFixed(1), last].join(' | ')} |`
}

function table(name: string, rows: readonly string[]): string {
  const last = name === 'growth' ? 'grows by the power of' : 'no less than, s'
  return [
    `**${name}**`,
    '',
    `| pictures | run | seconds | processor, s | µs a picture | peak, MB | requests | catalog, MB | ${last} |`,
    `|${' --- |'.repeat(9)}`,
    ...rows,
    '',
  ].join('\n')
}
