export { bytes } from '../../byte-size.ts'

/** `1,234,567`. */
export function count(n: number): string {
  // Made when first used: that takes as long as loading a command.
  grouped ??= new Intl.NumberFormat('en-US')
  return grouped.format(n)
}

/** `1 image`, `1,200 images`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** `1 picture or video`, `48,211 pictures and videos`: what people call the items of an account. */
export function pictures(n: number): string {
  return counted(n, 'picture or video', 'pictures and videos')
}

/** `0.4 s`, `42 s`, `4 min 10 s`, `1 h 02 min`, `3 d 04 h`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`
}

/** The local time of day, `14:03:10`. */
export function timeOfDay(atMs: number): string {
  const at = new Date(atMs)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
}

/** Local date and time to the minute, `2026-11-24 14:03`. */
export function dateAndTime(atMs: number): string {
  const at = new Date(atMs)
  return `${dateOf(atMs)} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** The local date, `2026-11-24`. */
export function dateOf(atMs: number): string {
  const at = new Date(atMs)
  return [four(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())].join('-')
}

let grouped: Intl.NumberFormat | undefined

/** A year as ISO 8601 has it: a clock that was never set may be anywhere. */
function four(year: number): string {
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}`
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
