import { type ErrorDetails, type ErrorKind, SmugdlError } from '../../error.ts'
import { addressOf, type HttpResponse, type ReceivedHeaders } from './http.ts'
import { pauseAsked } from './retry-after.ts'

/** SmugMug answered with a status that is not a success. */
export class HttpError extends SmugdlError {
  readonly status: number
  /** The name in `oauth_problem=…`, if there is one. */
  readonly problem: string | undefined

  constructor(status: number, kind: ErrorKind, { problem, ...details }: HttpErrorDetails) {
    super(kind, details)
    this.status = status
    this.problem = problem
  }
}

interface HttpErrorDetails extends ErrorDetails {
  problem?: string | undefined
}

/**
 * The error for an answer of status 400 or above; `message` is the envelope's (smugmug-api 2.5, 7). Of the message only the
 * name of an OAuth problem is repeated, because it may echo addresses and tokens.
 */
export function refusal({ status, url, headers }: HttpResponse<unknown>, message: string, nowMs: number): HttpError {
  const refused: Refused = (kind, details) => new HttpError(status, kind, { item: addressOf(url), ...details })
  if (status === 401) return unauthorized(message, headers, nowMs, refused)
  if (status >= 500 || status === 408 || status === 425) {
    const afterMs = pauseAsked(headers, nowMs)
    return refused('item', {
      what: `SmugMug answered ${status}`,
      retry: afterMs > 0 ? { afterMs } : 'yes',
      next: AGAIN,
    })
  }
  if (status === 402) {
    const what = 'SmugMug wants the account settled first (402)'
    return refused('auth', { what, next: 'Look at the account on the web site' })
  }
  if (status === 403) return refused('item', { what: 'SmugMug refuses access (403)' })
  if (status === 404 || status === 410) return refused('item', { what: `SmugMug does not have it (${status})` })
  return refused('item', { what: `SmugMug answered ${status}` })
}

type Refused = (kind: ErrorKind, details: HttpErrorDetails) => HttpError

const AGAIN = 'Run again later; nothing is lost'
const LOG_IN = 'Run "smugdl login"'

function unauthorized(message: string, headers: ReceivedHeaders, nowMs: number, refused: Refused): HttpError {
  if (message.includes('lacks v2 access')) {
    return refused('auth', {
      what: 'The API key has no access to version 2 of the API',
      next: 'Its owner accepts the terms at https://api.smugmug.com/api/developer/accept',
    })
  }
  const problem = oauthProblem(message)
  if (problem === undefined) return refused('item', { what: 'SmugMug refuses access (401)' })
  if (problem === 'timestamp_refused') {
    const what = clockSentence(headers, nowMs)
    return refused('auth', { what, next: 'Set the clock of this machine', retry: 'yes', problem })
  }
  if (problem === 'nonce_used') {
    const what = 'SmugMug takes a request for a repetition (nonce_used)'
    return refused('auth', { what, next: AGAIN, retry: 'yes', problem })
  }
  const [what, next] = PROBLEMS[problem] ?? [`SmugMug refuses the login (${problem})`, LOG_IN]
  return refused('auth', { what, next, problem })
}

const PROBLEMS: Record<string, [what: string, next: string]> = {
  consumer_key_unknown: ['SmugMug does not know this API key', 'Check the key, or enter it again with "smugdl login"'],
  consumer_key_rejected: ['SmugMug rejects this API key', 'Check the key, or enter it again with "smugdl login"'],
  signature_invalid: [
    'A secret does not belong to its key (signature_invalid)',
    'Check both secrets, or run "smugdl login"',
  ],
  token_rejected: ['SmugMug does not accept the access token', LOG_IN],
  token_revoked: ['The access token was revoked', LOG_IN],
  token_expired: ['The access token has expired', LOG_IN],
  permission_denied: ['The account refuses this application', LOG_IN],
  permission_unknown: ['The account has not decided about this application', LOG_IN],
  user_refused: ['The account refuses this application', LOG_IN],
}

/** The name in `oauth_problem=…`, from a message that may be url-encoded, once or twice. */
function oauthProblem(message: string): string | undefined {
  return /oauth_problem(?:=|%3D|%253D)([a-z_]+)/i.exec(message)?.[1]
}

function clockSentence(headers: ReceivedHeaders, nowMs: number): string {
  const offsetMinutes = Math.round((Date.parse(headers.get('date') ?? '') - nowMs) / 60_000)
  if (Number.isNaN(offsetMinutes) || offsetMinutes === 0)
    return 'SmugMug refuses the time of our requests (timestamp_refused)'
  const direction = offsetMinutes > 0 ? 'behind' : 'ahead of'
  return `The clock of this machine is ${Math.abs(offsetMinutes)} min ${direction} SmugMug's (timestamp_refused)`
}
