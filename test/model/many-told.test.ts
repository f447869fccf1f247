import { test } from 'vitest'
import { liveThrough } from './histories.ts'

/** 500 histories, the same each time; others for hours: `model.long.ts`. In two files, to run side by side. */
test('after every step of any history home is what it must be, where edits of an image move the dates of its album', async () => {
  console.info(`${await liveThrough(true, { count: 500, minutes: 10, seed: 4 })} histories lived through`)
}, 600_000)
