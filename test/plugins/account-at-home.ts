import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Catalog } from '../../src/catalog/catalog.ts'
import { exporterOptions } from '../../src/cli/exporter-options.ts'
import { exporterNamed } from '../../src/cli/exporters.ts'
import type { RunEvent, RunSummary } from '../../src/engine/events.ts'
import type { RunPlan } from '../../src/engine/plan.ts'
import { run } from '../../src/engine/run.ts'
import type { Exporter } from '../../src/exporter/index.ts'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import type { World } from '../../src/simulator/world.ts'
import { connect } from '../../src/smugmug/connect.ts'

/** What one run did. */
export interface Ran {
  /** Undefined when it was stopped before its end. */
  summary: RunSummary | undefined
  error: unknown
  events: RunEvent[]
  /** Pictures that were asked for. */
  downloads: number
}

export interface AtHome extends AsyncDisposable {
  readonly smugmug: Simulator
  readonly output: string
  /** One run of the real engine with these exporters. */
  run(exporters: readonly Exporter[], how?: RunOptions): Promise<Ran>
  /** What the catalog holds, between runs. */
  look<T>(at: (catalog: Catalog) => T): T
}

export interface RunOptions extends Partial<RunPlan> {
  /** `--set`. */
  set?: string[]
  /** Hears of everything, and may stop the run. */
  onEvent?(event: RunEvent, stop: AbortController): void
  now?: number
}

/** An account behind a simulator, and an empty folder for it, which the engine fills in this process. */
export async function accountAtHome(world: World): Promise<AtHome> {
  const smugmug = await simulate(world)
  const output = await mkdtemp(join(tmpdir(), 'smugdl-plugins-'))
  const path = join(output, '.smugdl', 'catalog.sqlite')
  return {
    smugmug,
    output,
    async run(exporters, { set = [], onEvent, now = Date.now(), ...plan } = {}) {
      const stop = new AbortController()
      const events: RunEvent[] = []
      const before = smugmug.counts.media
      const { apiKey, apiSecret, accessToken, accessTokenSecret } = smugmug.credentials
      await using api = await connect({
        origin: smugmug.origin,
        userAgent: 'test',
        credentials: { apiKey, apiSecret, accessToken, accessTokenSecret },
        signal: stop.signal,
        onEvent() {},
      })
      using catalog = Catalog.open(path)
      const whole: RunPlan = {
        output,
        exporters: exporters.map(({ name }) => name),
        exporterOptions: exporterOptions(set, exporters),
        albums: [],
        exclude: [],
        concurrency: 4,
        dryRun: false,
        full: false,
        relistAfterMs: 30 * 24 * 60 * 60 * 1000,
        spaceCheck: false,
        ...plan,
      }
      const ran = (summary: RunSummary | undefined, error?: unknown) => ({
        summary,
        error,
        events,
        downloads: smugmug.counts.media - before,
      })
      try {
        const summary = await run(whole, {
          smugmug: api,
          catalog,
          exporters,
          exporterNamed,
          now: () => now,
          winding: new AbortController().signal,
          signal: stop.signal,
          emit(event) {
            events.push(event)
            onEvent?.(event, stop)
          },
        })
        return ran(summary)
      } catch (error) {
        return ran(undefined, error)
      }
    },
    look(at) {
      using catalog = Catalog.open(path)
      return at(catalog)
    },
    async [Symbol.asyncDispose]() {
      await smugmug.close()
      await rm(output, { recursive: true, force: true })
    },
  }
}
