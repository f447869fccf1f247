import { setTimeout as delay } from 'node:timers/promises'
import { SmugdlError } from '../../error.ts'
import { accessToken, authorizeUrl, type LoginOptions, requestToken, type Token } from '../../smugmug/login.ts'
import { HttpError } from '../../smugmug/transport/http-error.ts'
import type { Io } from '../io.ts'
import { ask } from '../prompt.ts'
import { isElsewhere, mayHaveBrowser, openBrowser } from './browser.ts'
import { type Answer, listenForCallback } from './callback.ts'

export interface AuthorizeOptions {
  /** Ask for the six digits that SmugMug shows, even where the browser could bring the answer back. */
  pin: boolean
  /** Open the page; otherwise the user does. */
  browser: boolean
  /** Receives every secret learned during the login. */
  secrets: Set<string>
  /** How long SmugMug keeps a request; a shorter one is for tests. */
  lifeMs?: number
}

/**
 * Asks the account's owner for access, and returns the token. The browser returns the answer if it can, else the user types a PIN; an error
 * that another try may fix gets one. Throws `auth` if the user declines, the key is wrong, or all tries are used up.
 */
export async function authorize(login: LoginOptions, options: AuthorizeOptions, io: Io): Promise<Token> {
  // A user who opens the page manually has a browser, but over ssh that browser cannot reach this computer.
  const isHere = options.browser ? mayHaveBrowser(io) : !isElsewhere(io.env)
  if (!options.pin && !isHere) say(io, 'There is no browser here that could return the answer, so SmugMug shows a PIN.')
  let way = options.pin || !isHere ? byPin : byCallback
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const outcome = await way(login, { ...options, browser: options.browser && isHere }, io)
    if (!('because' in outcome)) return outcome
    say(io, outcome.because)
    if (outcome.next === 'pin') way = byPin
  }
  throw new SmugdlError('auth', { what: 'The login did not succeed', next: 'Run smugdl login to start again' })
}

const TRIES = 5
const LIFE_MS = 5 * 60_000

/** A failed try: the reason, and the method of the next try. */
interface Again {
  because: string
  next: 'same' | 'pin'
}

async function byCallback(login: LoginOptions, options: AuthorizeOptions, io: Io): Promise<Token | Again> {
  await using callback = await listenForCallback()
  if (callback === undefined)
    return { because: 'Nothing can come back to this computer, so SmugMug shows a PIN.', next: 'pin' }
  const request = await requestTokenFor(callback.url, login, options)
  if (request === undefined)
    return {
      because: 'SmugMug does not accept an address on this computer for the answer, so it shows a PIN.',
      next: 'pin',
    }
  const url = authorizeUrl(login.origin, request)
  const startedAt = io.now()
  // Before the browser opens, because a user who is logged in and has authorized before returns at once.
  const arrived = callback.answer(request.token)
  if (options.browser && !(await openBrowser(url, io)))
    return { because: 'No browser could be opened here, so SmugMug shows a PIN.', next: 'pin' }
  showPage(url, options, io)
  const instead = io.stdin.isTTY ? ' To get a PIN instead, press Enter.' : ''
  say(io, `Waiting for your answer in the browser, for five minutes at most.${instead}`)
  const answer = await firstOf(arrived, login.signal, options.lifeMs ?? LIFE_MS, io)
  if (answer === 'pin') return { because: 'SmugMug shows a PIN, then.', next: 'pin' }
  if (answer === 'late') return startAgain(login.signal, io)
  if (answer === 'denied') throw denied()
  const token = await trade(login, request, answer.verifier, { startedAt, now: io.now })
  if (token === 'late') return startAgain(login.signal, io)
  if (token === 'wrong')
    return { because: 'SmugMug rejected the answer from the browser; once more, with a PIN.', next: 'pin' }
  return withSecretsKnown(token, options)
}

async function byPin(login: LoginOptions, options: AuthorizeOptions, io: Io): Promise<Token | Again> {
  const request = withSecretsKnown(await requestToken(login, 'oob'), options)
  const startedAt = io.now()
  const url = authorizeUrl(login.origin, request)
  if (options.browser) await openBrowser(url, io)
  showPage(url, options, io)
  for (const mayCorrect of [true, false]) {
    const pin = await sixDigits(login.signal, io)
    if (pin === undefined) return { because: 'Once more, then.', next: 'same' }
    const token = await trade(login, request, pin, { startedAt, now: io.now })
    if (token === 'late') return { because: `${TOO_LATE} Here is a new one.`, next: 'same' }
    if (token !== 'wrong') return withSecretsKnown(token, options)
    if (mayCorrect) say(io, 'SmugMug rejected this PIN. Please check it; an empty line gets a new one.')
  }
  return { because: 'SmugMug rejected this PIN too, so here is a new one.', next: 'same' }
}

