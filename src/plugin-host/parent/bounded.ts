/** Characters of a path. */
export const longestPath = 4096

/** Levels of lists and objects within each other. */
const mostDepth = 50

/**
 * A value from a plugin, if it is no larger than `most` bytes of JSON and not deeper than `mostDepth`: what is stored is read again in every run. Throws
 * `RangeError`; `what` is the beginning of its sentence. JSON.parse reads any depth, and whoever walks the value then by recursion falls.
 */
export function bounded<T>(value: T, most: number, what: string): T {
  if (value === undefined) return value
  for (let level: unknown[] = [value], depth = 0; level.length > 0; depth++) {
    if (depth > mostDepth) throw new RangeError(`${what} that is nested more than ${mostDepth} deep`)
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  const size = Buffer.byteLength(JSON.stringify(value))
  if (size > most)
    throw new RangeError(
      `${what} of ${size.toLocaleString('en')} bytes, where ${most.toLocaleString('en')} are allowed`,
    )
  return value
}
