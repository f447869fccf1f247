import { SmugdlError } from '../../error.ts'
import type { Api } from '../api.ts'
import { type Page, type PageOptions, pages } from './pages.ts'

/** A list gave fewer items than it promises, twice. All that came has been yielded before. */
export class ListingIncomplete extends SmugdlError {
  readonly received: number
  readonly total: number

  constructor(received: number, total: number, address: string) {
    super('item', {
      what: `SmugMug lists ${received} of ${total} entries`,
      item: address,
      next: 'Run again later; what is missing may be listed then',
    })
    this.received = received
    this.total = total
  }
}

/**
 * The items of a list, each key once, one page in memory. An account that changes while its pages are read shifts them,
 * which shows as duplicates and gaps (smugmug-api 5): when fewer keys came than any `Total` says, the list is read
 * once more, and what is new is yielded. Throws `ListingIncomplete` when there are still too few. A record that cannot be read does not
 * keep the others from coming: its error is thrown at the end. A list without an end ends in an error.
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
  for (let reading = 1; reading <= 2; reading++) {
    promised = 0
    goesRound = false
    let received = 0
    let announced: number | undefined
    const unreadable: SmugdlError[] = []
    const ofThisReading = new Set<string>()
    for await (const { records, total, isLast, address, expansions } of pages(api, uri, options)) {
      const before = ofThisReading.size + unreadable.length
      for (const record of records) {
        const item = readOr(unreadable, () => itemOf(record, address, expansions))
        if (item === undefined) continue
        ofThisReading.add(keyOf(item))
        if (seen.has(keyOf(item))) continue
        seen.add(keyOf(item))
        yield item
      }
      promised = Math.max(promised, total)
      announced ??= total
      received += records.length
      if (received > mostFor(announced))
        throw endless(`SmugMug announces ${announced} entries and lists on and on`, uri)
      goesRound = !isLast && ofThisReading.size + unreadable.length === before && records.length > 0
      if (goesRound) break
    }
    if (goesRound || seen.size + unreadable.length < promised) continue
    const [first] = unreadable
    if (first === undefined) return
    const { what, item, next } = first
    throw new SmugdlError('item', {
      what: unreadable.length === 1 ? what : `${unreadable.length} entries: ${what}`,
      item,
      next,
      cause: first,
    })
  }
  if (goesRound) throw endless('The pages of a list go round in a circle', uri)
  throw new ListingIncomplete(seen.size, promised, uri)
}

/** No account grows like that while one of its lists is read. */
function mostFor(announced: number): number {
  return 2 * announced + 1000
}

function endless(what: string, address: string): SmugdlError {
  return new SmugdlError('item', { what, item: address, next: 'The next run lists it again' })
}

function readOr<T>(unreadable: SmugdlError[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SmugdlError) || error.kind !== 'item') throw error
    unreadable.push(error)
    return undefined
  }
}
