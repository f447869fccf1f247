/**
 * What `work` makes of each item, in the order of the items, with up to `count` under way at once. Whoever stops early, or meets an
 * error, waits for those under way.
 */
export async function* prefetch<T, R>(
  items: Iterable<T>,
  count: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  try {
    for (const item of items) {
      const task = work(item)
      // It may fail before its turn comes; then it throws.
      task.catch(() => {})
      underWay.push(task)
      if (underWay.length >= count) yield* first(underWay)
    }
    while (underWay.length > 0) yield* first(underWay)
  } finally {
    await Promise.allSettled(underWay)
  }
}

async function* first<R>(underWay: Promise<R>[]): AsyncGenerator<R> {
  const [oldest] = underWay
  if (oldest === undefined) return
  const result = await oldest
  underWay.shift()
  yield result
}
