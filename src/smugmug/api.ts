/** The API as the resources see it: paced, signed, retried, parsed. */
export interface Api {
  /** Scheme, host and port. */
  readonly origin: string
  /** The same, and the other origins that pictures may come from although they are not public hosts. */
  readonly own: readonly string[]
  /** SmugMug's own clock, from its answers, in milliseconds since 1970 (whole seconds); this machine's clock before the first answer. */
  now(): number
  /** Number of images to request per page of an album, chosen by the time that SmugMug takes for them. */
  readonly imagesAPage: number
  /**
   * Gets a path as the API writes them: `/api/v2/…`, with or without a query. `query` is added, replacing parameters of
   * the same name. Throws `HttpError` if SmugMug answers with a final refusal, other `SmugdlError`s if it does not answer.
   */
  get(path: string, query?: Query, expected?: Expected): Promise<Envelope>
}

/**
 * What an answer of status 200 must contain to be accepted; otherwise the request is repeated, as after a broken connection. A `list` states
 * its length: every captured one does, even if empty (smugmug-api 5). `anything` states at least its type in `Locator`; without a record of
 * that type, SmugMug does not offer one.
 */
export type Expected = 'anything' | 'record' | 'list'

export type Query = Record<string, string>

/** An answer of the API (smugmug-api 3), reduced to what carries data. */
export interface Envelope {
  /** The path that was asked, for messages. */
  address: string
  /** `Response[Response.Locator]`; undefined for an empty list, and if nothing is offered. */
  payload: unknown
  pages: Pages | undefined
  /** All of `Response`, for answers whose shape is not documented. */
  response: ReadonlyMap<string, unknown>
  /** Further answers by the path they belong to, without its query. */
  expansions: ReadonlyMap<string, unknown>
  /** Characters of the answer's text. */
  length: number
  /** Milliseconds from the request to the answer, without the wait for its turn. */
  tookMs: number
}

export interface Pages {
  /** Items in the whole list; known to drift. */
  total: number | undefined
  /** Path and query of the next page; undefined on the last. */
  next: string | undefined
  /** 1-based position of its first item in the list, and its number of items, if the answer states them. */
  start?: number | undefined
  count?: number | undefined
}

/** Whether an answer contains what was requested. If not, nothing may be concluded from it, least of all that a list is empty. */
export function isWhatWasAsked({ payload, pages, response }: Envelope, expected: Expected): boolean {
  if (expected === 'list') return pages?.total !== undefined
  return payload !== undefined || (expected === 'anything' && (response.has('Locator') || pages !== undefined))
}

/** The records of a list, of one page; an empty list has no payload. */
export function recordsOf({ payload }: Pick<Envelope, 'payload'>): unknown[] {
  return [payload ?? []].flat()
}

/** The API repeats parts of a request's query in the paths that it gives. */
export function withoutQuery(uri: string): string {
  return uri.split('?', 1)[0] ?? ''
}
