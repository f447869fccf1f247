import { availableParallelism } from 'node:os'

/** What use cases do by default: the one place, for whichever front end. */
export const defaults = {
  output: 'smugmug_photos',
  exporter: ['folder'],
  /** Files read at once: a disk may want more of them than there are cores. */
  readers: Math.max(4, availableParallelism()),
  relistAfterDays: 30,
} as const
