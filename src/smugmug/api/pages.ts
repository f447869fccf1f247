import { Semaphore } from '../../async/semaphore.ts'
import { SmugdlError } from '../../error.ts'
import { type Api, type Envelope, type Query, recordsOf } from '../api.ts'
import { AnswerTooLarge } from '../transport/answer-too-large.ts'
import { HttpError } from '../transport/http-error.ts'

export interface PageOptions {
  /** Number of items to request per page; SmugMug may return fewer. */
  count: number
  /** Parameters that reduce or extend answers (`_filter`, `_filteruri`, `_expand`, `_config`); left out if SmugMug refuses them. */
  trim?: Query
}

/** One page: at most as many records as were requested. */
export interface Page {
  records: readonly unknown[]
  expansions: Envelope['expansions']
  /** Items in the whole list. */
  total: number
  /** No other page is announced. */
  isLast: boolean
  next: string | undefined
  /** 1-based position of the page in the list, and its number of items, as the page states them. */
  start: number | undefined
  count: number | undefined
  /** The path that was asked, for messages. */
  address: string
  /** Characters of its text. */
  length: number
}

/**
 * The pages of a list, in its order. Once the first states the length of the list and where the second begins, the others are requested in
 * parallel; each must confirm that it is the page requested. After the first that does not, pages are read by `NextPage` alone, never by
 * computed positions (smugmug-api 5). Ends at a page without `NextPage` or without items. A 404 after all of `Total` has arrived is an end
 * too; any other 404 is an error. The caller must detect a list without an end, because only the caller knows what an item is.
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

/** The maximum number of parallel API requests. */
const atOnce = 4

/** Maximum number of pages requested ahead, in all lists together; this bounds the memory, whatever they contain. */
const ahead = new Semaphore(atOnce - 1)

/**
 * The pages after the first, up to and including one at an unexpected position or with another length of the list; `NextPage` led to that
 * one too. SmugMug takes 25 to 35 ms for each listed image (real-answers 4.3): one by one, an album of 5,000 would take minutes.
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

/** Whether a page is the one requested, its list has the same length as before, and it leads to the next page. */
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

/** Maximum length of a list that is believed. */
const mostPages = 10_000

const startIn = /([?&]start=)\d+/

/** Whether a page's `NextPage` is at this position. */
function leadsTo({ next = '' }: Page, start: number, size: number): boolean {
  const query = new URLSearchParams(next.split('?')[1])
  return query.get('start') === String(start) && query.get('count') === String(size)
}

function isNotFound(error: unknown): boolean {
  return error instanceof HttpError && error.status === 404
}

/** Only other clients show that lists accept our parameters; if one refuses them, it is requested without any. */
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
 * A page that fails after every retry may take too long for the server's front (real-answers 3.3), so half of it is requested. If a page is
 * too large for us, its size is halved repeatedly.
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
