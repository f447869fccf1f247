import { test } from 'vitest'
import { liveThrough } from './histories.ts'

// The same histories each time; a thousand are in `npm run test:model`, others for hours in `npm run test:long`. Those of edits that are not
// reported have a file of their own, so that each keeps one core busy.
test(
  'after every step of any history home is what it must be',
  () => liveThrough(true, { count: 100, minutes: 10, seed: 9 }),
  600_000,
)
