import { cpSync, lstatSync, mkdtempSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Catalog } from '../catalog/catalog.ts'
import type { RunEvent, RunSummary } from '../engine/events.ts'
import { type InstalledExporter, pluginExporter } from '../engine/exporters/installed.ts'
import { type RunPlan, wholeAccount } from '../engine/run/plan.ts'
import { run } from '../engine/run/run.ts'
import type { Exporter, Network } from '../exporter/types.ts'
import { type Simulator, simulate } from '../simulator/simulate.ts'
import type { World } from '../simulator/world.ts'
import { connect } from '../smugmug/connect.ts'
import { type Keep, type OpenKeep, openOutput } from './keep.ts'

/** The result of one run. */
export interface Ran {
  /** Undefined if the run was stopped before its end. */
  summary: RunSummary | undefined
  /** What stopped it. */
  error: unknown
  events: RunEvent[]
  /** The pictures requested. */
  downloads: number
}

export interface RunOptions extends Partial<RunPlan> {
  /** Called with every event of the engine; may stop the run. */
  onEvent?(event: RunEvent, stop: AbortController): void
  /** Milliseconds since 1970. */
  now?: number
  /** See `RunParts`. */
  exporterNamed?(name: string): Promise<InstalledExporter | undefined>
  reach?: Network
}

/** A simulated account and a temporary folder, into which the real engine downloads it, in this process. */
export interface Stage extends AsyncDisposable {
  readonly smugmug: Simulator
  readonly output: string
  /** Where the exporter under test has its files. */
  readonly keep: Keep
  install(exporter: Exporter): InstalledExporter
  run(exporters: readonly Exporter[], how?: RunOptions): Promise<Ran>
  /** The catalog, to inspect between runs; close it. */
  openCatalog(): Catalog
  planOf(exporters: readonly Exporter[]): RunPlan
  /** A copy of the output at this instant, with the same account: what a kill would leave. */
  fork(): Promise<Stage>
  /** A value that changes whenever a kill would leave another output. */
  fingerprint(): string
}

/** `install` decides whether an exporter runs as an external plugin, or as a built-in one, which shares the output with others. */
export async function openStage(
  world: World,
  install: Stage['install'] = pluginExporter,
  openKeep: OpenKeep = openOutput,
): Promise<Stage> {
  const smugmug = await simulate(world)
  const output = await mkdtemp(join(tmpdir(), 'smugdl-stage-'))
  return stage(smugmug, output, install, await openKeep(output), () => smugmug.close())
}

function stage(
  smugmug: Simulator,
  output: string,
  install: Stage['install'],
  keep: Keep,
  close: () => Promise<void>,
): Stage {
  const path = join(output, '.smugdl', 'catalog.sqlite')
  return {
    smugmug,
    output,
    keep,
    install,
    async run(exporters, { onEvent, now = Date.now(), exporterNamed, reach, ...plan } = {}) {
      const stop = new AbortController()
      const events: RunEvent[] = []
      const before = smugmug.counts.media
      const { origin, credentials } = smugmug
      await using api = await connect({ origin, userAgent: 'smugdl', credentials, signal: stop.signal, onEvent() {} })
      using catalog = Catalog.open(path)
      const parts = {
        smugmug: api,
        catalog,
        exporters: exporters.map(install),
        ...(exporterNamed && { exporterNamed }),
        ...(reach && { reach }),
        now: () => now,
        draining: new AbortController().signal,
        signal: stop.signal,
        emit(event: RunEvent) {
          events.push(event)
          onEvent?.(event, stop)
        },
      }
      let summary: RunSummary | undefined
      let error: unknown
      try {
        summary = await run({ ...planOf(output, exporters, keep), ...plan }, parts)
      } catch (thrown) {
        error = thrown
      }
      return { summary, error, events, downloads: smugmug.counts.media - before }
    },
    openCatalog: () => Catalog.open(path),
    planOf: (exporters) => planOf(output, exporters, keep),
    async fork() {
      const copy = mkdtempSync(join(tmpdir(), 'smugdl-stage-'))
      cpSync(output, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
      return stage(smugmug, copy, install, await keep.fork(copy), async () => {})
    },
    fingerprint() {
      const entries = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter(
        (name) => !name.endsWith('.tmp'),
      )
      return entries
        .map((name) => {
          const { size, mtimeMs, ino } = lstatSync(join(output, name))
          return `${name} ${size} ${mtimeMs} ${ino}`
        })
        .join('\n')
    },
    async [Symbol.asyncDispose]() {
      await close()
      await keep[Symbol.asyncDispose]()
      await rm(output, { recursive: true, force: true })
    },
  }
}

function planOf(output: string, exporters: readonly Exporter[], { options }: Keep): RunPlan {
  return {
    ...wholeAccount,
    output,
    exporters: exporters.map(({ name }) => name),
    exporterOptions: Object.fromEntries(
      exporters.map((exporter) => [exporter.name, { ...defaultsOf(exporter), ...options }]),
    ),
    concurrency: 4,
    relistAfterMs: 30 * 24 * 60 * 60 * 1000,
    spaceCheck: false,
  }
}

function defaultsOf({ options = {} }: Exporter): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, definition]) =>
      definition.default === undefined ? [] : [[name, definition.default]],
    ),
  )
}
