import { test } from 'vitest'
import { liveThrough } from './histories.ts'

test(
  'after every step of any history home is what it must be, though edits are not reported',
  () => liveThrough(false, { count: 100, minutes: 10, seed: 9 }),
  600_000,
)
