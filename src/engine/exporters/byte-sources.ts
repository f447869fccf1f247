import type { Driver } from './driver.ts'

/**
 * Finds the exporter that holds bytes at home, by name: one of this run, or one of an earlier run that this one does not use (`-e folder`
 * after `-e zip`), which then is only asked for its bytes. Undefined if the exporter is no longer installed.
 */
export function byteSources(
  drivers: readonly Driver[],
  other: (name: string) => Promise<Driver | undefined>,
): (name: string) => Promise<Driver | undefined> {
  const known = new Map(drivers.map((driver) => [driver.name, Promise.resolve<Driver | undefined>(driver)]))
  return (name) => {
    const holder = known.get(name) ?? other(name)
    known.set(name, holder)
    return holder
  }
}
