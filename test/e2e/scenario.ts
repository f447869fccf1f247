import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { RunSummary } from '../../src/engine/events.ts'
import { type Simulator, type SimulatorOptions, simulate } from '../../src/simulator/simulate.ts'
import type { World } from '../../src/simulator/world.ts'
import { type Difference, difference, type FileAtHome, readHome, readStaging } from './home.ts'
import { type Ended, type Running, start } from './program.ts'

/** A line of `--json`. */
type Event = { type: string } & Readonly<Record<string, unknown>>

/** What `run.finished` tells. */
export type Summary = Omit<RunSummary, 'startedAt' | 'endedAt' | 'oldestTrustAt'>

export interface Run extends Ended {
  events: Event[]
  /** Undefined when the run did not come to its end. */
  summary: Summary | undefined
  /** Requests that the simulator got during this run. */
  requests: { api: number; media: number }
}

export interface Scenario extends AsyncDisposable {
  readonly smugmug: Simulator
  /** A temporary folder of this scenario's own. */
  readonly folder: string
  /** The folder for the photos, in `folder`; not there before the first run. */
  readonly output: string
  /** One run of `smugdl download --json -o <output>` to its end. */
  download(...args: string[]): Promise<Run>
  /** Any command line to its end. `env` is added to what reaches the simulator, or takes something from it. */
  smugdl(args: readonly string[], env?: Record<string, string | undefined>): Promise<Ended>
  /** As `download`, without waiting for its end. */
  start(...args: string[]): Running & { run: Promise<Run> }
  home(): Promise<Map<string, FileAtHome | 'empty folder' | 'link'>>
  /** Home against the account's own listing, by MD5. */
  difference(): Promise<Difference>
}

/** An account behind a simulator of its own, an empty folder, and the built program between them. */
export async function scenario(world: World, options: SimulatorOptions = {}): Promise<Scenario> {
  const smugmug = await simulate(world, options)
  const folder = await mkdtemp(join(tmpdir(), 'smugdl-e2e-'))
  const output = join(folder, 'home')

  const begin = (args: readonly string[], env: Record<string, string | undefined> = {}) => {
    const all = { HOME: folder, SMUGDL_CONFIG_DIR: join(folder, 'config'), ...smugmug.environment, ...env }
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return start(args, Object.fromEntries(given), folder)
  }
  const startDownload = (...args: string[]) => {
    const before = { ...smugmug.counts }
    const running = begin(['download', '--json', '-o', output, ...args])
    const run = running.ended.then((ended): Run => {
      const { api, media } = smugmug.counts
      const events = eventsIn(ended.stdout)
      const summary = events.find(({ type }) => type === 'run.finished') as (Event & Summary) | undefined
      return { ...ended, events, summary, requests: { api: api - before.api, media: media - before.media } }
    })
    return Object.defineProperties({ run }, Object.getOwnPropertyDescriptors(running)) as Running & {
      run: Promise<Run>
    }
  }
  return {
    smugmug,
    folder,
    output,
    download: (...args) => startDownload(...args).run,
    smugdl: (args, env) => begin(args, env).ended,
    start: startDownload,
    home: () => readHome(output),
    difference: async () => difference(smugmug.listing(), await readHome(output)),
    async [Symbol.asyncDispose]() {
      await smugmug.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What an exporter's counts are to be; what is not named is to be 0. */
export type Expected = Partial<Record<'new' | 'updated' | 'unchanged' | 'skipped' | 'failed', number>>

/**
 * All that holds after every run that came to its end: the code says whether anything failed, the counts are these (if any are named)
 * and add up, staging is empty, and each file lies where the run said. Returns the summary.
 */
export async function expectHome(scene: Scenario, run: Run, expected?: Expected): Promise<Summary> {
  const { summary } = run
  if (summary === undefined) throw new Error(`the run did not finish: ${run.code} ${run.stderr}`)
  const { listed, bytes: _, ...counts } = { ...nothing, ...summary.exporters.folder }
  const wanted = expected === undefined ? counts : { ...noCounts, ...expected }
  expect({ ...counts, failures: summary.failed }).toEqual({
    ...wanted,
    failures: wanted.failed === 0 ? [] : expect.any(Array),
  })
  expect(run.code).toBe(wanted.failed === 0 ? 0 : 1)
  expect(listed).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0))
  expect(await readStaging(scene.output)).toEqual([])
  await expectPathsTold(scene, run)
  return summary
}

const noCounts = { new: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
const nothing = { ...noCounts, listed: 0, bytes: 0 }

/** As `expectHome`, of a run after which the whole account is at home and nothing else. */
export async function expectAllHome(scene: Scenario, run: Run, expected?: Expected): Promise<Summary> {
  const summary = await expectHome(scene, run, expected)
  expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
  return summary
}

/** Where a run says that an image is, there are that image's bytes; of what the account no longer gives, nobody can say. */
async function expectPathsTold({ smugmug, output }: Scenario, { events }: Run): Promise<void> {
  const home = await readHome(output)
  const listed = new Map([...smugmug.listing()].map((image) => [`${image.albumKey} ${image.imageKey}`, image.md5]))
  for (const event of events) {
    if (event.type !== 'image.finished' || typeof event.path !== 'string' || event.edited === true) continue
    const md5 = listed.get(`${event.albumKey} ${event.imageKey}`)
    if (md5 === '') continue
    const file = home.get(event.path)
    expect([event.path, typeof file === 'object' ? file.md5 : file]).toEqual([event.path, md5])
  }
}

function eventsIn(stdout: string): Event[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

/** Waits for something outside of this process to come about; the test's own time limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}
