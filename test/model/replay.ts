import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import folder from '../../plugins/folder.ts'
import { Catalog } from '../../src/catalog/catalog.ts'
import type { RunEvent, RunSummary } from '../../src/engine/events.ts'
import { run } from '../../src/engine/run.ts'
import { SmugdlError } from '../../src/error.ts'
import type { Exporter } from '../../src/exporter/types.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import type { Clock } from '../../src/smugmug/clock.ts'
import { connect } from '../../src/smugmug/connect.ts'
import { readHome, readStaging } from '../e2e/home.ts'
import { change, smallAccount } from './account.ts'
import { claim, Model, nothingLeftToDo, onlyName, type Seen } from './model.ts'
import { act } from './person.ts'
import { faults, type RunStep, type Step } from './steps.ts'

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
    const model = new Model(world)
    let now = Date.UTC(2026, 10, 24, 12)
    const bringHome = async (step: RunStep) => {
      const seen = await oneRun(step, output, smugmug, now)
      model.ran(seen, await readHome(output))
      now += 60_000
      return seen
    }
    for (const step of steps) {
      if (step.do === 'run') await bringHome(step)
      else if (step.do === 'wait') now += step.days * 24 * 60 * 60 * 1000
      else if (isAtHome(step)) {
        await act(step, output, model.files, world)
        model.tookPlaceAtHome(await readHome(output))
      } else change(world, step)
    }
    for (const album of world.albums.values()) album.locked = false
    const { summary } = await bringHome({ ...plainRun, full: true })
    claim(summary !== undefined, 'a run without trouble comes to its end')
    const before = await readHome(output)
    const again = await bringHome(plainRun)
    if (summary.failedInAll === 0) nothingLeftToDo(again.requests, before, await readHome(output))
    using catalog = Catalog.open(catalogPath(output))
    claim(catalog.integrity().length === 0, 'the catalog is whole')
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

const plainRun: RunStep = {
  do: 'run',
  full: false,
  dryRun: false,
  layout: 'names',
  mtime: 'captured',
  concurrency: 4,
}

async function oneRun(step: RunStep, output: string, smugmug: Simulator, now: number): Promise<Seen> {
  const { stop, fault, dryRun } = step
  const winding = new AbortController()
  const halt = new AbortController()
  const events: RunEvent[] = []
  const emit = (event: RunEvent) => {
    events.push(event)
    if (stop === undefined || events.length !== stop.after + 1) return
    winding.abort()
    if (stop.how === 'at once') halt.abort()
  }
  const heal =
    fault &&
    smugmug.faults.add({ path: '', kind: fault.on, after: fault.after, times: fault.times, do: faults[fault.what] })
  const requestsBefore = smugmug.requests.length
  const { origin, credentials } = smugmug
  const { signal } = halt
  await using connection = connect({
    origin,
    credentials,
    userAgent: 'smugdl/test',
    signal,
    clock: hurriedClock(),
    onEvent() {},
  })
  let summary: RunSummary | undefined
  try {
    using catalog = dryRun ? Catalog.openCopy(catalogPath(output)) : Catalog.open(catalogPath(output))
    summary = await run(
      {
        output,
        exporters: ['folder'],
        exporterOptions: { folder: { layout: step.layout, mtime: step.mtime } },
        albums: step.only === undefined ? [] : [`**/${onlyName(step.only)}`, onlyName(step.only)],
        exclude: [],
        concurrency: step.concurrency,
        dryRun,
        full: step.full,
        relistAfterMs: 30 * 24 * 60 * 60 * 1000,
        spaceCheck: true,
      },
      {
        smugmug: connection,
        catalog,
        exporters: [folder as Exporter],
        now: () => now,
        winding: winding.signal,
        signal,
        emit,
      },
    )
  } catch (error) {
    if (!isExpected(error, step)) throw error
  } finally {
    heal?.()
  }
  return {
    step,
    events,
    summary,
    requests: smugmug.requests.slice(requestsBefore),
    now,
    staging: await readStaging(output),
  }
}

/** How a run may end early: it was stopped, or its requests failed, or no album has the name that was asked for. */
function isExpected(error: unknown, { stop, fault, only }: RunStep): boolean {
  if (!(error instanceof SmugdlError)) return false
  if (error.kind === 'cancelled') return stop !== undefined
  if (error.kind === 'usage') return only !== undefined
  return fault !== undefined && (error.kind === 'unreachable' || error.kind === 'item' || error.kind === 'auth')
}

function isAtHome(step: Step): step is Extract<Step, { file: number } | { place: number }> {
  return 'file' in step || 'place' in step
}

/** Time passes while somebody waits for it, and no other time. */
function hurriedClock(): Clock {
  let now = Date.UTC(2026, 0, 1)
  return {
    now: () => now,
    async sleep(ms) {
      now += ms
    },
  }
}

function catalogPath(output: string): string {
  return join(output, '.smugdl', 'catalog.sqlite')
}
