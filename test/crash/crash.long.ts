import { describe, it } from 'vitest'
import { failingAt } from './failing.ts'
import { killedAt } from './kill.ts'
import { cutAt } from './power.ts'
import { stages } from './stage.ts'
import { whyNoTrace } from './trace.ts'

const names = Object.keys(stages) as (keyof typeof stages)[]
const hours = 3 * 60 * 60_000
const seed = Number(process.env.SMUGDL_CRASH_SEED ?? Date.now())

describe('a run that is killed is finished by the next one', () => {
  for (const name of names) {
    it(
      `at every moment of ${name}`,
      async ({ skip }) => {
        const reason = whyNoTrace()
        if (reason !== undefined) skip(reason)
        console.info(`${name}: ${await killedAt(name, Number.POSITIVE_INFINITY, 0)}`)
      },
      hours,
    )
  }
})

describe('a power cut takes nothing away that is recorded', () => {
  for (const name of names) {
    it(
      `at every moment of ${name}`,
      async ({ skip }) => {
        const reason = whyNoTrace()
        if (reason !== undefined) skip(reason)
        console.info(
          `${name}: ${await cutAt(name, { count: Number.POSITIVE_INFINITY, finished: 40, seed })} (seed ${seed})`,
        )
      },
      hours,
    )
  }
})

describe('a disk that is full or fails ends a run with 4, leaves nothing wrong, and the next run completes', () => {
  for (const name of names) {
    it(
      `at every call of ${name}`,
      async ({ skip }) => {
        const reason = whyNoTrace()
        if (reason !== undefined) skip(reason)
        console.info(`${name}: ${await failingAt(name, Number.POSITIVE_INFINITY, 0)}`)
      },
      hours,
    )
  }
})
