import { describe, it } from 'vitest'
import { liveThrough } from './histories.ts'

/** A thousand histories, the same each time; others for hours: `model.long.ts`. */
describe('after every step of any history, home is what it must be', () => {
  for (const editsAreTold of [true, false]) {
    it(`where edits of an image ${editsAreTold ? '' : 'do not '}move its album's dates`, async () => {
      const lived = await liveThrough(editsAreTold, { count: 500, minutes: 10, seed: 4 })
      console.info(`${lived} histories lived through`)
    }, 600_000)
  }
})
