import { hash, randomBytes } from 'node:crypto'
import { type Answer, escapeHtml, htmlAnswer, jsonAnswer, redirectAnswer, textAnswer } from './answer.ts'
import { isSignedWith, readSignature, type Signature, type WireRequest } from './signature.ts'

/** How much of the account a token may see. */
export type Access = 'Full' | 'Public'

export interface Credentials {
  apiKey: string
  apiSecret: string
  accessToken: string
  accessTokenSecret: string
}

export interface OAuthOptions {
  now: () => number
  /** What the user granted to this application before; it cannot be raised by a second authorisation (smugmug-api 2.2). */
  granted?: Access | undefined
}

/** The identity of the caller; anonymous if no signature was sent. */
export type Verdict = { signed: false } | { signed: true; access: Access } | { problem: string }

export interface OAuth {
  readonly credentials: Credentials
  /** Checks the signature of a request for the API or for a picture. */
  verify(request: WireRequest): Verdict
  /** What is wrong with the `APIKey` of a request without a signature (smugmug-api 1). */
  problemWithKey(apiKey: string | null): string | undefined
  /** The three steps of a login, under `/services/oauth/1.0a/`. */
  answer(request: WireRequest, acceptsJson: boolean): Answer
  /** The user withdraws every token and grant in the account settings. */
  revoke(): void
}

