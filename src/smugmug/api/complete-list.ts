import { SmugdlError } from '../../error.ts'
import type { Api } from '../api.ts'
import { type Page, type PageOptions, pages } from './pages.ts'

/** A list returned fewer items than it announces, twice, or items that cannot be read. All others have been yielded before. */
export class ListingIncomplete extends SmugdlError {
  /** Number of items yielded. */
  readonly received: number
  readonly total: number
  /** For each record that was given up, the reason and its key, if it has one. */
  readonly unreadable: readonly SmugdlError[]

  constructor(received: number, total: number, address: string, unreadable: readonly SmugdlError[] = []) {
    super('item', {
      what: [
        ...(received + unreadable.length < total ? [`SmugMug lists ${received} of ${total} entries`] : []),
        ...(unreadable.length > 0 ? [`${unreadable.length} of ${total} entries cannot be read`] : []),
      ].join(', '),
      item: address,
      next: unreadable[0]?.next ?? 'Run again later; what is missing may be listed then',
    })
    this.received = received
    this.total = total
    this.unreadable = unreadable
  }
}

/**
 * The items of a list, each key once, one page in memory. An account that changes while its pages are read shifts them,
 * which shows as duplicates and gaps (smugmug-api 5). If fewer keys arrive than any `Total` states, the list is read
 * once more, and new items are yielded. Throws `ListingIncomplete` if there are still too few, and for unreadable records, after
 * all others were yielded. A list without an end is an error.
 */
export async function* listed<T extends object>(
  api: Api,
  uri: string,
  options: PageOptions,
  itemOf: (record: unknown, address: string, expansions: Page['expansions']) => T,
  keyOf: (item: T) => string,
): AsyncGenerator<T> {
  const seen = new Set<string>()
  let promised = 0
  let goesRound = false
  let unreadable: SmugdlError[] = []
  for (let reading = 1; reading <= 2; reading++) {
    promised = 0
    goesRound = false
    let received = 0
    let heard = 0
    let announced: number | undefined
    unreadable = []
    const ofThisReading = new Set<string>()
    for await (const { records, total, isLast, address, expansions, length } of pages(api, uri, options)) {
      heard += length
      if (heard > mostLength(received + records.length))
        throw endless('A list says far more than its entries can hold', uri)
      const before = ofThisReading.size + unreadable.length
      for (const record of records) {
        received += 1
        const item = readOr(unreadable, record, received, () => itemOf(record, address, expansions))
        if (item === undefined) continue
        ofThisReading.add(keyOf(item))
        if (seen.has(keyOf(item))) continue
        seen.add(keyOf(item))
        yield item
      }
      promised = Math.max(promised, total)
      if (unreadable.length > mostUnreadable)
        throw new ListingIncomplete(seen.size, Math.max(promised, seen.size + unreadable.length), uri, unreadable)
      announced ??= total
      if (received > mostFor(announced))
        throw endless(`SmugMug announces ${announced} entries and lists on and on`, uri)
      goesRound = !isLast && ofThisReading.size + unreadable.length === before && records.length > 0
      if (goesRound) break
    }
    if (goesRound || seen.size + unreadable.length < promised) continue
    if (unreadable.length === 0) return
    break
  }
  if (goesRound) throw endless('The pages of a list go round in a circle', uri)
  throw new ListingIncomplete(seen.size, Math.max(promised, seen.size + unreadable.length), uri, unreadable)
}

/** Limits beyond any real account: SmugMug allows 5,000 images in an album, and no list grows this much while it is read. */
function mostFor(announced: number): number {
  return Math.min(2 * announced + 1000, 250_000)
}

/** Maximum number of characters in all pages with this many entries: one page may be unusually large, but all of them must not fill memory and disk. */
function mostLength(received: number): number {
  return 8_000_000 + 100_000 * received
}

/** Maximum number of unreadable records: each is kept for the error message, and a list with more of them is given up. */
const mostUnreadable = 1000

function endless(what: string, address: string): SmugdlError {
  return new SmugdlError('item', { what, item: address, next: 'The next run lists it again' })
}

/** Any error thrown while a record is read is that record's failure. */
function readOr<T>(unreadable: SmugdlError[], record: unknown, position: number, read: () => T): T | undefined {
  try {
    return read()
  } catch (cause) {
    const { what, next } =
      cause instanceof SmugdlError
        ? cause
        : { what: 'What SmugMug says of it cannot be read', next: 'Please report this, with the log' }
    unreadable.push(new SmugdlError('item', { what, item: nameOf(record) ?? `entry ${position}`, next, cause }))
    return undefined
  }
}

function nameOf(record: unknown): string | undefined {
  const { ImageKey, FileName, NodeID, Name }: Record<string, unknown> = Object(record)
  const name = [ImageKey, FileName, NodeID, Name].find((name) => typeof name === 'string' && name !== '')
  return typeof name === 'string' ? name.slice(0, 255) : undefined
}
