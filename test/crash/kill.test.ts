import { describe, it } from 'vitest'
import { killedAt } from './kill.ts'
import { stages } from './stage.ts'
import { whyNoTrace } from './trace.ts'

const seed = Number(process.env.SMUGDL_CRASH_SEED ?? Date.now())

/** All moments: `crash.long.ts`. */
describe('a run that is killed is finished by the next one', () => {
  for (const name of Object.keys(stages) as (keyof typeof stages)[]) {
    it(`at some moments of ${name}`, async ({ skip }) => {
      const reason = whyNoTrace()
      if (reason !== undefined) skip(reason)
      console.info(`${name}: ${await killedAt(name, 8, seed)} (seed ${seed})`)
    }, 120_000)
  }
})
