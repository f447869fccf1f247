import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { type Answer, jsonAnswer, send } from './answer.ts'
import { api, apiBrowser } from './api.ts'
import { contentOf } from './content.ts'
import { afflict, type Faults } from './faults.ts'
import { type ListedImage, listing } from './listing.ts'
import { type Access, type Credentials, oauth, type Verdict } from './oauth.ts'
import { paginator, type Quirks } from './pages.ts'
import { photo } from './photos.ts'
import { type RateLimit, rateLimiter } from './rate-limit.ts'
import { type RequestRecord, requestLog } from './request-log.ts'
import type { Viewer } from './resource.ts'
import { type RequestKind, Rules } from './rules.ts'
import type { WireRequest } from './signature.ts'
import { World } from './world.ts'

export interface SimulatorOptions {
  /** Default: any free port. */
  port?: number
  /** Milliseconds since the epoch, for timestamps, the life of request tokens and rate limit windows. */
  now?: () => number
  /** Default: 100,000 an hour, about what SmugMug says. Pictures are not counted. */
  rateLimit?: RateLimit
  /** What the user granted to the application before: the level of the ready token, not to be raised by a login. */
  granted?: Access
  /** The largest page by `EndpointType`, where it is to differ from `{ AlbumImages: 500, ChildNodes: 200, UserAlbums: 100 }`. */
  clamps?: Record<string, number>
  /** Whether `_filter` in the query trims expanded objects too (not documented); default: the root only. */
  filterReach?: 'root' | 'expansions'
  /** `other` serves pictures from a second port, outside the origin that credentials belong to. */
  mediaOrigin?: 'same' | 'other'
  ranges?: 'yes' | 'ignored'
  validators?: boolean
  /** Certificate and key in PEM: everything is served over https. */
  tls?: { cert: string; key: string }
  /** How many of the newest requests are kept; default 10,000. */
  keepRequests?: number
  /** What it is reached as, where something stands before it; default: where it listens. */
  origin?: string
  /** Milliseconds that each listed image takes: on SmugMug 25 to 35 (real-answers 4.3). Default: none. */
  listCostMs?: number
}

export interface Simulator extends AsyncDisposable {
  /** Where the API, OAuth and, unless they live elsewhere, the pictures are. */
  readonly origin: string
  /** Where it listens itself: the same, unless something stands before it. */
  readonly listensAt: string
  /** Where the pictures are. */
  readonly photosOrigin: string
  /** A ready token; each simulator has its own. */
  readonly credentials: Credentials
  /** What makes smugdl talk to this simulator, credentials included. */
  readonly environment: Record<string, string>
  /** Live: what a test changes is what the next request sees. */
  readonly world: World
  /** The newest requests, oldest first. */
  readonly requests: RequestRecord[]
  /** All requests ever, by kind. */
  readonly counts: Record<RequestKind, number>
  readonly faults: Faults
  readonly quirks: Quirks
  /** The expected contents of a home. */
  listing(access?: Access): Iterable<ListedImage>
  /** Withdraws every token and grant, as the user can in the account settings. */
  revoke(): void
  /** Ends listening and every open connection. */
  close(): Promise<void>
}

