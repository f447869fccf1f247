import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { World } from '../../src/simulator/world.ts'
import { readHome, readStaging } from '../e2e/home.ts'
import type { Ended } from '../e2e/program.ts'
import { type Run, type Scenario, scenario } from '../e2e/scenario.ts'
import { changeEverything, twoAlbums } from './account.ts'
import { type Call, callsIn, recordTo, startTraced } from './trace.ts'

/** Downloads at once. */
export const concurrency = 2

/** A home that can be set up again and again, for runs that end badly. */
export interface Stage extends AsyncDisposable {
  readonly scene: Scenario
  readonly world: World
  /** Home as it was before the run that is to end badly. */
  readonly before: string
  /** Makes home what it was. */
  reset(): Promise<void>
  /** A run under strace. */
  traced(options: readonly string[]): Promise<Ended>
  /** A run that nothing disturbs. */
  record(): Promise<{ calls: Call[]; downloads: number }>
  /** Every file at home holds bytes that the account has or had, whole. */
  nothingWrong(): Promise<void>
  /** The next run is undisturbed: everything is at home, and nothing but home. */
  nextRunCompletes(): Promise<Run>
}

export const stages = {
  'the first run': (world: World) => void world,
  'a run that finds changes of every kind': changeEverything,
} as const

/** An account after a run (the first one, or none), and what happened to it since. */
export async function stage(name: keyof typeof stages): Promise<Stage> {
  const scene = await scenario(twoAlbums())
  const { world } = scene.smugmug
  const { output, folder } = scene
  const before = join(folder, 'before')
  const args = ['download', '--json', '-o', output, '--concurrency', String(concurrency)]
  const env = { HOME: folder, SMUGDL_CONFIG_DIR: join(folder, 'config'), ...scene.smugmug.environment }
  const known = new Set<string>()
  const remember = () => {
    for (const { md5 } of scene.smugmug.listing()) known.add(md5)
  }
  remember()
  if (name !== 'the first run') {
    await scene.download()
    await cp(output, before, { recursive: true, preserveTimestamps: true })
  }
  stages[name](world)
  remember()
  const traced = (options: readonly string[]) => startTraced(options, args, env, folder)
  const reset = async () => {
    await rm(output, { recursive: true, force: true })
    if (name !== 'the first run') await cp(before, output, { recursive: true, preserveTimestamps: true })
  }
  return {
    scene,
    world,
    before,
    reset,
    traced,
    async record() {
      await reset()
      const log = join(folder, 'calls')
      const downloads = scene.smugmug.counts.media
      const { code, stderr } = await traced(recordTo(log))
      if (code !== 0) throw new Error(`the recorded run ended with ${code}: ${stderr}`)
      return { calls: await callsIn(log, output), downloads: scene.smugmug.counts.media - downloads }
    },
    async nothingWrong() {
      for (const [path, file] of await readHome(output)) {
        if (file !== 'empty folder')
          expect([path, known.has(typeof file === 'object' ? file.md5 : file)]).toEqual([path, true])
      }
    },
    async nextRunCompletes() {
      const run = await scene.download('--concurrency', String(concurrency))
      expect([run.code, run.stderr]).toEqual([0, ''])
      expect((await scene.difference()).missing).toEqual([])
      expect(await readStaging(output)).toEqual([])
      return run
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  }
}
