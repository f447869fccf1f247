/** One GET. Layers wrap a `Send` and are one, so that each is read, tested and removed alone. */
export interface HttpRequest {
  url: string
  signal: AbortSignal
  headers?: Record<string, string>
  /** Asks the signing layer to let this one pass without credentials. */
  unsigned?: boolean
}

export interface HttpResponse<Body> {
  /** The address that answered, after redirects. */
  url: string
  status: number
  headers: ReceivedHeaders
  body: Body
  /** Frees the connection of a response whose body nobody reads. */
  discard(): Promise<void>
}

/** Names in any case; null for one that did not come. A part of Fetch's `Headers`, of which a mere mention makes Node load its own undici. */
export interface ReceivedHeaders {
  get(name: string): string | null
  /** In lower case. */
  keys(): Iterable<string>
}

/** `More` is what a layer adds to the response. */
export type Send<Body, More = unknown> = (request: HttpRequest) => Promise<HttpResponse<Body> & More>

/** An address that may be shown and logged: no query, and of a photo address neither folders nor the token that opens it. */
export function addressOf(url: string): string {
  const { host, pathname } = new URL(url)
  if (/^\/(api|services)\//.test(pathname)) return pathname
  return `${host}/…/${pathname.slice(pathname.lastIndexOf('/') + 1)}`
}
