import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { RunEvent } from '../engine/events.ts'
import { SmugdlError } from '../error.ts'
import type { Simulator } from '../simulator/simulate.ts'
import { version } from '../version.ts'
import type { PluginChoice } from './chosen-exporters.ts'
import type { Environment, Surroundings } from './environment.ts'
import { pathGiven } from './path-given.ts'

export interface DemoOptions extends PluginChoice {
  /** A new or empty folder; absent: one that the demo finds a name for. */
  readonly output: string | undefined
  readonly concurrency?: number | undefined
  /** Instead of `folder`; what they make of the account is compared with nothing. */
  readonly exporter?: readonly string[]
  /** Makes the gallery too. */
  readonly gallery: boolean
  /** Where the account is offered; 0 is any free port. */
  readonly port: number
}

/** What came home of the demo's account, by MD5 against the simulator's own list. */
export interface Demo {
  /** Absolute. */
  output: string
  /** Nothing is missing, nothing unexpected, and no more failed than could not be had. */
  isExact: boolean
  /** Whether the files at home were looked at: what other exporters make, nobody knows. */
  isCompared: boolean
  /** Files at home with the bytes that the account holds. */
  same: number
  /** Held by the account, and not at home. */
  missing: number
  /** At home, and not what the account holds. */
  unexpected: number
  /** Listed, but nobody could have it: still being processed. */
  unavailable: number
}

/** Brings the account of a small SmugMug on this machine home, and compares. Throws `destination` where the folder holds anything. */
export async function demo(options: DemoOptions, use: Surroundings<RunEvent>): Promise<Demo> {
  const { exporter = [] } = options
  const isCompared = exporter.length === 0
  await using simulator = await openDemo(options.port)
  const output = await newFolder(options.output, use.environment)
  const { origin, credentials } = simulator
  const { download } = await import('./download.ts')
  const summary = await download(
    {
      ...(isCompared ? { plugins: false } : options),
      account: { credentials, connection: { origin, userAgent: `smugdl/${version}` } },
      concurrency: options.concurrency,
      output,
      exporter: [...(isCompared ? ['folder'] : exporter), ...(options.gallery ? ['gallery'] : [])],
    },
    use,
  )
  const comparison = isCompared
    ? await compare(output, simulator, options.gallery)
    : { ...nothing, ...offered(simulator) }
  const { missing, unexpected, unavailable } = comparison
  const isExact = missing + unexpected === 0 && summary.failedInAll === unavailable
  return { output, isExact, isCompared, ...comparison }
}

const nothing = { same: 0, missing: 0, unexpected: 0 }

function offered(simulator: Simulator): { unavailable: number } {
  return { unavailable: [...simulator.listing()].filter(({ available }) => available === 'none').length }
}

/** Offers the demo's account until the signal; `offered` gets the variables with which smugdl finds it. */
export async function serveDemo(
  { port }: Pick<DemoOptions, 'port'>,
  { signal }: Pick<Surroundings, 'signal'>,
  offered: (environment: Simulator['environment']) => void,
): Promise<void> {
  await using simulator = await openDemo(port)
  offered(simulator.environment)
  if (!signal.aborted) await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }))
}

async function openDemo(port: number): Promise<Simulator> {
  const [{ simulate }, { demoWorld }] = await Promise.all([
    import('../simulator/simulate.ts'),
    import('../simulator/demo.ts'),
  ])
  return simulate(demoWorld(), { port })
}

/** The folder that the user names, or a new one beside. Never one that holds anything. */
async function newFolder(named: string | undefined, environment: Environment): Promise<string> {
  if (named !== undefined) {
    const folder = pathGiven(named, environment)
    if (await isFree(folder)) return folder
    throw new SmugdlError('destination', {
      what: 'The demo needs a new or empty folder',
      item: folder,
      next: 'Name another one with --output',
    })
  }
  for (let number = 1; ; number++) {
    const folder = resolve(environment.cwd, number === 1 ? 'smugmug_demo' : `smugmug_demo-${number}`)
    if (await isFree(folder)) return folder
  }
}

async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false
    throw error
  }
}

type Comparison = Omit<Demo, 'output' | 'isExact' | 'isCompared'>

/** Home against the simulator's own list, by MD5. */
async function compare(output: string, simulator: Simulator, hasGallery: boolean): Promise<Comparison> {
  const expected = new Map<string, number>()
  let unavailable = 0
  for (const { available, md5 } of simulator.listing()) {
    if (available === 'none') unavailable++
    else expected.set(md5, (expected.get(md5) ?? 0) + 1)
  }
  let same = 0
  let unexpected = 0
  for await (const file of filesIn(output)) {
    if (isDescription(file)) continue
    if (hasGallery && /^(?:index\.html$|gallery[/\\])/.test(relative(output, file))) continue
    const md5 = await md5Of(file)
    const left = expected.get(md5) ?? 0
    if (left > 0) same++
    else unexpected++
    expected.set(md5, Math.max(0, left - 1))
  }
  const missing = [...expected.values()].reduce((sum, left) => sum + left, 0)
  return { same, missing, unexpected, unavailable }
}

/** What SmugMug knows of a picture, an album or a folder: no file of the account. */
function isDescription(file: string): boolean {
  return /\.xmp$|[/\\](?:album|folder)\.json$/.test(file)
}

async function* filesIn(output: string): AsyncGenerator<string> {
  for (const entry of await readdir(output, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !relative(output, path).startsWith('.smugdl')) yield path
  }
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
