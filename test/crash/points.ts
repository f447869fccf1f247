import type { Call } from './trace.ts'

/** A moment of a run: before the `time`th `call` of this path. */
export interface Point {
  call: string
  path: string
  time: number
}

/** Every moment at which a run changes something on the disk, or makes it durable. */
export function pointsOf(calls: readonly Call[]): Point[] {
  return calls
    .filter(
      ({ name, flags, result }) => result >= 0 && name !== 'ioctl' && (name !== 'openat' || flags.includes('O_CREAT')),
    )
    .map(({ name, paths, time }) => ({ call: name, path: paths.at(-1) ?? '', time }))
}

/** So many of them, evenly, beginning somewhere else for each `seed`. */
export function sample<T>(points: readonly T[], count: number, seed: number): T[] {
  const stride = points.length / Math.min(count, points.length)
  const shift = (seed * 0.618034) % 1
  return Array.from(
    { length: Math.min(count, points.length) },
    (_, n) => points[Math.floor((n + shift) * stride)],
  ).filter((point) => point !== undefined)
}

export function told({ call, path, time }: Point): string {
  return `${call} number ${time} of ${path === '' ? 'the output' : path}`
}
