import { describe, it } from 'vitest'
import { failingAt } from './failing.ts'
import { stages } from './stage.ts'
import { whyNoTrace } from './trace.ts'

const seed = Number(process.env.SMUGDL_CRASH_SEED ?? Date.now())

/** All of them: `crash.long.ts`. */
describe('a disk that is full or fails ends a run with 4, leaves nothing wrong, and the next run completes', () => {
  for (const name of Object.keys(stages) as (keyof typeof stages)[]) {
    it(`at some calls of ${name}`, async ({ skip }) => {
      const reason = whyNoTrace()
      if (reason !== undefined) skip(reason)
      console.info(`${name}: ${await failingAt(name, 8, seed)} (seed ${seed})`)
    }, 120_000)
  }
})
