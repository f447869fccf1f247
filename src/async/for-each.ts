import { Semaphore } from './semaphore.ts'

/** A limited number of `items` at once, in their order; begins none after `draining`. The first error ends it, when those under way are done. */
export async function forEachBounded<T>(
  items: Iterable<T>,
  count: number,
  work: (item: T) => Promise<void>,
  draining: AbortSignal,
): Promise<void> {
  const slots = new Semaphore(count)
  const underWay = new Set<Promise<void>>()
  let failed: { error: unknown } | undefined
  for (const item of items) {
    await slots.acquire()
    if (draining.aborted || failed !== undefined) break
    const task = work(item)
      .catch((error) => {
        failed ??= { error }
      })
      .finally(() => {
        slots.release()
        underWay.delete(task)
      })
    underWay.add(task)
  }
  await Promise.all(underWay)
  if (failed !== undefined) throw failed.error
}
