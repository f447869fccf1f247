import { device, type SafeName, safeName } from './safe-name.ts'

/** A path inside the output, of names that an exporter chose: each made safe (`..` becomes `_`), joined by `/`. Throws for no names at all. */
export function safePath(names: readonly string[]): string {
  if (names.length === 0) throw new TypeError('A path needs at least one name')
  return names.map((name) => safeName(name, '_')).join('/')
}

/** Whether a path, names joined by `/`, leads to one place inside the folder that it is relative to, whatever the system. */
export function isInside(path: string): boolean {
  return path.split('/').every(isOneName)
}

/**
 * Whether a name, not necessarily a safe one, is one entry of its folder: no separator, drive, stream, device or way up on any system,
 * not even after Windows has dropped the spaces and dots at its end.
 */
export function isOneName(name: string): name is SafeName {
  return !/[/\\:\0]/.test(name) && !/^[ .]*$/.test(name) && !device.test(name)
}
