import { X509Certificate } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { AccountRow } from '../../catalog/account.ts'
import { isSameAccount } from '../../engine/account/account-check.ts'
import { SmugdlError } from '../../error.ts'
import { accessOf } from '../../smugmug/api/access.ts'
import { authUser } from '../../smugmug/api/user.ts'
import { type Credentials, connect } from '../../smugmug/connect.ts'
import type { ApiEvent } from '../../smugmug/event.ts'
import { probe } from '../../smugmug/probe.ts'
import { defaultTimeouts } from '../../smugmug/transport/dispatcher.ts'
import { defaultRetryPolicy } from '../../smugmug/transport/retry.ts'
import type { RateWindow } from '../../smugmug/transport/retry-after.ts'
import type { Connection } from '../connection.ts'
import type { Environment } from '../environment.ts'
import { accessText, howToRaise } from '../text/granted-access.ts'
import { counted, duration } from '../text/quantities.ts'
import { variableIn } from '../variable.ts'
import { type Finding, fail, failure, ok, warn } from './finding.ts'

/** A diagnosis need not wait as long as a download. */
const timeouts = { ...defaultTimeouts, connectMs: 10_000, headersMs: 15_000, answerMs: 20_000 }

/** Which way requests go, and whom they trust. */
export function* settingsFindings(
  { origin, proxy, ca }: Connection,
  { env }: Pick<Environment, 'env'>,
): Generator<Finding> {
  const through = proxyFor(origin, proxy)
  if (through === undefined) yield ok('proxy', 'None')
  else {
    // Of the address only what cannot hold a password.
    const except = proxy?.no ? `, except for hosts in NO_PROXY (${proxy.no})` : ''
    yield ok('proxy', `${new URL(through).host}${except}`)
  }
  if (ca === undefined) yield ok('trust', "Node's own certificates")
  else yield trusted(ca)
  if (variableIn(env, 'NODE_TLS_REJECT_UNAUTHORIZED') === '0')
    yield warn(
      'trust',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set and has no effect: certificates are always checked',
      'Name the certificate of a proxy that looks inside with --ca-file',
    )
}

/** Each certificate of a file counts for itself; one that cannot be read would fail every connection. */
function trusted(pem: string): Finding {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    for (const certificate of certificates) new X509Certificate(certificate)
  } catch {
    return fail('trust', 'A certificate in --ca-file or SSL_CERT_FILE cannot be read', 'Name another file')
  }
  return ok('trust', `Node's own certificates, and ${certificates.length} of --ca-file and SSL_CERT_FILE`)
}

/** Whether SmugMug answers, and whether its clock and ours agree. */
export async function* reachFindings(
  connection: Connection,
  now: () => number,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const { origin, proxy } = connection
  const { hostname, host, protocol } = new URL(origin)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && proxyFor(origin, proxy) === undefined) yield await named(hostname)
  try {
    const askedAt = now()
    const { status, dateMs } = await probe({ ...connection, timeouts, signal })
    const answeredAt = now()
    const says = `${host} answers${protocol === 'https:' ? ' over TLS' : ''}, in ${duration(answeredAt - askedAt)}`
    yield status < 500 && status !== 407
      ? ok('network', says)
      : warn('network', `${says}, with ${status}`, 'Try again later')
    yield dateMs === undefined
      ? warn('clock', 'The server does not report its time')
      : agreed(dateMs - (askedAt + answeredAt) / 2)
  } catch (error) {
    yield failure('network', error)
  }
}

async function named(hostname: string): Promise<Finding> {
  try {
    const addresses = await lookup(hostname, { all: true })
    return ok('name', `${hostname} is ${addresses.map(({ address }) => address).join(', ')}`)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    return fail('name', `The address of ${hostname} cannot be looked up${code}`, 'Check the network and its DNS server')
  }
}

/** `Date` counts whole seconds, and an answer takes its time: less than this is no difference. */
const toleranceMs = 5_000

function agreed(offsetMs: number): Finding {
  if (Math.abs(offsetMs) < toleranceMs) return ok('clock', "Agrees with the server's")
  const says = `${duration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'behind' : 'ahead of'} the server's`
  return warn('clock', says, 'Set the clock of this machine; requests are signed with the time')
}

/** What the login is good for, `home` included, and how many requests are left. Names nobody. */
export async function* loginFindings(
  credentials: Credentials,
  home: AccountRow | undefined,
  connection: Connection,
  now: () => number,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const windows: RateWindow[] = []
  const paused = new AbortController()
  const onEvent = (event: ApiEvent) => {
    if (event.type === 'rateLimit') windows.push(event)
    // A diagnosis does not wait for the end of a pause.
    if (event.type === 'rateLimited') paused.abort(asksToWait(event.untilMs - now()))
  }
  try {
    await using smugmug = connect({
      ...connection,
      credentials,
      signal: AbortSignal.any([signal, paused.signal]),
      retry: { ...defaultRetryPolicy, attempts: 1 },
      timeouts,
      onEvent,
    })
    const user = await authUser(smugmug.api)
    const access = accessOf(user)
    yield ok('login', 'SmugMug takes it')
    if (home !== undefined && !isSameAccount(home, user))
      yield fail(
        'home',
        'The output is the home of another account than the one that is logged in: no run writes there',
        'Choose another folder with --output, or log in to the account of this home; smugdl whoami shows which one is logged in',
      )
    if (access === 'full') yield ok('access', `Sees ${accessText.full}`)
    else yield warn('access', `Sees ${accessText[access]}`, howToRaise)
  } catch (error) {
    yield failure('login', error)
  }
  const window = windows.at(-1)
  if (window === undefined) return
  const { remaining, resetAtMs } = window
  const says = `${counted(Math.max(0, remaining), 'request')} left for the next ${duration(resetAtMs - now())}`
  yield remaining > 0 ? ok('requests', says) : warn('requests', says, 'Runs wait for that by themselves')
}

function asksToWait(ms: number): SmugdlError {
  return new SmugdlError('unreachable', {
    what: `SmugMug asks to wait for ${duration(ms)} before the next request`,
    next: 'Runs wait for that by themselves; ask again later',
  })
}

/** What stands in `http_proxy` holds for https too, where `https_proxy` is not set. */
function proxyFor(origin: string, proxy: Connection['proxy']): string | undefined {
  return origin.startsWith('https:') ? (proxy?.https ?? proxy?.http) : proxy?.http
}
