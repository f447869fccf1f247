import type { Entity, List } from './resource.ts'
import type { Rules } from './rules.ts'

/** What can be odd about a list, as the field reports it (smugmug-api 0.9, 5, 7.2). */
export type ListQuirk =
  /** Another order for each page, or for each listing (which begins with item 1). */
  | { kind: 'shuffled'; every: 'page' | 'listing' }
  /** Added to `Total`; may be negative. */
  | { kind: 'total'; add: number }
  /** Left out although `Total` counts them. Happens only where one of them would have been shown. */
  | { kind: 'missing'; keys: readonly string[] }
  /** As if the list had never held them. Keys are `ImageKey`, `AlbumKey` or `NodeID`, as the list's items have. */
  | { kind: 'hidden'; keys: readonly string[] }
  /** Each page but the first begins with the last item of the page before, as after an upload meanwhile. */
  | { kind: 'overlap' }
  /** Nothing on the page, whatever `Total` and `NextPage` say. */
  | { kind: 'emptyPage' }

export type Quirks = Rules<ListQuirk>

interface PageRequest {
  /** The path without its query. */
  path: string
  query: URLSearchParams
  /** The parts of the query that page links repeat, as they were sent (real-answers 4.1). */
  kept: readonly string[]
  defaultCount: number
  /** The most that a page holds: more is not refused but cut to this. */
  clamp: number
}

export interface Page {
  entities: Entity[]
  /** The `Pages` object. */
  pages?: Record<string, unknown>
}

export type Paginate = (list: List, request: PageRequest) => Page

/** Paging as documented, bent by what `quirks` holds. */
export function paginator(quirks: Quirks): Paginate {
  let requests = 0
  const listings = new Map<string, number>()

  return (list, { path, query, kept, defaultCount, clamp }) => {
    const start = Math.max(1, positive(query.get('start')) ?? 1)
    const count = Math.min(positive(query.get('count')) ?? defaultCount, clamp)
    requests += 1
    if (start === 1) listings.set(path, (listings.get(path) ?? 0) + 1)

    const asked = `${path}?${query}`
    let order = Array.from({ length: list.length }, (_, index) => index)
    for (const quirk of quirks.take('api', asked, ({ kind }) => kind === 'shuffled' || kind === 'hidden')) {
      if (quirk.kind === 'shuffled')
        order = shuffled(order, quirk.every === 'page' ? requests : (listings.get(path) ?? 0))
      if (quirk.kind === 'hidden') order = order.filter((index) => !quirk.keys.includes(list.keyAt(index)))
    }
    let total = order.length
    let shown = order.slice(start - 1, start - 1 + count)
    const isOnPage = (key: string) => shown.some((index) => list.keyAt(index) === key)
    const bending = quirks.take('api', asked, (quirk) =>
      quirk.kind === 'missing' ? quirk.keys.some(isOnPage) : quirk.kind !== 'shuffled' && quirk.kind !== 'hidden',
    )
    for (const quirk of bending) {
      if (quirk.kind === 'total') total = Math.max(0, total + quirk.add)
      if (quirk.kind === 'missing') shown = shown.filter((index) => !quirk.keys.includes(list.keyAt(index)))
      if (quirk.kind === 'overlap') shown = [...order.slice(start - 2, start - 1), ...shown]
      if (quirk.kind === 'emptyPage') shown = []
    }
    return {
      entities: shown.map((index) => list.entityAt(index)),
      pages: pagesObject({ path, kept, start, count, total, shown: shown.length }),
    }
  }
}

interface PageFacts {
  path: string
  kept: readonly string[]
  start: number
  count: number
  total: number
  shown: number
}

function pagesObject({ path, kept, start, count, total, shown }: PageFacts): Record<string, unknown> {
  const link = (at: number) => linkTo(path, kept, at, count)
  const isMisaligned = (start - 1) % count !== 0
  const pages: Record<string, unknown> = {
    Total: total,
    Start: start,
    Count: shown,
    RequestedCount: count,
    FirstPage: link(1),
    // Of an empty list it begins before the list does (real-answers 4.3).
    LastPage: link((Math.ceil(total / count) - 1) * count + 1),
  }
  if (start + count <= total) pages.NextPage = link(start + count)
  if (start > 1 && !isMisaligned) pages.PrevPage = link(start - count)
  if (isMisaligned) pages.Misaligned = true
  return pages
}

/** Position and size in place of those that were asked for, or behind all that was. */
function linkTo(path: string, kept: readonly string[], start: number, count: number): string {
  const parts = [...kept]
  for (const [name, value] of Object.entries({ start, count })) {
    const at = parts.findIndex((part) => part.startsWith(`${name}=`))
    parts.splice(at < 0 ? parts.length : at, 1, `${name}=${value}`)
  }
  return `${path}?${parts.join('&')}`
}

function positive(text: string | null): number | undefined {
  const number = Number(text)
  return text !== null && Number.isInteger(number) && number > 0 ? number : undefined
}

/** Fisher and Yates with a small generator, so that the same turn gives the same order. */
function shuffled(order: readonly number[], seed: number): number[] {
  const result = [...order]
  let state = (seed * 2_654_435_761) >>> 0 || 1
  for (let i = result.length - 1; i > 0; i--) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const j = (state >>> 0) % (i + 1)
    const moved = result[i] ?? 0
    result[i] = result[j] ?? 0
    result[j] = moved
  }
  return result
}
