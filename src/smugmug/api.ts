/** The API as the resources see it: paced, signed, retried, parsed. */
export interface Api {
  /** Scheme, host and port. */
  readonly origin: string
  /** The same, and the other origins that pictures may come from although they are not public hosts. */
  readonly own: readonly string[]
  /** What SmugMug's own clock says, in whole seconds, as its answers show it; this machine's before the first of them. Milliseconds since 1970. */
  now(): number
  /** How many images a page of an album is asked for, by the time that SmugMug takes for them. */
  readonly imagesAPage: number
  /**
   * Gets a path as the API writes them: `/api/v2/…`, with or without a query. `query` is added, replacing parameters of
   * the same name. Throws `HttpError` where SmugMug answers with a final refusal, other `SmugdlError`s where it does not answer.
   */
  get(path: string, query?: Query, expected?: Expected): Promise<Envelope>
}

/**
 * What an answer of status 200 must hold to be one; any other is asked for again like one that broke off. A `list` says how long it is:
 * every captured one does, the empty ones too (smugmug-api 5). `anything` says at least of what it is, which may be nothing: a `Locator`
 * without its record stands for what is not offered.
 */
export type Expected = 'anything' | 'record' | 'list'

export type Query = Record<string, string>

/** An answer of the API (smugmug-api 3), reduced to what carries data. */
export interface Envelope {
  /** The path that was asked, for messages. */
  address: string
  /** `Response[Response.Locator]`; undefined for an empty list, and where nothing is offered. */
  payload: unknown
  pages: Pages | undefined
  /** All of `Response`, for answers whose shape nobody has seen yet. */
  response: ReadonlyMap<string, unknown>
  /** Further answers by the path they belong to, without its query. */
  expansions: ReadonlyMap<string, unknown>
  /** Characters of the answer's text. */
  length: number
  /** Milliseconds from when it was asked for, without the wait for its turn. */
  tookMs: number
}

export interface Pages {
  /** Items in the whole list; known to drift. */
  total: number | undefined
  /** Path and query of the next page; undefined on the last. */
  next: string | undefined
  /** 1-based position of its first item in the list, and how many it holds, where it says so. */
  start?: number | undefined
  count?: number | undefined
}

/** Whether an answer holds what was asked for. Nothing may be read out of one that does not: least of all that a list is empty. */
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
