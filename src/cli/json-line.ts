/**
 * A value as one line of JSON for stdout, its line break included. Beside what JSON escapes, control characters of the upper half and
 * marks that break or reorder lines are written as `\uXXXX`: the same value for a program, harmless on a terminal.
 */
export function jsonLine(value: object): string {
  const json = JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${json}\n`
}
