import { SmugdlError } from '../error.ts'
import { type ConnectionOptions, settled } from './connection.ts'
import { withBuffer } from './transport/buffer.ts'
import type { Clock } from './transport/clock.ts'
import { openDispatcher } from './transport/dispatcher.ts'
import { GiveUp } from './transport/give-up.ts'
import { addressOf, type HttpRequest, type Send } from './transport/http.ts'
import { HttpError, refusal } from './transport/http-error.ts'
import type { OAuthParameters } from './transport/oauth.ts'
import { requireSafeOrigin } from './transport/origin.ts'
import { withRedirects } from './transport/redirect.ts'
import { withRetries } from './transport/retry.ts'
import { sender } from './transport/send.ts'
import { openSigner, withSignature } from './transport/sign.ts'

/** The application's API key, which identifies the client before there is an account (smugmug-api 2). */
export interface LoginOptions extends ConnectionOptions {
  apiKey: string
  apiSecret: string
}

export interface Token {
  token: string
  secret: string
}

/**
 * Asks for a request token, good for five minutes and one use. `callback` is `oob`, for a six-digit PIN that the user
 * brings, or a URL that the browser is sent to. Throws `auth` for a wrong key or secret and for a callback that SmugMug refuses.
 */
export async function requestToken(options: LoginOptions, callback: string): Promise<Token> {
  try {
    return await askToken(options, 'getRequestToken', undefined, { oauth_callback: callback })
  } catch (error) {
    throw error instanceof HttpError && error.problem?.startsWith('parameter_') ? callbackRefused(error) : error
  }
}

/** The page on which the user authorizes smugdl. Asks for full access, because private and hidden pictures would be missing silently otherwise; read only. */
export function authorizeUrl(origin: string, { token }: Pick<Token, 'token'>): string {
  const url = new URL('/services/oauth/1.0a/authorize', requireSafeOrigin(origin))
  url.search = new URLSearchParams({ oauth_token: token, Access: 'Full', Permissions: 'Read' }).toString()
  return url.href
}

/**
 * Trades an allowed request token for the access token, which lives until it is revoked. `verifier` is the PIN, or the
 * `oauth_verifier` of the callback. Throws `auth` when it is wrong, or the five minutes are over: then start again.
 */
export async function accessToken(options: LoginOptions, request: Token, verifier: string): Promise<Token> {
  try {
    return await askToken(options, 'getAccessToken', request, { oauth_verifier: verifier })
  } catch (error) {
    throw error instanceof HttpError && isOfTheCode(error) ? codeRefused(error) : error
  }
}

async function askToken(
  options: LoginOptions,
  step: 'getRequestToken' | 'getAccessToken',
  token: Token | undefined,
  extra: OAuthParameters,
): Promise<Token> {
  const { origin, own, userAgent, signal, proxy, ca, clock, random, retry, timeouts, onEvent } = settled(options)
  const keys = {
    consumerKey: options.apiKey,
    consumerSecret: options.apiSecret,
    token: token?.token,
    tokenSecret: token?.secret,
  }
  const signer = openSigner({ keys, origin, clock, onEvent, extra })
  const dispatcher = openDispatcher({ timeouts, proxy, ca, own, maxResponseBytes: MOST_BYTES })
  const patience = new GiveUp()
  const limits = { answerMs: timeouts.answerMs, maxBytes: MOST_BYTES }
  const send = withBuffer(sender({ dispatcher, userAgent, target: 'api', onEvent }), limits)
  const ask = withRetries(tokenAnswered(withRedirects(withSignature(send, signer), own), clock), {
    policy: retry,
    patienceOf: () => patience,
    clock,
    random,
    onEvent,
  })
  try {
    return await ask({ url: `${origin}/services/oauth/1.0a/${step}`, signal })
  } finally {
    await dispatcher.destroy()
  }
}

const MOST_BYTES = 1024 * 1024

/** Reads a token endpoint's answer, which is form-encoded (smugmug-api 2.3). */
function tokenAnswered(send: Send<string>, clock: Clock): (request: HttpRequest) => Promise<Token> {
  return async (request) => {
    const response = await send({ ...request, headers: { ...request.headers, accept: 'application/json' } })
    if (response.status >= 400) throw refusal(response, response.body, clock.now())
    const form = new URLSearchParams(response.body)
    const [token, secret] = [form.get('oauth_token'), form.get('oauth_token_secret')]
    if (token !== null && secret !== null) return { token, secret }
    throw new SmugdlError('item', {
      what: `SmugMug's answer holds no token (${response.status})`,
      item: addressOf(request.url),
      next: 'Try again later',
      retry: 'yes',
    })
  }
}

function callbackRefused(cause: HttpError): SmugdlError {
  return new SmugdlError('auth', {
    what: 'SmugMug does not accept the address that the browser is to come back to',
    next: 'Run "smugdl login --pin"',
    cause,
  })
}

/** Remaining failures, which neither the key nor the user caused. */
function isOfTheCode({ status, retry, problem = '' }: HttpError): boolean {
  return status < 500 && retry === 'no' && !/^(consumer_key_|signature_|permission_denied|user_refused)/.test(problem)
}

function codeRefused(cause: HttpError): SmugdlError {
  return new SmugdlError('auth', {
    what: 'SmugMug does not accept the code: it is wrong, used, or older than five minutes',
    next: 'Log in again and enter the new code',
    cause,
  })
}