/** Starts a small SmugMug on 127.0.0.1, behind real HTTP, and resolves when it listens. Close it, or `await using` it. */
export async function simulate(world: World = new World(), options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? Date.now
  const faults: Faults = new Rules()
  const quirks: Quirks = new Rules()
  const log = requestLog(options.keepRequests ?? 10_000, now)
  const closing = new AbortController()
  const auth = oauth({ now, granted: options.granted })
  const allowance = rateLimiter(options.rateLimit ?? { requests: 100_000, windowSeconds: 3600 }, now)

  const onRequest = (request: IncomingMessage, response: ServerResponse) => void serve(request, response)
  const newServer = () => (options.tls ? createTlsServer(options.tls, onRequest) : createServer(onRequest))
  const server = newServer()
  const photosServer = options.mediaOrigin === 'other' ? newServer() : server
  const listensAt = await listen(server, options.port ?? 0)
  const origin = options.origin ?? listensAt
  const photosOrigin = photosServer === server ? origin : await listen(photosServer, 0)
  const answerApi = api({
    world,
    paginate: paginator(quirks),
    photosOrigin,
    clamps: { AlbumImages: 500, ChildNodes: 200, ...options.clamps },
    filterReach: options.filterReach ?? 'root',
    listCostMs: options.listCostMs ?? 0,
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy())
    try {
      const wire = { ...(await read(request)), ...(options.origin && { origin }) }
      const record = log.add(wire, request.headers.range)
      let answer = answerTo(record.kind, wire, request)
      for (const fault of faults.take(record.kind, record.path)) answer = afflict(answer, fault, record.kind)
      if (answer.delayMs !== undefined) await sleep(answer.delayMs, undefined, { signal: closing.signal })
      if (answer.heldUntil !== undefined) await Promise.race([answer.heldUntil, once(closing.signal, 'abort')])
      if (!answer.cut || answer.cut.afterBytes >= 0) record.status = answer.status
      if (request.method === 'HEAD') answer = { ...answer, declaredLength: answer.body.size, body: contentOf('') }
      await send(response, answer, (bytes) => {
        record.bytesSent += bytes
      })
    } catch (error) {
      if (closing.signal.aborted || response.destroyed) return void response.destroy()
      // A fault of the simulator's own: say so where the test will look.
      process.emitWarning(error instanceof Error ? error : new Error(String(error)))
      response.destroy()
    }
  }

  function answerTo(kind: RequestKind, wire: WireRequest, { headers }: IncomingMessage): Answer {
    const [path = '', queryText] = wire.target.split(/\?(.*)/s)
    const query = new URLSearchParams(queryText)
    const acceptsJson = (query.get('_accept') ?? headers.accept ?? '').includes('application/json')
    if (kind === 'oauth') return auth.answer(wire, acceptsJson)

    const viewer = viewerOf(auth.verify(wire))
    if (kind === 'media') {
      if ('problem' in viewer) return unauthorized(viewer.problem, acceptsJson)
      const asked = { path, isOwner: viewer.isOwner, range: headers.range, ifRange: headers['if-range']?.toString() }
      return photo(world, asked, { ranges: options.ranges ?? 'yes', validators: options.validators ?? true })
    }
    const isSigned = 'isSigned' in viewer && viewer.isSigned
    const { allowed, headers: limits } = allowance(isSigned)
    const keyProblem = isSigned ? undefined : auth.problemWithKey(query.get('APIKey'))
    let answer: Answer
    if (!allowed) answer = jsonAnswer(429, { Code: 429, Message: 'Too Many Requests' })
    else if (!/^\/api\/v2(?=[/!]|$)/.test(path)) answer = jsonAnswer(404, { Code: 404, Message: 'Not Found' })
    else if ('problem' in viewer) answer = unauthorized(viewer.problem, acceptsJson)
    else if (keyProblem !== undefined) answer = unauthorized(keyProblem, acceptsJson)
    else answer = answerApi({ method: wire.method, target: wire.target, acceptsJson, viewer })
    return { ...answer, headers: { ...answer.headers, ...cachingOf(answer.status), ...limits } }
  }

  async function close(): Promise<void> {
    closing.abort()
    await Promise.all([...new Set([server, photosServer])].map(stop))
  }

  const { credentials } = auth
  return {
    origin,
    listensAt,
    photosOrigin,
    credentials,
    environment: {
      SMUGDL_API_ORIGIN: origin,
      ...(photosOrigin === origin ? {} : { SMUGDL_PHOTOS_ORIGIN: photosOrigin }),
      SMUGDL_API_KEY: credentials.apiKey,
      SMUGDL_API_SECRET: credentials.apiSecret,
      SMUGDL_ACCESS_TOKEN: credentials.accessToken,
      SMUGDL_ACCESS_TOKEN_SECRET: credentials.accessTokenSecret,
    },
    world,
    requests: log.requests,
    counts: log.counts,
    faults,
    quirks,
    listing: (access) => listing(world, access),
    revoke: auth.revoke,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function listen(server: Server | TlsServer, port: number): Promise<string> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const scheme = server instanceof TlsServer ? 'https' : 'http'
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function stop(server: Server | TlsServer): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

/** The request as it stood on the wire; of bodies only short forms are read. */
async function read(request: IncomingMessage): Promise<WireRequest> {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  let body = ''
  for await (const chunk of request) if (body.length < LONGEST_FORM) body += chunk
  return {
    method: request.method ?? 'GET',
    origin: `${request.socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host ?? '127.0.0.1'}`,
    target: request.url ?? '/',
    authorization: request.headers.authorization,
    form: isForm ? body : undefined,
  }
}

const LONGEST_FORM = 65_536

/** API answers must not be cached (real-answers 4.5). */
function cachingOf(status: number): Record<string, string> {
  if (status === 301) return { 'Cache-Control': 'private, no-store' }
  return { 'Cache-Control': 'private, no-store, no-cache, max-age=0, must-revalidate', Vary: 'Accept-Encoding' }
}

function viewerOf(verdict: Verdict): Viewer | { problem: string } {
  if ('problem' in verdict) return verdict
  return { isSigned: verdict.signed, isOwner: verdict.signed && verdict.access === 'Full' }
}

function unauthorized(problem: string, acceptsJson: boolean): Answer {
  const body = { Code: 401, Message: problem }
  return acceptsJson ? jsonAnswer(401, body) : apiBrowser(401, body)
}
