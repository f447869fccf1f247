import { Semaphore } from '../../async/semaphore.ts'
import { SmugdlError } from '../../error.ts'
import { type Api, type Envelope, type Query, recordsOf } from '../api.ts'
import { AnswerTooLarge } from '../transport/answer-too-large.ts'
import { HttpError } from '../transport/http-error.ts'

export interface PageOptions {
  /** Items asked for per page; SmugMug gives fewer where it wants. */
  count: number
  /** Parameters that make answers smaller or fuller (`_filter`, `_filteruri`, `_expand`, `_config`): left out where SmugMug refuses them. */
  trim?: Query
}

/** One page: at most as many records as were asked for. */
export interface Page {
  records: readonly unknown[]
  expansions: Envelope['expansions']
  /** Items in the whole list. */
  total: number
  /** No other page is announced. */
  isLast: boolean
  next: string | undefined
  /** Where it is in the list, 1-based, and how many items it holds, as it says. */
  start: number | undefined
  count: number | undefined
  /** The path that was asked, for messages. */
  address: string
  /** Characters of its text. */
  length: number
}

/**
 * The pages of a list, in its order. Once the first has said how long the list is and where the second begins, the others are asked for side by
 * side; each must say itself that it is the one that was asked for. After the first that does not, they are read by `NextPage` alone, never by
 * arithmetic on what was asked (smugmug-api 5). Ends at a page without `NextPage` or without items. The 404 that follows when all of `Total` has
 * come is an end too; any other is an error. Whether there is an end at all is the caller's to see, who knows what an item is.
 */
export async function* pages(api: Api, first: string, { count, trim = {} }: PageOptions): AsyncGenerator<Page> {
  const control: Query = { _verbosity: '1', ...trim }
  const opening = await openingPage(api, first, { count: String(count), ...control })
  // Page links do not repeat our parameters: without them page two has another shape.
  const query = opening.bare ? {} : control
  let page = opening.page
  yield page
  let received = page.records.length
  for await (const proven of sideBySide(api, page, query)) {
    page = proven
    yield page
    received += page.records.length
  }
  while (page.next !== undefined && page.records.length > 0) {
    try {
      page = await pageAt(api, page.next, query)
    } catch (error) {
      if (received >= page.total && isNotFound(error)) return
      throw error
    }
    yield page
    received += page.records.length
  }
}

/** As many as the API is asked for at once. */
const atOnce = 4

/** Pages that are asked for before their turn, of all lists together: whatever they hold, the memory for it is bounded. */
const ahead = new Semaphore(atOnce - 1)

/**
 * The pages after the first, up to one that is not where the others say that it is, or that tells of another length of the list: that one, too, is what
 * `NextPage` led to. SmugMug takes 25 to 35 ms for each listed image (real-answers 4.3): one by one, an album of 5,000 would take minutes.
 */
async function* sideBySide(api: Api, opening: Page, query: Query): AsyncGenerator<Page> {
  const { next = '', total, records } = opening
  const size = records.length
  const starts = size === 0 ? [] : startsUpTo(total, size)
  if (starts.length < 2 || !leadsTo(opening, size + 1, size)) return
  const underWay: Promise<Page>[] = []
  try {
    for (const [turn, start] of starts.entries()) {
      for (let number = turn + underWay.length; number < starts.length; number++) {
        if (underWay.length > 0 && (underWay.length === atOnce || !ahead.tryAcquire())) break
        const asked = pageAt(api, next.replace(startIn, `$1${starts[number]}`), query)
        // It may fail before its turn comes; then it throws.
        asked.catch(() => {})
        underWay.push(asked)
      }
      const page = await underWay[0]
      if (page === undefined) return
      underWay.shift()
      if (underWay.length > 0) ahead.release()
      yield page
      if (!isProven(page, start, { total, size })) return
    }
  } catch (error) {
    // The list has become shorter, perhaps: `NextPage` says.
    if (!isNotFound(error)) throw error
  } finally {
    await Promise.allSettled(underWay)
    for (let left = underWay.length; left > 1; left--) ahead.release()
  }
}

/** Whether a page is what was asked for, of a list as long as it was, and leads to the next. */
function isProven(page: Page, start: number, { total, size }: { total: number; size: number }): boolean {
  const end = Math.min(start + size - 1, total)
  return (
    page.total === total &&
    page.start === start &&
    page.count === page.records.length &&
    page.records.length === end - start + 1 &&
    (end === total ? page.isLast : leadsTo(page, end + 1, size))
  )
}

/** Where the pages after the first begin. */
function startsUpTo(total: number, size: number): number[] {
  return Array.from({ length: Math.min(Math.ceil(total / size) - 1, mostPages) }, (_, index) => (index + 1) * size + 1)
}

/** What a list says of its own length is only believed so far. */
const mostPages = 10_000

const startIn = /([?&]start=)\d+/

/** Whether a page gives this place as the next one's. */
function leadsTo({ next = '' }: Page, start: number, size: number): boolean {
  const query = new URLSearchParams(next.split('?')[1])
  return query.get('start') === String(start) && query.get('count') === String(size)
}

function isNotFound(error: unknown): boolean {
  return error instanceof HttpError && error.status === 404
}

/** That a list takes our parameters is known from other people's clients only: where it refuses, it is asked without any. */
async function openingPage(api: Api, first: string, query: Query): Promise<{ page: Page; bare: boolean }> {
  try {
    return { page: await pageAt(api, first, query), bare: false }
  } catch (error) {
    if (!(error instanceof HttpError) || (error.status !== 400 && error.status !== 404)) throw error
    // Accounts are known whose album list was 404 with `count` and fine without (smugmug-api 7.2).
    return { page: await pageAt(api, first, {}), bare: true }
  }
}

/**
 * A page that fails whenever it is asked for may be too long for the server's front (real-answers 3.3): half of it is asked for. Of one
 * that is too large for us, half again and again.
 */
async function pageAt(api: Api, path: string, query: Query): Promise<Page> {
  try {
    return pageOf(await api.get(path, query, 'list'))
  } catch (error) {
    const half = Math.floor(Number(query.count ?? /[?&]count=(\d+)/.exec(path)?.[1] ?? 0) / 2)
    const fewer = { ...query, count: String(half) }
    if (half >= 1 && error instanceof AnswerTooLarge) return pageAt(api, path, fewer)
    const lasts = error instanceof SmugdlError && error.kind === 'item' && error.retry !== 'no'
    if (!lasts || half < 1) throw error
    return pageOf(await api.get(path, fewer, 'list'))
  }
}

function pageOf(envelope: Envelope): Page {
  const { expansions, pages, address, length } = envelope
  return {
    records: recordsOf(envelope),
    expansions,
    total: pages?.total ?? 0,
    isLast: pages?.next === undefined,
    next: pages?.next,
    start: pages?.start,
    count: pages?.count,
    address,
    length,
  }
}
