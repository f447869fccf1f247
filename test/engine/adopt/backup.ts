import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import folder from '../../../plugins/folder/index.ts'
import { Catalog } from '../../../src/catalog/catalog.ts'
import type { RunEvent, RunSummary } from '../../../src/engine/events.ts'
import type { RunPlan } from '../../../src/engine/run/plan.ts'
import { run } from '../../../src/engine/run/run.ts'
import { prepareRepair } from '../../../src/engine/verify/repair.ts'
import {
  type Finding,
  type VerifyEvent,
  type VerifyPlan,
  type VerifySummary,
  verify,
} from '../../../src/engine/verify/verify.ts'
import type { Exporter } from '../../../src/exporter/types.ts'
import { type Simulator, type SimulatorOptions, simulate } from '../../../src/simulator/simulate.ts'
import type { World } from '../../../src/simulator/world.ts'
import { connect } from '../../../src/smugmug/connect.ts'
import type { Clock } from '../../../src/smugmug/transport/clock.ts'
import { type FileAtHome, readHome } from '../../e2e/home.ts'
import { hurriedClock } from '../../hurried-clock.ts'
import { installed } from '../../installed.ts'

/** An account and its backup, driven in this process; its clock moves by a day a run. */
export class Backup implements AsyncDisposable {
  readonly smugmug: Simulator
  readonly output: string
  exporters: readonly Exporter[] = [folder as Exporter]
  /** What every exporter with such options is told; most tests are about pictures, and about nothing beside them. */
  options: Readonly<Record<string, string>> = { sidecar: 'none', albumFile: 'none' }
  now = Date.UTC(2026, 10, 24, 12)
  /** Of the last run. */
  events: RunEvent[] = []

  readonly #clock: Clock | undefined

  private constructor(smugmug: Simulator, output: string, clock: Clock | undefined) {
    this.smugmug = smugmug
    this.output = output
    this.#clock = clock
  }

  /** Before the first run. `clock`: the time that both sides go by, instead of a hurried clock of each run and the simulator's own. */
  static async of(world: World, options: SimulatorOptions = {}, clock?: Clock): Promise<Backup> {
    const scratch = await mkdtemp(join(tmpdir(), 'smugdl-engine-'))
    const smugmug = await simulate(world, { ...options, ...(clock && { now: clock.now }) })
    return new Backup(smugmug, join(scratch, 'home'), clock)
  }

  async run(plan: Partial<RunPlan> = {}): Promise<RunSummary> {
    const { signal } = new AbortController()
    const { origin, credentials } = this.smugmug
    const clock = this.#clock ?? hurriedClock()
    await using smugmug = connect({ origin, credentials, userAgent: 'smugdl/test', signal, clock })
    using catalog = this.catalog()
    this.events = []
    const parts = {
      smugmug,
      catalog,
      exporters: this.exporters.map(installed),
      now: () => this.now,
      draining: signal,
      signal,
      emit: (event: RunEvent) => void this.events.push(event),
    }
    try {
      return await run({ ...this.plan(), ...plan }, parts)
    } finally {
      this.now += 24 * 60 * 60 * 1000
    }
  }

  /** `onEvent` may stop it. */
  async verify(
    plan: Partial<VerifyPlan> = {},
    onEvent: (event: VerifyEvent, stop: AbortController) => void = () => {},
  ): Promise<VerifySummary & { events: VerifyEvent[] }> {
    const stop = new AbortController()
    const { signal } = stop
    const events: VerifyEvent[] = []
    using catalog = this.catalog()
    const { output, exporterOptions } = this.plan()
    const parts = {
      catalog,
      exporters: this.exporters.map(installed),
      now: () => this.now,
      draining: signal,
      signal,
      emit(event: VerifyEvent) {
        events.push(event)
        onEvent(event, stop)
      },
    }
    const summary = await verify({ output, exporterOptions, depth: 'full', readers: 4, ...plan }, parts)
    return { ...summary, events }
  }

  /** What `verify --repair` does with what was found. */
  async repair(findings: readonly Finding[]): Promise<RunSummary> {
    const { signal } = new AbortController()
    const { origin, credentials } = this.smugmug
    await using smugmug = connect({ origin, credentials, userAgent: 'smugdl/test', signal, onEvent() {} })
    const { only } = await (async () => {
      using catalog = this.catalog()
      return await prepareRepair(findings, this.output, { api: smugmug.api, catalog, now: () => this.now })
    })()
    return this.run({ only })
  }

  /** A plan for everything, with `options` and else the exporters' own defaults. */
  plan(): RunPlan {
    const defaults = ({ options = {} }: Exporter) =>
      Object.fromEntries(
        Object.entries(options).flatMap(([name, { default: usual }]) => {
          const value = this.options[name] ?? usual
          return value === undefined ? [] : [[name, value]]
        }),
      )
    return {
      output: this.output,
      exporters: this.exporters.map(({ name }) => name),
      exporterOptions: Object.fromEntries(this.exporters.map((exporter) => [exporter.name, defaults(exporter)])),
      albums: [],
      exclude: [],
      concurrency: 4,
      dryRun: false,
      full: false,
      relistAfterMs: Number.POSITIVE_INFINITY,
      spaceCheck: true,
    }
  }

  catalog(): Catalog {
    return Catalog.open(join(this.output, '.smugdl', 'catalog.sqlite'))
  }

  at(path: string): string {
    return join(this.output, path)
  }

  write(path: string, text: string): Promise<void> {
    return writeFile(this.at(path), text)
  }

  /** Files by path, as `readHome` has them. */
  async files(which: Parameters<typeof readHome>[1] = {}): Promise<Map<string, FileAtHome>> {
    const found = await readHome(this.output, which)
    return new Map([...found].filter((entry): entry is [string, FileAtHome] => typeof entry[1] === 'object'))
  }

  async paths(which: Parameters<typeof readHome>[1] = {}): Promise<string[]> {
    return [...(await this.files(which)).keys()]
  }

  /** Downloads since the simulator started. */
  get downloads(): number {
    return this.smugmug.counts.media
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.smugmug.close()
    await rm(dirname(this.output), { recursive: true, force: true })
  }
}
