/**
 * What SmugMug makes of a camera's clock: `2019-08-04T11:28:12` without a zone is read as US Pacific time
 * (smugmug-api 0.5, 9.5). Milliseconds since the epoch.
 */
export function utcIfPacific(wallClock: string): number {
  const asUtc = Date.parse(`${wallClock}Z`)
  // The offset is asked for at the moment that the last guess gives; the second guess is right but for the changing hour.
  const guess = asUtc - pacificOffsetMs(asUtc)
  return asUtc - pacificOffsetMs(guess)
}

function pacificOffsetMs(utcMs: number): number {
  const parts = PACIFIC.formatToParts(utcMs)
  const sign = /([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '')
  if (!sign) throw new Error('The runtime knows no zone America/Los_Angeles')
  return (sign[1] === '-' ? -1 : 1) * (Number(sign[2]) * 60 + Number(sign[3])) * 60_000
}

const PACIFIC = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', timeZoneName: 'longOffset' })
