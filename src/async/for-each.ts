import { Semaphore } from './semaphore.ts'

/** Processes `items` in order, a limited number in parallel; starts none after `draining`. Ends with the first error, after those in progress are done. */
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
