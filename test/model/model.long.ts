import { describe, it } from 'vitest'
import { liveThrough } from './histories.ts'

const minutes = Number(process.env.SMUGDL_MODEL_MINUTES ?? 60)
const count = Number(process.env.SMUGDL_MODEL_HISTORIES ?? 100_000)

describe('after every step of any history, home is what it must be', () => {
  for (const editsAreTold of [true, false]) {
    it(
      `where edits of an image ${editsAreTold ? '' : 'do not '}move its album's dates`,
      async () => {
        const lived = await liveThrough(editsAreTold, { count: count / 2, minutes: minutes / 2 })
        console.info(`${lived} histories lived through`)
      },
      minutes * 60_000,
    )
  }
})
