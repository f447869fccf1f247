import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { publicLookup } from './public-lookup.ts'

export interface Proxies {
  https?: string | undefined
  http?: string | undefined
  /** Hosts to reach directly, as in `NO_PROXY`. */
  no?: string | undefined
}

export interface Timeouts {
  /** Until the connection is established. */
  connectMs: number
  /** From the request to the answer's headers. */
  headersMs: number
  /** Between two bytes of a body. */
  stallMs: number
  /** For one API answer as a whole. */
  answerMs: number
}

export const defaultTimeouts: Timeouts = { connectMs: 15_000, headersMs: 60_000, stallMs: 60_000, answerMs: 180_000 }

export interface DispatcherOptions {
  timeouts: Timeouts
  /** Origins that may be within a private network; no other name may resolve to one. */
  own: readonly string[]
  proxy?: Proxies | undefined
  /** PEM, trusted besides Node's own roots. */
  ca?: string | undefined
  /** Per host; unlimited by default. */
  connections?: number | undefined
  maxResponseBytes?: number | undefined
}

/** Keep-alive connections, direct or through a proxy. The proxy comes from the options; nothing is read from the environment. */
export function openDispatcher({
  timeouts,
  own,
  proxy = {},
  ca,
  connections,
  maxResponseBytes,
}: DispatcherOptions): Dispatcher {
  const tls = {
    // Each download has its own connection, as they are counted and paced by connections.
    allowH2: false,
    timeout: timeouts.connectMs,
    // Explicit, because Node's default obeys NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: true,
    ...(ca !== undefined && { secureContext: trusting(ca) }),
  }
  const [toOwn, toOthers] = [buildConnector(tls), buildConnector({ ...tls, lookup: publicLookup })]
  return new EnvHttpProxyAgent({
    // An empty string means "none"; undefined would make undici look into the environment.
    httpProxy: proxy.http ?? '',
    httpsProxy: proxy.https ?? '',
    noProxy: proxy.no ?? '',
    connect(target, connected) {
      const isOwn = own.includes(`${target.protocol}//${target.host}`)
      return (isOwn ? toOwn : toOthers)(target, connected)
    },
    allowH2: false,
    // Plain http too, so that a proxy always does the same.
    proxyTunnel: true,
    requestTls: tls,
    proxyTls: tls,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.stallMs,
    ...(connections === undefined ? {} : { connections }),
    ...(maxResponseBytes === undefined ? {} : { maxResponseSize: maxResponseBytes }),
  })
}

/** Contexts by the certificate that they trust besides Node's roots: reading those takes a tenth of a second, and each connection would do it again. */
const contexts = new Map<string, SecureContext>()

function trusting(ca: string): SecureContext {
  const context = contexts.get(ca) ?? createSecureContext({ ca: [...getCACertificates('default'), ca] })
  contexts.set(ca, context)
  return context
}
