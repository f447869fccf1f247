import { SmugdlError } from '../../error.ts'
import { AnswerTooLarge } from './answer-too-large.ts'
import { cancelledBy } from './cancelled.ts'
import { addressOf } from './http.ts'

/**
 * The error for a failed exchange: `unreachable` if the host itself cannot be reached, `item` if the failure may concern only
 * this address (a host can break one connection and serve the next), `cancelled` if the signal was the cause.
 */
export function networkError(cause: unknown, url: string, signal: AbortSignal): SmugdlError {
  const item = addressOf(url)
  if (signal.aborted && !isTimeout(signal.reason)) return cancelledBy(signal)
  const code = codeOf(cause)
  const host = new URL(url).host
  if (CERTIFICATE.test(code)) {
    const [what, next] = CERTIFICATES[code] ?? ['is not trusted', THROUGH_PROXY]
    return new SmugdlError('unreachable', { what: `The certificate of ${host} ${what} (${code})`, next, cause })
  }
  const beforeConnected = UNCONNECTED[code]
  if (beforeConnected !== undefined || isProxyRefusal(cause)) {
    return new SmugdlError('unreachable', {
      what: `${host} cannot be reached: ${beforeConnected ?? 'the proxy refused'}`,
      next: 'Check the network and the proxy settings, then run again; nothing is lost',
      retry: 'yes',
      cause,
    })
  }
  if (TOO_LARGE.has(code)) return new AnswerTooLarge(item, cause)
  const final = FINAL[code]
  if (final !== undefined) return new SmugdlError('item', { what: final, item, cause })
  return new SmugdlError('item', {
    what: isTimeout(signal.reason) ? 'The answer took too long' : (BROKEN[code] ?? 'The connection broke'),
    item,
    next: 'Run again; nothing is lost',
    retry: 'yes',
    cause,
  })
}

/** Error code for a body that is larger than any answer. */
export const tooLarge = 'SMUGDL_TOO_LARGE'

/** Error code for a name that resolves to no public address. */
export const privateAddress = 'SMUGDL_PRIVATE_ADDRESS'

const THROUGH_PROXY = 'If a proxy of yours stands in between, name its certificate with --ca-file'
const BY_CLOCK = "Check this machine's clock; if that is right, wait until the server has a new certificate"

const CERTIFICATES: Record<string, [what: string, next: string]> = {
  CERT_HAS_EXPIRED: ['has expired', BY_CLOCK],
  CERT_NOT_YET_VALID: ['is not valid yet', BY_CLOCK],
  CERT_REVOKED: ['was revoked', 'Nothing was sent to it. Try another network; something may stand in between'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'belongs to another host',
    'Nothing was sent to it. Check the network and its DNS server: something answers in place of this host',
  ],
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/

const UNCONNECTED: Record<string, string> = {
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'it refuses connections',
  ENETUNREACH: 'no network',
  EHOSTUNREACH: 'no route',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
}

const BROKEN: Record<string, string> = {
  UND_ERR_HEADERS_TIMEOUT: 'No answer came in time',
  UND_ERR_BODY_TIMEOUT: 'The answer stalled',
}

const TOO_LARGE = new Set([tooLarge, 'UND_ERR_RES_EXCEEDED_MAX_SIZE'])

/** Error codes that a retry cannot change. */
const FINAL: Record<string, string> = {
  [privateAddress]: 'Its name leads within a private network, where nothing is asked for',
}

/** Undici reports a refused tunnel as an aborted request. */
function isProxyRefusal(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('Proxy response')
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

/** The first code along the chain of causes; of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return codeOf(error.cause)
}
