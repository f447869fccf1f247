/** Maximum number of characters of a path. */
export const longestPath = 4096

/** Maximum nesting of lists and objects. */
const mostDepth = 50

/**
 * Returns a value from a plugin if it is at most `most` bytes of JSON and `mostDepth` deep, because stored values are read again in every run.
 * Otherwise throws `RangeError`; `what` begins its sentence. JSON.parse accepts any depth, but recursive code would then overflow the stack.
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
