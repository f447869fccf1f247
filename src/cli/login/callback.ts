import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The answer that the browser returns from SmugMug: the verifier, or that the user declined. */
export type Answer = { verifier: string } | 'denied'

/** A page on this computer that the browser is sent to when the user has decided. Disposing ends it. */
export interface Callback extends AsyncDisposable {
  /** `http://localhost:<port>/callback/<secret>`: known to SmugMug alone. The token is no secret, it stands in the browser's command line. */
  readonly url: string
  /** Waits for the answer to this request token. Visits with another token, or none, are turned away: any web page could make one. */
  answer(token: string): Promise<Answer>
}

/**
 * Listens on the loopback addresses only, IPv4 and, where there is any, IPv6: `localhost` may be either. Undefined where nothing can be
 * listened to, as in a container without a network of its own.
 */
export async function listenForCallback(): Promise<Callback | undefined> {
  const path = `/callback/${randomBytes(16).toString('base64url')}`
  let expected: string | undefined
  const { promise, resolve } = Promise.withResolvers<Answer>()

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = URL.parse(request.url ?? '', 'http://localhost')
    const isForUs = request.method === 'GET' && isOurName(request.headers.host) && url?.pathname === path
    const token = isForUs ? url.searchParams.get('oauth_token') : null
    if (url === null || token === null || token !== expected) {
      page(response, 404, 'There is nothing here', '')
      return
    }
    // Only one answer: later visits to the same address learn and change nothing.
    expected = undefined
    const answer = answerIn(url.searchParams)
    if (answer === 'denied') page(response, 200, 'No access was given', 'The terminal says how to try again.')
    else page(response, 200, 'Thank you', 'smugdl has the answer. You can close this page and go back to the terminal.')
    // Once the page is delivered: the server ends with the answer.
    response.on('close', () => resolve(answer))
  }

  const servers = await listenOnLoopback(() => createServer(serve)).catch(() => undefined)
  if (servers === undefined) return undefined
  const { port } = servers[0].address() as AddressInfo
  return {
    url: `http://localhost:${port}${path}`,
    answer(token) {
      expected = token
      return promise
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map(closed))
    },
  }
}

/** Rejects other host names (DNS rebinding): a page of such a site could read our answer. */
function isOurName(host = ''): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\]):\d+$/i.test(host)
}

function answerIn(query: URLSearchParams): Answer {
  const verifier = query.get('oauth_verifier')
  return verifier ? { verifier } : 'denied'
}

async function listenOnLoopback(create: () => Server): Promise<[Server, ...Server[]]> {
  for (let attempt = 1; ; attempt++) {
    const four = await listening(create(), '127.0.0.1', 0)
    try {
      return [four, await listening(create(), '::1', (four.address() as AddressInfo).port)]
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code !== 'EADDRINUSE') return [four]
      // Another program has this port on ::1 and would get the browser's visit.
      await closed(four)
      if (attempt === 10) throw error
    }
  }
}

async function listening(server: Server, host: string, port: number): Promise<Server> {
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

async function closed(server: Server): Promise<void> {
  const done = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await done
}

function page(response: ServerResponse, status: number, title: string, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    connection: 'close',
  })
  response.end(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>smugdl: ${title}</title>
<body style="font: 1.2rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1rem">
<h1>${title}</h1><p>${text}</p></body></html>
`)
}
