import { describe, it } from 'vitest'
import { liveThrough } from './histories.ts'

/** Hours of the same: `model.long.ts`. */
describe('after every step of any history, home is what it must be', () => {
  for (const editsAreTold of [true, false]) {
    it(`where edits of an image ${editsAreTold ? '' : 'do not '}move its album's dates`, async () => {
      const lived = await liveThrough(editsAreTold, { count: 500, minutes: 0.5 })
      console.info(`${lived} histories lived through`)
    }, 120_000)
  }
})
