/**
 * A date, `2024-04-30T10:12:09` and whatever follows, in strftime's codes `%Y %y %m %d %H %M %S %j %B %b %A %a %V %G %%`, names in English.
 * Its own digits are taken, in no zone: New Year's Eve stays in its year wherever the program runs. Empty where it is no date.
 */
export function dateText(date: string, format: string): string {
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d))?/.exec(date) ?? []
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(midnight)) return ''
  const weekday = new Date(midnight).getUTCDay()
  const dayOfYear = (midnight - Date.parse(`${year}-01-01T00:00:00Z`)) / dayMs + 1
  const codes: Readonly<Record<string, string>> = {
    Y: year,
    y: year.slice(2),
    m: month,
    d: day,
    H: hour,
    M: minute,
    S: second,
    j: String(dayOfYear).padStart(3, '0'),
    B: months[Number(month) - 1] ?? '',
    b: (months[Number(month) - 1] ?? '').slice(0, 3),
    A: days[weekday] ?? '',
    a: (days[weekday] ?? '').slice(0, 3),
    ...isoWeek(midnight, weekday),
    '%': '%',
  }
  return format.replace(/%(.)/g, (code, letter) => codes[letter] ?? code)
}

const dayMs = 86_400_000

/** ISO 8601: a week belongs to the year that has its Thursday. */
function isoWeek(midnight: number, weekday: number): { V: string; G: string } {
  const thursday = new Date(midnight + (4 - (weekday || 7)) * dayMs)
  const year = thursday.toISOString().slice(0, 4)
  const week = Math.floor((thursday.getTime() - Date.parse(`${year}-01-01T00:00:00Z`)) / dayMs / 7) + 1
  return { V: String(week).padStart(2, '0'), G: year }
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
