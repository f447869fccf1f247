import { describe, test } from 'vitest'
import { liveThrough } from './histories.ts'

/** The same histories each time; a thousand are in `npm run test:model`, others for hours in `npm run test:long`. */
describe.each([true, false])(
  'after every step of any history home is what it must be (edits are told: %s)',
  (editsAreTold) => {
    test('a sample of histories', () => liveThrough(editsAreTold, { count: 100, minutes: 10, seed: 9 }), 600_000)
  },
)
