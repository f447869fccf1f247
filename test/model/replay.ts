import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import folder from '../../plugins/folder/index.ts'
import zip from '../../plugins/zip/index.ts'
import { Catalog } from '../../src/catalog/catalog.ts'
import type { RunEvent, RunSummary } from '../../src/engine/events.ts'
import { run } from '../../src/engine/run/run.ts'
import { SmugdlError } from '../../src/error.ts'
import type { Exporter } from '../../src/exporter/types.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import type { World } from '../../src/simulator/world.ts'
import { connect, type SmugMug } from '../../src/smugmug/connect.ts'
import { readStaging } from '../e2e/home.ts'
import { hurriedClock } from '../hurried-clock.ts'
import { installed } from '../installed.ts'
import { change, smallAccount } from './account.ts'
import { claim } from './claim.ts'
import { act } from './person.ts'
import { personActed } from './person-acted.ts'
import { proofGiven } from './proof-given.ts'
import { prove } from './prove.ts'
import { runTookPlace, type Seen } from './run-took-place.ts'
import { newState } from './state.ts'
import { type ExporterName, faults, onlyName, type PersonStep, type RunStep, type Step } from './steps.ts'
import { nothingChanged, readTree } from './tree.ts'

/**
 * Lives through a history with a real simulator, real files and the engine in this process, and holds it against the model after each
 * step. Ends with a full run, after which everything is at home, and another, which finds nothing to do.
 */
