/**
/**
 * The date that a sidecar must say, without a zone; undefined where it need not. `known` is the capture time that SmugMug knows, `exif` the one in the
 * file, both as `2024-04-30T10:12:09` (of a video SmugMug's may end in `Z`, which is left out). A file that has the date already must not get it once more: programs take a zone-less date for a
 * reason to drop the file's own zone. Where they differ, SmugMug knows something that the file does not.
 */
export function sidecarDate(known: string | undefined, exif: string | undefined): string | undefined {
  const api = known?.slice(0, 19)
  return api === undefined || isPlaceholder(api) || capturedClock(api, exif) === exif ? undefined : api
}

/** When a picture was taken: what SmugMug says, but in the one hour of the year that it cannot distinguish from the next what the file says. */
export function capturedClock(api: string | undefined, exif: string | undefined): string | undefined {
  if (api === undefined || exif === undefined) return api
  return isSkippedHour(exif) && hourLater(exif) === api ? exif : api
}

/** Dates that stand for "unknown", of a video the beginning of its container's time too, and those from before photography. */
export function isPlaceholder(clock: string): boolean {
  return /^(2000-01-01T00:00:00|1970-01-01T|1904-01-01T)/.test(clock) || Number(clock.slice(0, 4)) < 1826
}

/**
 * Whether a clock shows the hour that US Pacific time skips in spring. SmugMug reads every clock in that zone, wherever the camera was, and so
 * moves this one hour of the year forward (describe what SmugMug does: smugmug-api 9.5).
 */
function isSkippedHour(clock: string): boolean {
  if (clock.slice(11, 13) !== '02') return false
  const midnight = Date.parse(`${clock.slice(0, 10)}T08:00:00Z`)
  return pacificHour(midnight) === 0 && pacificHour(midnight + 2 * hourMs) === 3
}

const hourMs = 3_600_000

function hourLater(clock: string): string {
  return new Date(Date.parse(`${clock}Z`) + hourMs).toISOString().slice(0, 19)
}

/** Made when it is first needed: reading the time zones takes long. */
let pacific: Intl.DateTimeFormat | undefined

function pacificHour(instant: number): number {
  pacific ??= new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', hourCycle: 'h23', hour: 'numeric' })
  return Number(pacific.format(instant))
}
