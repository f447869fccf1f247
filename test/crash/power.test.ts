import { describe, it } from 'vitest'
import { cutAt } from './power.ts'
import { stages } from './stage.ts'
import { whyNoTrace } from './trace.ts'

/** The same moments each time. All of them: `crash.long.ts`. */
const seed = 1

describe('a power cut takes nothing away that is recorded', () => {
  for (const name of Object.keys(stages) as (keyof typeof stages)[]) {
    it(`at some moments of ${name}`, async ({ skip }) => {
      const reason = whyNoTrace()
      if (reason !== undefined) skip(reason)
      console.info(`${name}: ${await cutAt(name, { count: 40, finished: 3, seed })}`)
    }, 120_000)
  }
})
