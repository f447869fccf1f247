import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { requestToken } from '../../src/smugmug/login.ts'
import { connected, failure } from './host.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`

/** What comes first, what goes on for ever, and how many milliseconds lie between two pieces of it. */
const endless = {
  headers: [ok, `X-More: ${'a'.repeat(1000)}\r\n`, 1],
  'headers, slowly': [ok, 'X-More: a\r\n', 50],
  'one header': [`${ok}X-Long: `, 'a'.repeat(1000), 1],
  'one header, slowly': [`${ok}X-Long: `, 'a', 50],
  'answers of status 1xx': ['', 'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n', 1],
  'answers of status 1xx, slowly': ['', 'HTTP/1.1 102 Processing\r\n\r\n', 50],
  'an extension of a chunk': [`${chunked}1;`, 'a'.repeat(1000), 1],
  trailers: [`${chunked}1\r\na\r\n0\r\n`, `X-More: ${'a'.repeat(1000)}\r\n`, 1],
  'trailers, slowly': [`${chunked}1\r\na\r\n0\r\n`, 'X-More: a\r\n', 50],
} as const

test.concurrent.each(Object.entries(endless))(
  '%s without end are a failure of what was asked for',
  async (_, [first, more, everyMs]) => {
    await using server = await sends(first, more, everyMs)
    const { origin } = server
    // An answer as a whole is not what ends it here.
    const timeouts = { connectMs: 5000, headersMs: 1000, stallMs: 1000, answerMs: 100_000 }
    const retry = { attempts: 1, firstDelayMs: 1, factor: 1, maxDelayMs: 1 }
    const { signal } = new AbortController()
    await using smugmug = connected(origin, { timeouts, retry })
    const readAll = async () => {
      const { body } = await smugmug.media.open(`${origin}/a.jpg`, { signal })
      for await (const _ of body);
    }
    const login = { origin, apiKey: 'key', apiSecret: 'secret', userAgent: 'smugdl/test', signal, timeouts, retry }
    const asking = [smugmug.api.get('/api/v2!authuser'), readAll(), requestToken(login, 'oob')]
    for (const error of await Promise.all(asking.map(failure)))
      expect(error).toMatchObject({
        kind: 'item',
        what: expect.stringMatching(/^(The connection broke|No answer came in time|The answer stalled)$/),
      })
  },
)

async function sends(first: string, more: string, everyMs: number) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket
      .on('error', () => {})
      .once('data', () => {
        socket.write(first)
        const timer = setInterval(() => socket.write(more), everyMs)
        socket.on('close', () => clearInterval(timer))
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
