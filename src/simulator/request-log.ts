import type { RequestKind } from './rules.ts'
import type { WireRequest } from './signature.ts'

export interface RequestRecord {
  /** When it came, by the simulator's clock. */
  at: number
  kind: RequestKind
  method: string
  /** Whom it was sent to: `http://127.0.0.1:8080`. */
  origin: string
  /** Path and query, less the `oauth_` parameters. */
  path: string
  /** 0 until it is answered, and for good if it never is. */
  status: number
  /** Whether it carried an OAuth signature, right or wrong. */
  signed: boolean
  /** Bytes of the body handed to the network so far. */
  bytesSent: number
  /** The `Range` header. */
  range?: string
}

export interface RequestLog {
  /** The newest requests, oldest first. */
  readonly requests: RequestRecord[]
  /** All requests ever, by kind. */
  readonly counts: Record<RequestKind, number>
  add(request: WireRequest, range: string | undefined): RequestRecord
}

/** Remembers the newest `keep` requests, and counts all. */
export function requestLog(keep: number, now: () => number): RequestLog {
  const requests: RequestRecord[] = []
  const counts: Record<RequestKind, number> = { api: 0, media: 0, oauth: 0 }
  return {
    requests,
    counts,
    add({ method, origin, target, authorization }, range) {
      const path = withoutOAuth(target)
      const signed = /^OAuth\s/i.test(authorization ?? '') || /[?&]oauth_/.test(target)
      const kind = kindOf(path)
      const record: RequestRecord = { at: now(), kind, method, origin, path, status: 0, signed, bytesSent: 0 }
      if (range !== undefined) record.range = range
      counts[record.kind] += 1
      requests.push(record)
      if (requests.length > keep) requests.shift()
      return record
    },
  }
}

function kindOf(path: string): RequestKind {
  if (path.startsWith('/photos/')) return 'media'
  return path.startsWith('/services/oauth/') ? 'oauth' : 'api'
}

function withoutOAuth(target: string): string {
  const [path = '', query] = target.split(/\?(.*)/s)
  if (query === undefined) return target
  const kept = query.split('&').filter((part) => !part.startsWith('oauth_'))
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`
}
