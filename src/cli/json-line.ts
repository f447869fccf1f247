/**
 * A value as one line of JSON for stdout, including its line break: with `v`, the version of the format (`json.md`), and each time named …At in
 * ISO 8601. Besides what JSON escapes, C1 control characters and characters that break or reorder lines are written as `\uXXXX`: the same
 * value for a program, harmless on a terminal.
 */
export function jsonLine(value: object): string {
  const json = JSON.stringify({ v: 1, ...value }, timesInWords).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${json}\n`
}

/** Converts times, which are milliseconds since 1970 internally. */
function timesInWords(name: string, value: unknown): unknown {
  return typeof value === 'number' && name.endsWith('At') ? new Date(value).toISOString() : value
}
