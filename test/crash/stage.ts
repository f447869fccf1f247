import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { originalOf } from '../../src/simulator/files.ts'
import type { World } from '../../src/simulator/world.ts'
import { type FileAtHome, readHome, readStaging } from '../e2e/home.ts'
import type { Ended } from '../e2e/program.ts'
import { type Run, type Scenario, scenario } from '../e2e/scenario.ts'
import { archiveContents } from '../plugins/archive-contents.ts'
import { changeEverything, twoAlbums } from './account.ts'
import type { Point } from './points.ts'
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
  /** A run in which something happens to one call, or to all from one on, in strace's words: `error=EIO`, `signal=SIGKILL`. */
  struck(point: Omit<Point, 'time'> & { time: number | '1+' }, how: string): Promise<Ended>
  /** A run that nothing disturbs. */
  record(): Promise<{ calls: Call[]; downloads: number }>
  /** Every file at home holds bytes that the account has or had, whole; and what was at home before is there, or in the trash. */
  nothingWrong(): Promise<void>
  /** Pictures that were at home before, and are neither there nor in the trash. */
  lost(): Promise<string[]>
  /** The next run is undisturbed: everything is at home, and nothing but home. */
  nextRunCompletes(): Promise<Run>
}

/** What happened to the account since the run before, if there was one, and what the runs are asked to do. */
interface Plot {
  change?(world: World): void
  args: readonly string[]
}

export const stages = {
  'the first run': { args: [] },
  'a run that finds changes of every kind': { change: changeEverything, args: [] },
  'a mirror with every exporter that finds changes of every kind': {
    change: changeEverything,
    args: ['-e', 'folder,zip,manifest', '--mirror'],
  },
} as const satisfies Record<string, Plot>

export type StageName = keyof typeof stages

/** An account after a run (the first one, or none), and what happened to it since. */
export async function stage(name: StageName): Promise<Stage> {
  const scene = await scenario(twoAlbums())
  const { world } = scene.smugmug
  const { output, folder } = scene
  const before = join(folder, 'before')
  const plot: Plot = stages[name]
  const options = [...plot.args, '--concurrency', String(concurrency)]
  const args = ['download', '--json', '-o', output, ...options]
  const env = { HOME: folder, SMUGDL_CONFIG_DIR: join(folder, 'config'), ...scene.smugmug.environment }
  const known = new Set<string>()
  const remember = () => {
    for (const { md5 } of scene.smugmug.listing()) known.add(md5)
  }
  remember()
  if (plot.change !== undefined) {
    await scene.download(...plot.args)
    await cp(output, before, { recursive: true, preserveTimestamps: true })
  }
  const had = plot.change === undefined ? [] : await picturesBelow(output)
  plot.change?.(world)
  remember()
  const traced = (options: readonly string[]) => startTraced(options, args, env, folder)
  const reset = async () => {
    await rm(output, { recursive: true, force: true })
    if (plot.change !== undefined) await cp(before, output, { recursive: true, preserveTimestamps: true })
  }
  const lost = async () => {
    const kept = new Set([...(await picturesBelow(output)), ...(await picturesBelow(join(output, '.smugdl/trash')))])
    return had.filter((md5) => !kept.has(md5))
  }
  return {
    scene,
    lost,
    world,
    before,
    reset,
    struck({ call, path, time }, how) {
      const where = ['-P', path === '' ? output : `${output}/${path}`, '-e', `trace=${call}`, '-o', '/dev/null']
      return traced([...where, '-e', `inject=${call}:${how}:when=${time}`])
    },
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
        if (file === 'empty folder') continue
        for (const md5 of await picturesIn(join(output, path), file))
          expect([path, known.has(md5)]).toEqual([path, true])
      }
      expect(await lost()).toEqual([])
    },
    async nextRunCompletes() {
      const run = await scene.download(...options)
      expect([run.code, run.stderr]).toEqual([0, ''])
      expect((await scene.difference()).missing).toEqual([])
      expect(await readStaging(output)).toEqual([])
      expect(await lost()).toEqual([])
      return run
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  }
}

/** Each picture of the account that has a caption or a title has a sidecar that says so, and no other; none was taken for the user's. */
export async function sidecarsAreRight(output: string, world: World, { summary }: Run): Promise<void> {
  expect(summary?.sidecars).toMatchObject({ yours: 0 })
  const home = await readHome(output, { descriptions: true })
  const words = new Map(
    [...world.images.values()].map((image) => [originalOf(image).md5(), image.caption || image.title]),
  )
  for (const path of home.keys())
    if (path.endsWith('.xmp')) expect([path, home.has(path.slice(0, -'.xmp'.length))]).toEqual([path, true])
  for (const [path, file] of home) {
    const said = typeof file === 'object' ? words.get(file.md5) : undefined
    if (said === undefined) continue
    expect([path, home.has(`${path}.xmp`)]).toEqual([path, said !== ''])
    if (said !== '') expect(await readFile(join(output, `${path}.xmp`), 'utf8')).toContain(`>${said}<`)
  }
}

/** MD5s of the files of pictures. */
async function picturesBelow(folder: string): Promise<string[]> {
  const files = [...(await readHome(folder))]
  return files.flatMap(([path, file]) => (path.endsWith('.jpg') && typeof file === 'object' ? [file.md5] : []))
}

/** MD5s of what a file holds: of a picture its own, of an archive those in it, of a list, which must be whole, none. */
async function picturesIn(path: string, file: FileAtHome | 'link'): Promise<string[]> {
  if (path.endsWith('.zip')) return (await archiveContents(path)).map(([, md5]) => md5)
  if (path.endsWith('.json')) JSON.parse(await readFile(path, 'utf8'))
  else return [file === 'link' ? 'link' : file.md5]
  return []
}