export async function replay(steps: readonly Step[], { editsAreTold }: { editsAreTold: boolean }): Promise<void> {
  const world = smallAccount({ editsAreTold })
  const scratch = await mkdtemp(join(tmpdir(), 'smugdl-model-'))
  await using smugmug = await simulate(world, { now: () => Date.UTC(2026, 0, 1) })
  try {
    const output = join(scratch, 'home')
    const state = newState(world)
    let now = Date.UTC(2026, 10, 24, 12)
    const bringHome = async (step: RunStep) => {
      const seen = await oneRun(step, output, smugmug, now)
      runTookPlace(state, seen, await readTree(output))
      now += 60_000
      return seen
    }
    const proved = async () => {
      // An account without an album is not compared with anything: nobody can tell it from one that cannot be seen.
      if (world.albums.size === 0) return undefined
      await using connection = connectTo(smugmug, new AbortController().signal)
      const proof = await prove(output, connection, exporters, now)
      if (proof !== undefined) proofGiven(state, proof)
      return proof
    }
    for (const step of steps) {
      if (step.do === 'run') await bringHome(step)
      else if (step.do === 'prove') await proved()
      else if (step.do === 'wait') now += step.days * 24 * 60 * 60 * 1000
      else if (isAtHome(step)) {
        const files = [...state.tree].filter(([, file]) => typeof file === 'object').map(([path]) => path)
        await act(step, output, files, world)
        personActed(state, await readTree(output))
      } else change(world, step)
    }
    for (const album of world.albums.values()) album.locked = false
    if (world.albums.size === 0) world.addAlbum({ name: 'Bath' })
    const { summary, staging } = await bringHome({ ...plainRun, full: true })
    claim(summary !== undefined, 'a run without trouble comes to its end')
    const isHome = summary.failedInAll === 0
    claim(!isHome || staging.length === 0, 'nothing is left in staging when everything is at home')
    const before = state.tree
    const again = await bringHome(plainRun)
    if (isHome) nothingWasLeftToDo(again)
    if (isHome) nothingChanged(before, state.tree, 'a run with nothing to do changes nothing')
    const proof = await proved()
    if (again.summary?.failedInAll === 0)
      claim(proof?.certificate.complete === true, 'after a run that ends with 0 the certificate says complete')
    using catalog = Catalog.open(catalogPath(output))
    claim(catalog.integrity().length === 0, 'the catalog is whole')
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

const exporters: Record<ExporterName, Exporter> = { folder: folder as Exporter, zip: zip as Exporter }

/** What a step says of the paths, as the folder exporter is asked for it. */
const pathOf = { names: '{album.path}/{name}', urlpath: '{album.url}/{name}' } as const

const plainRun: RunStep = {
  do: 'run',
  exporters: ['folder'],
  full: false,
  dryRun: false,
  layout: 'names',
  mtime: 'captured',
  duplicates: 'copy',
  concurrency: 4,
}

async function oneRun(step: RunStep, output: string, smugmug: Simulator, now: number): Promise<Seen> {
  const { stop, fault, dryRun, only, layout, mtime, duplicates } = step
  const draining = new AbortController()
  const halt = new AbortController()
  const events: RunEvent[] = []
  const emit = (event: RunEvent) => {
    events.push(event)
    if (stop === undefined || events.length !== stop.after + 1) return
    draining.abort()
    if (stop.how === 'at once') halt.abort()
  }
  const rule = fault && { path: '', kind: fault.on, after: fault.after, times: fault.times, do: faults[fault.what] }
  const heal = rule && smugmug.faults.add(rule)
  const requestsBefore = smugmug.requests.length
  const { signal } = halt
  await using connection = connectTo(smugmug, signal)
  let summary: RunSummary | undefined
  try {
    using catalog = dryRun ? Catalog.openCopy(catalogPath(output)) : Catalog.open(catalogPath(output))
    const plan = {
      output,
      exporters: step.exporters,
      exporterOptions: {
        folder: { path: pathOf[layout], mtime, duplicates },
        zip: { path: '{album.path}.zip', entry: '{name}', compression: 'none' },
      },
      albums: only === undefined ? [] : [`**/${onlyName(only)}`, onlyName(only)],
      exclude: [],
      concurrency: step.concurrency,
      dryRun,
      full: step.full,
      relistAfterMs: 30 * 24 * 60 * 60 * 1000,
      spaceCheck: true,
    }
    summary = await run(plan, {
      smugmug: connection,
      catalog,
      exporters: step.exporters.map((name) => installed(exporters[name])),
      exporterNamed: async (name) =>
        Object.hasOwn(exporters, name) ? installed(exporters[name as ExporterName]) : undefined,
      now: () => now,
      draining: draining.signal,
      signal,
      emit,
    })
  } catch (error) {
    if (!isExpected(error, step, smugmug.world)) throw error
  } finally {
    heal?.()
  }
  const requests = smugmug.requests.slice(requestsBefore)
  return { step, events, summary, requests, now, staging: await readStaging(output) }
}

/** How a run may end early: it was stopped, its requests failed, no album has the name that was asked for, or there is none at all. */
function isExpected(error: unknown, { stop, fault, only }: RunStep, world: World): boolean {
  if (!(error instanceof SmugdlError)) return false
  if (error.kind === 'unreachable' && world.albums.size === 0) return true
  if (error.kind === 'cancelled') return stop !== undefined
  if (error.kind === 'usage') return only !== undefined
  return fault !== undefined && (error.kind === 'unreachable' || error.kind === 'item' || error.kind === 'auth')
}

function nothingWasLeftToDo({ requests }: Seen): void {
  const count = (kind: string) => requests.filter((request) => request.kind === kind).length
  claim(count('media') === 0, 'a run with nothing to do downloads nothing')
  claim(count('api') <= 3, `a run with nothing to do asks at most 3 times, not ${count('api')} times`)
}

function connectTo({ origin, credentials }: Simulator, signal: AbortSignal): SmugMug {
  return connect({
    origin,
    credentials,
    userAgent: 'smugdl/test',
    signal,
    clock: hurriedClock(() => Date.UTC(2026, 0, 1)),
    onEvent() {},
  })
}

function isAtHome(step: Step): step is PersonStep {
  return 'file' in step || 'place' in step || step.do === 'copy home'
}

function catalogPath(output: string): string {
  return join(output, '.smugdl', 'catalog.sqlite')
}
