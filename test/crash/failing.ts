import { expect } from 'vitest'
import { type Point, pointsOf, sample, told } from './points.ts'
import { type Stage, type StageName, stage } from './stage.ts'

/** What a disk says of a call that it cannot do. */
const errors: Record<string, readonly ('ENOSPC' | 'EIO')[]> = {
  openat: ['ENOSPC', 'EIO'],
  mkdir: ['ENOSPC', 'EIO'],
  write: ['ENOSPC', 'EIO'],
  pwrite64: ['ENOSPC', 'EIO'],
  copy_file_range: ['ENOSPC', 'EIO'],
  link: ['ENOSPC', 'EIO'],
  rename: ['ENOSPC', 'EIO'],
  fsync: ['EIO'],
  fdatasync: ['EIO'],
  unlink: ['EIO'],
}

/** Some calls of a run fail, one in each run (all calls and errors, or so many): the run says so and the next one finishes it. */
export async function failingAt(name: StageName, count: number, seed: number): Promise<string> {
  await using staged = await stage(name)
  const { calls } = await staged.record()
  const points = pointsOf(calls).flatMap((point) => (errors[point.call] ?? []).map((error) => ({ ...point, error })))
  const chosen = sample(points, count, seed)
  let ended = 0
  for (const point of chosen) {
    try {
      if (await failingOnce(staged, point)) ended += 1
    } catch (error) {
      throw new Error(`${point.error} at ${told(point)}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
  }
  return `an error at ${chosen.length} of ${points.length} moments, which ended ${ended} runs`
}

/** Whether the run ended for it; some errors it can do without what failed. */
async function failingOnce(staged: Stage, point: Point & { error: string }): Promise<boolean> {
  const { scene, reset, struck, nothingWrong, nextRunCompletes } = staged
  await reset()
  const { code, stderr } = await struck(point, `error=${point.error}`)
  await nothingWrong()
  if (code === 0) expect((await scene.difference()).missing).toEqual([])
  else {
    expect([code, stderr]).toEqual([4, expect.stringContaining(scene.output)])
    // Neither a stack nor Node's own words.
    expect(stderr).not.toMatch(/ {4}at |E[A-Z]+:/)
  }
  await nextRunCompletes()
  return code !== 0
}
