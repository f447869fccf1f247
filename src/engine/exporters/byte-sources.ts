import type { Driver } from './driver.ts'

/**
 * By name, who holds bytes at home: an exporter of this run, or one of an earlier run that this one does not use (`-e folder` after
 * `-e zip`), which then is asked for its bytes and nothing else. Undefined for one that is not there any more.
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
