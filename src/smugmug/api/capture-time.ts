/**
 * The camera's own clock, `2024-04-30T10:12:09`, out of the instant that the Image endpoint shows: SmugMug reads the
 * zone-less time of EXIF as US Pacific time and converts it to UTC (smugmug-api 0.5, 9.5); this is the way back.
 */
export function cameraClock(instant: string): string {
  pacific ??= new Intl.DateTimeFormat('en-US', fields)
  const parts = Object.fromEntries(pacific.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
  return `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`
}

/** Created for the first picture: loading the time zones takes longer than most other work before the first request. */
let pacific: Intl.DateTimeFormat | undefined

const fields = {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const
