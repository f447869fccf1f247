import { expect } from 'vitest'
import { type Point, pointsOf, sample, told } from './points.ts'
import { concurrency, type Stage, type StageName, sidecarsAreRight, stage } from './stage.ts'

/** SIGKILL before each of some moments of a run in turn (all of them, or so many); what it left is finished by the next run. */
export async function killedAt(name: StageName, count: number, seed: number): Promise<string> {
  await using staged = await stage(name)
  const { calls, downloads } = await staged.record()
  const points = pointsOf(calls)
  const chosen = sample(points, count, seed)
  let missed = 0
  for (const point of chosen) {
    try {
      if (!(await killedOnce(staged, point, downloads))) missed += 1
    } catch (error) {
      throw new Error(`killed before ${told(point)}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
  }
  return `killed at ${chosen.length - missed} of ${points.length} moments`
}

/** False when the run came to its end before. */
async function killedOnce(staged: Stage, point: Point, downloads: number): Promise<boolean> {
  const { scene, world, reset, struck, nothingWrong, nextRunCompletes } = staged
  await reset()
  const before = scene.smugmug.counts.media
  const { code, signal, stderr } = await struck(point, 'signal=SIGKILL')
  if (signal !== 'SIGKILL') expect([code, stderr]).toEqual([0, ''])
  await nothingWrong()
  await sidecarsAreRight(scene.output, world, await nextRunCompletes())
  expect(scene.smugmug.counts.media - before).toBeLessThanOrEqual(downloads + concurrency)
  return signal === 'SIGKILL'
}
