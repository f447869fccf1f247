import { SmugdlError } from '../../error.ts'
import { type Api, type Envelope, type Query, recordsOf } from '../api.ts'
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
  /** Items in the whole list, as far as it is told; a later page knows better. */
  total: number | undefined
  /** The path that was asked, for messages. */
  address: string
}

/**
 * The pages of a list, by `NextPage` only (smugmug-api 5): never by arithmetic on what was asked. Ends at a page without
 * `NextPage` or without items. The 404 that follows when all of `Total` has come is an end too; any other is an error.
 */
export async function* pages(api: Api, first: string, { count, trim = {} }: PageOptions): AsyncGenerator<Page> {
  const control: Query = { _verbosity: '1', ...trim }
  const opening = await openingPage(api, first, { count: String(count), ...control })
  let { envelope } = opening
  const seen = new Set([positionOf(first)])
  let received = 0
  for (;;) {
    const page = pageOf(envelope)
    yield page
    received += page.records.length
    const next = envelope.pages?.next
    if (next === undefined || page.records.length === 0) return
    if (seen.has(positionOf(next)))
      throw new SmugdlError('item', { what: 'The pages of a list go round in a circle', item: envelope.address })
    seen.add(positionOf(next))
    try {
      // Page links do not repeat our parameters: without them page two has another shape.
      envelope = await api.get(next, opening.bare ? {} : control)
    } catch (error) {
      const allCame = page.total !== undefined && received >= page.total
      if (allCame && error instanceof HttpError && error.status === 404) return
      throw error
    }
  }
}

/** That a list takes our parameters is known from other people's clients only: where it refuses, it is asked without any. */
async function openingPage(api: Api, first: string, query: Query): Promise<{ envelope: Envelope; bare: boolean }> {
  try {
    return { envelope: await api.get(first, query), bare: false }
  } catch (error) {
    if (!(error instanceof HttpError) || (error.status !== 400 && error.status !== 404)) throw error
    // Accounts are known whose album list was 404 with `count` and fine without (smugmug-api 7.2).
    return { envelope: await api.get(first), bare: true }
  }
}

function pageOf(envelope: Envelope): Page {
  const { expansions, pages, address } = envelope
  return { records: recordsOf(envelope), expansions, total: pages?.total, address }
}

/** What tells pages of one list apart, whatever the order of the parameters. */
function positionOf(path: string): string {
  const { searchParams } = new URL(path, 'https://api.invalid')
  return searchParams.get('start') ?? '1'
}
