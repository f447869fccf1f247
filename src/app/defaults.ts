/** What use cases do by default: the one place, for whichever front end. */
export const defaults = {
  output: 'smugmug_photos',
  exporter: ['folder'],
  /** Downloads at once. */
  concurrency: 8,
  /** Files read at once. */
  readers: 4,
  relistAfterDays: 30,
} as const