/** Undefined if the user wants to start again. */
async function sixDigits(signal: AbortSignal, io: Io): Promise<string | undefined> {
  for (;;) {
    const typed = await ask('The six digits that SmugMug shows: ', io, { signal })
    if (typed === undefined) throw new SmugdlError('auth', { what: 'The input ended before SmugMug accepted a PIN' })
    const pin = typed.replace(/[\s\p{Cf}-]/gu, '')
    if (pin === '') return undefined
    if (/^\d{6}$/.test(pin)) return pin
    say(io, 'A PIN has six digits. An empty line gets a new one.')
  }
}

const TOO_LATE = 'The five minutes that SmugMug gives are over, so this login has expired.'

/** The next try waits for the user, so that the browser does not open page after page while they are away. */
async function startAgain(signal: AbortSignal, io: Io): Promise<Again> {
  if (!io.stdin.isTTY) throw new SmugdlError('auth', { what: TOO_LATE.slice(0, -1), next: 'Run smugdl login again' })
  say(io, TOO_LATE)
  await ask('Press Enter to start again: ', io, { signal })
  return { because: 'Once more, then.', next: 'same' }
}

/** Undefined if SmugMug refuses the callback, and only then. */
async function requestTokenFor(
  callback: string,
  login: LoginOptions,
  options: AuthorizeOptions,
): Promise<Token | undefined> {
  try {
    return withSecretsKnown(await requestToken(login, callback), options)
  } catch (error) {
    if (problemOf(error)?.startsWith('parameter_')) return undefined
    throw error
  }
}

/** The first of: the browser's answer, a line by which the user asks for a PIN instead, or the expiry of the request. */
async function firstOf(
  arrived: Promise<Answer>,
  signal: AbortSignal,
  lifeMs: number,
  io: Io,
): Promise<Answer | 'pin' | 'late'> {
  const decided = new AbortController()
  const waiting = AbortSignal.any([signal, decided.signal])
  const late = delay(lifeMs, 'late' as const, { signal: waiting }).catch(() => {
    throw new SmugdlError('cancelled', { what: 'Interrupted' })
  })
  const line = io.stdin.isTTY ? ask('', io, { signal: waiting }).then(() => 'pin' as const) : late
  // After another was first, these two are cancelled and their rejections are ignored.
  for (const slower of [late, line]) slower.catch(() => {})
  try {
    return await Promise.race([arrived, line, late])
  } finally {
    decided.abort()
  }
}

/** The access token; `wrong` or `late` if another code may work. Throws errors that no other code can fix. */
async function trade(
  login: LoginOptions,
  request: Token,
  verifier: string,
  { startedAt, now }: { startedAt: number; now(): number },
): Promise<Token | 'wrong' | 'late'> {
  try {
    return await accessToken(login, request, verifier)
  } catch (error) {
    const problem = problemOf(error)
    if (problem === 'permission_denied' || problem === 'user_refused') throw denied()
    // The key cannot be to blame, whatever SmugMug says: it was good for the request.
    if (!(error instanceof SmugdlError) || error.kind !== 'auth') throw error
    // SmugMug does not document what it answers to a code that comes too late; our own clock knows.
    return problem?.startsWith('token_') || now() - startedAt > LIFE_MS ? 'late' : 'wrong'
  }
}

/** Whether the key or secret is wrong, so that asking for them again helps. */
export function isOfTheKey(error: unknown): error is SmugdlError {
  const problem = problemOf(error) ?? ''
  return error instanceof SmugdlError && error.kind === 'auth' && /^(consumer_key_|signature_invalid)/.test(problem)
}

/** The name that SmugMug's refusal has in OAuth's problem reporting (smugmug-api 2.5). */
function problemOf(error: unknown): string | undefined {
  if (error instanceof HttpError) return error.problem
  return error instanceof SmugdlError && error.cause instanceof HttpError ? error.cause.problem : undefined
}

function denied(): SmugdlError {
  return new SmugdlError('auth', {
    what: 'SmugMug says that you declined: smugdl has no access to the account',
    next: 'If that was a mistake, run smugdl login again',
  })
}

function withSecretsKnown(token: Token, { secrets }: AuthorizeOptions): Token {
  secrets.add(token.secret)
  return token
}

function showPage(url: string, { browser }: AuthorizeOptions, io: Io): void {
  say(io, browser ? 'Your browser should show this page now; if not, open it yourself:' : 'Please open this page:')
  say(io, `  ${url}`)
}

function say({ stderr }: Io, line: string): void {
  stderr.write(`${line}\n`)
}
