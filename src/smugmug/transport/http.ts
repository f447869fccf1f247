/** One GET request. Each layer wraps a `Send` and is itself a `Send`, so that it can be read, tested and removed alone. */
export interface HttpRequest {
  url: string
  signal: AbortSignal
  headers?: Record<string, string>
  /** The signing layer adds no credentials to this request. */
  unsigned?: boolean
}

export interface HttpResponse<Body> {
  /** The address that answered, after redirects. */
  url: string
  status: number
  headers: ReceivedHeaders
  body: Body
  /** Frees the connection if the body is not read. */
  discard(): Promise<void>
}

/** Headers by name in any case; null if absent. A part of Fetch's `Headers`, the mere mention of which makes Node load its own undici. */
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
