import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import type { Simulator } from '../../src/simulator/simulate.ts'
import { type ConnectOptions, connect, type SmugMug } from '../../src/smugmug/connect.ts'
import type { ApiEvent } from '../../src/smugmug/event.ts'
import type { Clock } from '../../src/smugmug/transport/clock.ts'
import type { RetryPolicy } from '../../src/smugmug/transport/retry.ts'

export type Serve = (request: IncomingMessage, response: ServerResponse, url: URL) => void

export interface Host extends AsyncDisposable {
  origin: string
  /** Path and query of each request, in order. */
  asked: string[]
  requests: IncomingMessage[]
}

/** A host on loopback that answers as a test says: for what the simulator rightly never does. */
export async function host(serve: Serve): Promise<Host> {
  const asked: string[] = []
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    requests.push(request)
    serve(request, response, new URL(request.url ?? '', 'http://host.invalid'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const quick: RetryPolicy = { attempts: 3, firstDelayMs: 1, factor: 1, maxDelayMs: 1 }

export interface Connected extends SmugMug {
  events: ApiEvent[]
}

export function connected(origin: string, options: Partial<ConnectOptions> = {}): Connected {
  const events: ApiEvent[] = []
  const smugmug = connect({
    origin,
    credentials: { apiKey: 'key', apiSecret: 'key-secret', accessToken: 'token', accessTokenSecret: 'token-secret' },
    userAgent: 'smugdl/test',
    signal: new AbortController().signal,
    retry: quick,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { ...smugmug, events }
}

/** As the account of a simulator. */
export function asAccount(simulator: Simulator, options: Partial<ConnectOptions> = {}): Connected {
  return connected(simulator.origin, { credentials: simulator.credentials, ...options })
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

/** An envelope as SmugMug writes it; an empty list has no array. */
export function envelope(locator: string, payload: unknown, pages?: Record<string, unknown>): Record<string, unknown> {
  const empty = Array.isArray(payload) && payload.length === 0
  return {
    Response: {
      Locator: locator,
      ...(empty ? {} : { [locator]: payload }),
      ...(pages === undefined ? {} : { Pages: pages }),
    },
    Code: 200,
    Message: 'Ok',
  }
}

/** Time that passes only by waiting for it. */
export function fakeClock(startMs = Date.UTC(2026, 0, 1)): Clock & { slept: number[] } {
  let nowMs = startMs
  const slept: number[] = []
  return {
    slept,
    now: () => nowMs,
    async sleep(ms, signal) {
      signal.throwIfAborted()
      slept.push(ms)
      nowMs += ms
    },
  }
}

/** Everything that was yielded, and what was thrown after it. */
export async function collectUntilError<T>(items: AsyncIterable<T>): Promise<{ found: T[]; error: unknown }> {
  const found: T[] = []
  try {
    for await (const item of items) found.push(item)
  } catch (error) {
    return { found, error }
  }
  return { found, error: undefined }
}

/** The error of a promise that must fail. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('this should have failed'),
    (error: unknown) => error,
  )
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