/** OAuth 1.0a as SmugMug does it (smugmug-api 2): HMAC-SHA1, request tokens for five minutes and one use, PIN or callback. */
export function oauth({ now, granted }: OAuthOptions): OAuth {
  const credentials: Credentials = {
    apiKey: randomText(32),
    apiSecret: randomText(64),
    accessToken: randomText(32),
    accessTokenSecret: randomText(64),
  }
  const accessTokens = new Map<string, AccessToken>([
    [credentials.accessToken, { secret: credentials.accessTokenSecret, access: granted ?? 'Full', revoked: false }],
  ])
  const requestTokens = new Map<string, RequestToken>()
  const nonces = new Map<string, number>()
  let grant = granted

  /** Undefined if the signature is right, else what is wrong with it. Only a right signature uses its nonce up. */
  function problemWith(
    signature: Signature,
    tokenSecret: (token: string) => string | { problem: string },
  ): string | undefined {
    const { oauth } = signature
    if (signature.repeated !== undefined)
      return problem('parameter_rejected', 'oauth_parameters_rejected', signature.repeated)
    const absent = REQUIRED.filter((name) => !oauth.has(name))
    if (absent.length > 0) return problem('parameter_absent', 'oauth_parameters_absent', absent.join('&'))
    if ((oauth.get('oauth_version') ?? '1.0') !== '1.0')
      return problem('version_rejected', 'oauth_acceptable_versions', '1.0-1.0')
    if (oauth.get('oauth_signature_method') !== 'HMAC-SHA1') return problem('signature_method_rejected')
    if (oauth.get('oauth_consumer_key') !== credentials.apiKey) return problem('consumer_key_unknown')
    const seconds = Math.floor(now() / 1000)
    const timestamp = Number(oauth.get('oauth_timestamp'))
    if (!Number.isInteger(timestamp) || Math.abs(timestamp - seconds) > WINDOW_SECONDS)
      return problem(
        'timestamp_refused',
        'oauth_acceptable_timestamps',
        `${seconds - WINDOW_SECONDS}-${seconds + WINDOW_SECONDS}`,
      )
    const secret = tokenSecret(oauth.get('oauth_token') ?? '')
    if (typeof secret !== 'string') return secret.problem
    if (!isSignedWith(signature, credentials.apiSecret, secret))
      return problem('signature_invalid', 'debug_sbs', signature.baseString)
    return useNonce(`${timestamp} ${oauth.get('oauth_nonce')}`, timestamp) ? undefined : problem('nonce_used')
  }

  function useNonce(nonce: string, timestamp: number): boolean {
    for (const [old, at] of nonces) {
      if (at >= now() / 1000 - 2 * WINDOW_SECONDS) break
      nonces.delete(old)
    }
    if (nonces.has(nonce)) return false
    nonces.set(nonce, timestamp)
    return true
  }

  function verify(request: WireRequest): Verdict {
    const signature = readSignature(request)
    if (!signature) return { signed: false }
    const wrong = problemWith(signature, (token) => {
      const known = accessTokens.get(token)
      if (!known) return { problem: problem('token_rejected') }
      return known.revoked ? { problem: problem('token_revoked') } : known.secret
    })
    if (wrong !== undefined) return { problem: wrong }
    return { signed: true, access: accessTokens.get(signature.oauth.get('oauth_token') ?? '')?.access ?? 'Public' }
  }

  function getRequestToken(request: WireRequest): TokenAnswer {
    const signature = readSignature(request)
    if (!signature) return { problem: problem('parameter_absent', 'oauth_parameters_absent', REQUIRED.join('&')) }
    const wrong = problemWith(signature, () => '')
    if (wrong !== undefined) return { problem: wrong }
    const callback = signature.oauth.get('oauth_callback')
    if (!callback) return { problem: problem('parameter_absent', 'oauth_parameters_absent', 'oauth_callback') }
    if (callback !== 'oob' && !/^https?:\/\//.test(callback))
      return { problem: problem('parameter_rejected', 'oauth_parameters_rejected', 'oauth_callback') }
    const token = randomText(32)
    const secret = randomText(64)
    requestTokens.set(token, { secret, callback, madeAt: now(), state: 'new' })
    return { form: { oauth_token: token, oauth_token_secret: secret, oauth_callback_confirmed: 'true' } }
  }

  function getAccessToken(request: WireRequest): TokenAnswer {
    const signature = readSignature(request)
    if (!signature) return { problem: problem('parameter_absent', 'oauth_parameters_absent', REQUIRED.join('&')) }
    const wrong = problemWith(signature, (token) => {
      const known = requestTokens.get(token)
      if (!known) return { problem: problem('token_rejected') }
      if (known.state === 'used') return { problem: problem('token_used') }
      return isOver(known) ? { problem: problem('token_expired') } : known.secret
    })
    if (wrong !== undefined) return { problem: wrong }
    const known = requestTokens.get(signature.oauth.get('oauth_token') ?? '')
    if (known?.state === 'denied') return { problem: problem('permission_denied') }
    if (known?.state !== 'approved') return { problem: problem('permission_unknown') }
    const verifier = signature.oauth.get('oauth_verifier')
    if (!verifier) return { problem: problem('parameter_absent', 'oauth_parameters_absent', 'oauth_verifier') }
    if (verifier !== known.verifier) return { problem: problem('verifier_invalid') }
    known.state = 'used'
    const token = randomText(32)
    const secret = randomText(64)
    accessTokens.set(token, { secret, access: known.access ?? 'Public', revoked: false })
    return { form: { oauth_token: token, oauth_token_secret: secret } }
  }

  /**
   * The page where the user says yes or no: a form by GET, their answer by POST. A test says it at once with
   * `&approve=1` or `&approve=0` on the address.
   */
  function authorize(request: WireRequest): Answer {
    const asked = new URL(request.target, request.origin).searchParams
    const answered = new URLSearchParams(request.form ?? '')
    const token = asked.get('oauth_token') ?? ''
    const known = requestTokens.get(token)
    if (known?.state !== 'new' || isOver(known))
      return htmlAnswer(401, 'SmugMug', '<h1>This request has expired</h1><p>Please go back and try again.</p>')
    const access = asked.get('Access') === 'Full' ? 'Full' : 'Public'
    const decision = request.method === 'POST' ? answered.get('approve') : asked.get('approve')
    if (decision === null) return consentPage(request.target, access, asked.get('Permissions') ?? 'Read')
    if (decision !== '1') {
      known.state = 'denied'
      if (known.callback === 'oob') return htmlAnswer(200, 'SmugMug', '<h1>Access denied</h1>')
      return redirectAnswer(302, withQuery(known.callback, { oauth_token: token, oauth_problem: 'user_refused' }))
    }
    grant ??= access
    known.state = 'approved'
    known.access = grant
    known.verifier = pinOf(token)
    if (known.callback === 'oob')
      return htmlAnswer(200, 'SmugMug', `<h1>Enter this code in the application</h1><p id="pin">${known.verifier}</p>`)
    return redirectAnswer(302, withQuery(known.callback, { oauth_token: token, oauth_verifier: known.verifier }))
  }

  function isOver(token: RequestToken): boolean {
    return now() - token.madeAt > REQUEST_TOKEN_MS
  }

  function answer(request: WireRequest, acceptsJson: boolean): Answer {
    const step = request.target.split('?', 1)[0]?.split('/').at(-1)
    if (step === 'authorize') return authorize(request)
    if (step !== 'getRequestToken' && step !== 'getAccessToken')
      return jsonAnswer(404, { Code: 404, Message: 'Not Found' })
    const result = step === 'getRequestToken' ? getRequestToken(request) : getAccessToken(request)
    if ('form' in result)
      return textAnswer(200, 'application/x-www-form-urlencoded', new URLSearchParams(result.form).toString())
    if (acceptsJson) return jsonAnswer(401, { Code: 401, Message: result.problem })
    return textAnswer(401, 'application/x-www-form-urlencoded', result.problem)
  }

  return {
    credentials,
    verify,
    problemWithKey(apiKey) {
      if (apiKey === null) return problem('parameter_absent', 'oauth_parameters_absent', 'oauth_consumer_key')
      return apiKey === credentials.apiKey ? undefined : problem('consumer_key_unknown')
    },
    answer,
    revoke() {
      for (const token of accessTokens.values()) token.revoked = true
      grant = undefined
    },
  }
}

interface AccessToken {
  secret: string
  access: Access
  revoked: boolean
}

interface RequestToken {
  secret: string
  callback: string
  madeAt: number
  state: 'new' | 'approved' | 'denied' | 'used'
  verifier?: string
  access?: Access
}

type TokenAnswer = { form: Record<string, string> } | { problem: string }

const REQUIRED = ['oauth_consumer_key', 'oauth_signature_method', 'oauth_signature', 'oauth_timestamp', 'oauth_nonce']
const WINDOW_SECONDS = 300
const REQUEST_TOKEN_MS = 5 * 60_000

/** A message of the problem reporting extension, form-encoded: `oauth_problem=nonce_used`. */
function problem(name: string, detail?: string, value = ''): string {
  return new URLSearchParams({ oauth_problem: name, ...(detail === undefined ? {} : { [detail]: value }) }).toString()
}

function consentPage(target: string, access: Access, permissions: string): Answer {
  return htmlAnswer(
    200,
    'Authorize the application',
    `<h1>An application asks for access</h1>
<p>Access: <b>${access}</b>. Permissions: <b>${escapeHtml(permissions)}</b>. This is a simulated SmugMug: nobody's photos are at stake.</p>
<form method="post" action="${escapeHtml(target)}">
<button name="approve" value="1">Authorize</button> <button name="approve" value="0">Deny</button>
</form>`,
  )
}

function pinOf(token: string): string {
  return String(hash('sha1', token, 'buffer').readUInt32BE() % 1_000_000).padStart(6, '0')
}

function withQuery(address: string, parameters: Record<string, string>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

function randomText(length: number): string {
  return randomBytes(length).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, length)
}
