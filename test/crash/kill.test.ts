import { describe, it } from 'vitest'
import { killedAt } from './kill.ts'
import { stages } from './stage.ts'
import { whyNoTrace } from './trace.ts'

/** The same moments each time. All of them: `crash.long.ts`. */
const seed = 1

describe('a run that is killed is finished by the next one', () => {
  for (const name of Object.keys(stages) as (keyof typeof stages)[]) {
    it(`at some moments of ${name}`, async ({ skip }) => {
      const reason = whyNoTrace()
      if (reason !== undefined) skip(reason)
      console.info(`${name}: ${await killedAt(name, 6, seed)}`)
    }, 120_000)
  }
})
