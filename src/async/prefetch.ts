/**
 * Yields the result of `work` for each item, in the order of the items, with up to `count` in progress in parallel. If the caller stops early
 * or an error occurs, it waits for those in progress.
 */
export async function* prefetch<T, R>(
  items: Iterable<T>,
  count: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  const oldest = async () => {
    const result = (await underWay[0]) as R
    underWay.shift()
    return result
  }
  try {
    for (const item of items) {
      const task = work(item)
      // It may fail before its turn comes; then it throws.
      task.catch(() => {})
      underWay.push(task)
      if (underWay.length >= count) yield await oldest()
    }
    while (underWay.length > 0) yield await oldest()
  } finally {
    await Promise.allSettled(underWay)
  }
}
