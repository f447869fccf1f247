import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pathGiven, pathShown } from '../../app/path-given.ts'
import { counted } from '../../app/text/quantities.ts'
import { SmugdlError } from '../../error.ts'
import type { Simulator } from '../../simulator/simulate.ts'
import { version } from '../../version.ts'
import { type Context, defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { downloadsFlag, eventsFlag, logFlags, progressFlag } from '../flags.ts'
import { listenForInterrupt } from '../interrupt.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import { parse } from '../parse.ts'
import { showRun } from '../show-run.ts'
import { treeOf } from '../tree.ts'

export const demo = defineCommand({
  about:
    'Starts a small SmugMug on this machine, with an account of about 300 images, brings that home as `smugdl download` does, and compares what came with what the account holds.',
  flags: {
    output: {
      type: 'text',
      short: 'o',
      hint: 'DIR',
      path: 'directory',
      help: 'A new or empty folder; smugmug_demo here if none is named, or the next free smugmug_demo-2 …',
    },
    ...downloadsFlag,
    gallery: { type: 'boolean', default: false, help: 'Make the gallery too: web pages that open with a double click' },
    serve: { type: 'boolean', default: false, help: 'Only offer the account, until Ctrl-C, and say how to reach it' },
    port: { type: 'integer', hint: 'N', default: 0, min: 0, max: 65535, help: 'Where it listens; 0 is any free one' },
    ...eventsFlag,
    ...progressFlag,
    ...logFlags,
  },
  examples: [
    ['smugdl demo', 'brings the demo account home into ./smugmug_demo'],
    ['smugdl demo -o /tmp/demo --concurrency 2', 'does so elsewhere, two downloads at once'],
    ['smugdl demo --gallery', 'leaves a gallery to look at: open its index.html'],
    ['smugdl demo --serve', 'offers the account to a smugdl in another terminal'],
  ],
  exits: {
    ...exits(1, 2, 4, 70, 130),
    0: 'home is exactly what the demo account allows, its unfinished video aside',
    1: 'home is not what the demo account holds',
  },
  async run(values, context) {
    const { io } = context
    const [{ simulate }, { demoWorld }] = await Promise.all([
      import('../../simulator/simulate.ts'),
      import('../../simulator/demo.ts'),
    ])
    await using simulator = await simulate(demoWorld(), { port: values.port })
    if (values.serve) return await serve(simulator, values.json, io)

    const output = await newFolder(values.output, io)
    const { origin, credentials } = simulator
    const account = { credentials, connection: { origin, userAgent: `smugdl/${version}` } }
    const options = {
      account,
      output,
      concurrency: values.concurrency,
      plugins: false,
      exporter: values.gallery ? ['folder', 'gallery'] : ['folder'],
    }
    const { download } = await import('../../app/download.ts')
    const summary = await showRun(values, context, (use) => download(options, use))
    const comparison = await compare(output, simulator, values.gallery)
    const isExact = comparison.missing + comparison.unexpected === 0 && summary.failedInAll === comparison.unavailable
    if (values.json) io.stdout.write(jsonLine({ type: 'demo.finished', output, isExact, ...comparison }))
    else if (!values.quiet || !isExact) io.stdout.write(await report(output, isExact, comparison, values.gallery, io))
    return isExact ? 0 : exitCodes.item
  },
})

/** The demo as `smugdl demo` shows it. */
export async function tryDemo(context: Context): Promise<void> {
  await demo.run(parse('demo', demo, [], {}) as never, context)
}

/** The folder that the user names, or a new one beside. Never one that holds anything. */
async function newFolder(named: string | undefined, io: Io): Promise<string> {
  if (named !== undefined) {
    const folder = pathGiven(named, io)
    if (await isFree(folder)) return folder
    throw new SmugdlError('destination', {
      what: 'The demo needs a new or empty folder',
      item: folder,
      next: 'Name another one with --output',
    })
  }
  for (let number = 1; ; number++) {
    const folder = resolve(io.cwd, number === 1 ? 'smugmug_demo' : `smugmug_demo-${number}`)
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

interface Comparison {
  /** Files at home with the bytes that the account holds. */
  same: number
  /** Held by the account, and not at home. */
  missing: number
  /** At home, and not what the account holds. */
  unexpected: number
  /** Listed, but nobody could have it: still being processed. */
  unavailable: number
}

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

async function report(
  output: string,
  isExact: boolean,
  comparison: Comparison,
  hasGallery: boolean,
  io: Io,
): Promise<string> {
  const { same, missing, unexpected, unavailable } = comparison
  const verdict = isExact
    ? `Home is exactly what the demo account allows: ${counted(same, 'file')}, each compared by MD5 with the simulator's own list.`
    : `Home is NOT what the demo account allows: ${same} as they should be, ${missing} missing, ${unexpected} unexpected.`
  const unfinished =
    unavailable === 0
      ? []
      : [
          `Its unfinished video shows how you would hear of what is not safe: listed by name and reason, and a real run exits 1 until it is home.`,
        ]
  const lines = [
    '',
    pathShown(output, io),
    ...(await treeOf(output)),
    '',
    verdict,
    ...unfinished,
    ...(hasGallery ? [`Look at it: open ${pathShown(join(output, 'index.html'), io)} in a browser.`] : []),
    'Next: `smugdl` asks for what it needs, and brings your own account home.',
  ]
  return `${lines.join('\n')}\n`
}

async function serve(simulator: Simulator, json: boolean, io: Io): Promise<0> {
  using interrupt = listenForInterrupt(() => {})
  const variables = Object.entries(simulator.environment)
  const set = io.platform === 'win32' ? 'set ' : 'export '
  io.stdout.write(
    json ? jsonLine(simulator.environment) : variables.map(([name, value]) => `${set}${name}=${value}\n`).join(''),
  )
  io.stderr.write('The demo account is open until Ctrl-C; set these variables where smugdl is to find it.\n')
  if (!interrupt.draining.aborted)
    await new Promise<void>((done) => interrupt.draining.addEventListener('abort', () => done(), { once: true }))
  return 0
}
