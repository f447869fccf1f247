export type RequestKind = 'api' | 'media' | 'oauth'

/** What happens to which requests. */
export interface Rule<T> {
  /** Part of the path with its query (less `oauth_` parameters), or a pattern for it. */
  path: string | RegExp
  kind?: RequestKind
  /** How often it happens; default always. */
  times?: number
  /** Number of matching requests that pass first. */
  after?: number
  do: T
}

/** A list of rules that a test fills and empties while the simulator runs. */
export class Rules<T> {
  readonly #rules = new Set<{ rule: Rule<T>; passed: number; done: number }>()

  /** Returns what takes the rule away again. */
  add(rule: Rule<T>): () => void {
    const entry = { rule, passed: 0, done: 0 }
    this.#rules.add(entry)
    return () => void this.#rules.delete(entry)
  }

  clear(): void {
    this.#rules.clear()
  }

  /** All that applies to a request, in the order of adding; counted as having happened unless `happens` says no. */
  take(kind: RequestKind, path: string, happens: (what: T) => boolean = () => true): T[] {
    const taken: T[] = []
    for (const entry of this.#rules) {
      const { rule } = entry
      if (rule.kind !== undefined && rule.kind !== kind) continue
      if (typeof rule.path === 'string' ? !path.includes(rule.path) : path.search(rule.path) < 0) continue
      if (!happens(rule.do)) continue
      if (entry.passed < (rule.after ?? 0)) {
        entry.passed += 1
        continue
      }
      if (entry.done >= (rule.times ?? Number.POSITIVE_INFINITY)) continue
      entry.done += 1
      taken.push(rule.do)
    }
    return taken
  }
}
