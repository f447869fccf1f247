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
  /** The path that was asked, for messages. */
  address: string
  /** Characters of its text. */
  length: number
}

/**
 * The pages of a list, by `NextPage` only (smugmug-api 5): never by arithmetic on what was asked. Ends at a page without
 * `NextPage` or without items. The 404 that follows when all of `Total` has come is an end too; any other is an error. Whether there is
 * an end at all is the caller's to see, who knows what an item is.
 */
export async function* pages(api: Api, first: string, { count, trim = {} }: PageOptions): AsyncGenerator<Page> {
  const control: Query = { _verbosity: '1', ...trim }
  const opening = await openingPage(api, first, { count: String(count), ...control })
  let { envelope } = opening
  let received = 0
  for (;;) {
    const page = pageOf(envelope)
    yield page
    received += page.records.length
    const next = envelope.pages?.next
    if (next === undefined || page.records.length === 0) return
    try {
      // Page links do not repeat our parameters: without them page two has another shape.
      envelope = await pageAt(api, next, opening.bare ? {} : control)
    } catch (error) {
      if (received >= page.total && error instanceof HttpError && error.status === 404) return
      throw error
    }
  }
}

/** That a list takes our parameters is known from other people's clients only: where it refuses, it is asked without any. */
async function openingPage(api: Api, first: string, query: Query): Promise<{ envelope: Envelope; bare: boolean }> {
  try {
    return { envelope: await pageAt(api, first, query), bare: false }
  } catch (error) {
    if (!(error instanceof HttpError) || (error.status !== 400 && error.status !== 404)) throw error
    // Accounts are known whose album list was 404 with `count` and fine without (smugmug-api 7.2).
    return { envelope: await pageAt(api, first, {}), bare: true }
  }
}

/**
 * A page that fails whenever it is asked for may be too long for the server's front (real-answers 3.3): half of it is asked for. Of one
 * that is too large for us, half again and again.
 */
async function pageAt(api: Api, path: string, query: Query): Promise<Envelope> {
  try {
    return await api.get(path, query, 'list')
  } catch (error) {
    const half = Math.floor(Number(query.count ?? /[?&]count=(\d+)/.exec(path)?.[1] ?? 0) / 2)
    const fewer = { ...query, count: String(half) }
    if (half >= 1 && error instanceof AnswerTooLarge) return pageAt(api, path, fewer)
    const lasts = error instanceof SmugdlError && error.kind === 'item' && error.retry !== 'no'
    if (!lasts || half < 1) throw error
    return api.get(path, fewer, 'list')
  }
}

function pageOf(envelope: Envelope): Page {
  const { expansions, pages, address, length } = envelope
  return {
    records: recordsOf(envelope),
    expansions,
    total: pages?.total ?? 0,
    isLast: pages?.next === undefined,
    address,
    length,
  }
}
