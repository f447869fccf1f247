import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { simulate } from '../../src/simulator/simulate.ts'
import { authUser } from '../../src/smugmug/api/user.ts'
import { systemClock } from '../../src/smugmug/transport/clock.ts'
import { startProxy } from '../proxy.ts'
import { testCertificate } from './certificate.ts'
import { asAccount, connected, envelope, failure, fakeClock, host, json } from './host.ts'
import { authority, issued } from './issued-certificates.ts'

const user = envelope('User', {
  NickName: 'jane',
  Name: 'Jane Doe',
  ImageCount: 3,
  Uris: { Node: '/api/v2/node/r00t' },
})

test('every attempt is signed with a nonce of its own', async () => {
  let calls = 0
  await using server = await host((_, response) => {
    calls++
    if (calls < 3) json(response, { Code: 503, Message: 'Maintenance' }, 503)
    else json(response, user)
  })
  await using smugmug = connected(server.origin)
  expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane', nodeId: 'r00t', imageCount: 3 })
  const nonces = server.requests.map(({ headers }) => /oauth_nonce="([^"]+)"/.exec(headers.authorization ?? '')?.[1])
  expect(new Set(nonces).size).toBe(3)
  expect(nonces).not.toContain(undefined)
  expect(smugmug.events.filter(({ type }) => type === 'retry')).toMatchObject([
    { item: '/api/v2!authuser', reason: 'SmugMug answered 503', attempt: 1 },
    { attempt: 2 },
  ])
})

test('requests say who asks and what they take', async () => {
  await using server = await host((_, response) => json(response, user))
  await using smugmug = connected(server.origin)
  await authUser(smugmug.api)
  expect(server.requests[0]?.headers).toMatchObject({
    'user-agent': 'smugdl/test',
    accept: 'application/json',
    'accept-encoding': 'gzip',
  })
})

test('a compressed answer is read', async () => {
  await using server = await host((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    response.end(gzipSync(JSON.stringify(user)))
  })
  await using smugmug = connected(server.origin)
  expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane' })
})

test.each([
  ['as it is', Buffer.alloc(9 * 1024 * 1024, ' '), false],
  ['when it is unpacked', Buffer.alloc(9 * 1024 * 1024, ' '), true],
  ['when it is read, each of its lists takes fifty times its text', `[${'[],'.repeat(300_000)}[]]`, false],
])('an answer that is too large %s is not asked for again', async (_, large, zipped) => {
  await using server = await host((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...(zipped && { 'content-encoding': 'gzip' }) })
    response.end(zipped ? gzipSync(large) : large)
  })
  await using smugmug = connected(server.origin)
  const error = await failure(smugmug.api.get('/api/v2!authuser'))
  expect(error).toMatchObject({ kind: 'item', what: 'The answer is too large' })
  expect(server.asked).toHaveLength(1)
})

test('a link that is no address is an error of whoever follows it', async () => {
  await using smugmug = connected('http://127.0.0.1:1')
  expect(await failure(smugmug.api.get('http://['))).toMatchObject({
    kind: 'item',
    what: expect.stringContaining('address'),
  })
})

describe('what is signed is what is sent', () => {
  test.each([
    "/api/v2/user/janedoe?Text=a=b&Scope=%2Fapi%2Fv2%2Fuser%2Fjane'(*)!&x=1+2&x=0",
    '/api/v2/user/janedoe?umlaut=%C3%BC&emoji=🌙',
  ])('for %s', async (path) => {
    await using simulator = await simulate()
    await using smugmug = asAccount(simulator)
    // The simulator checks the signature over what arrives.
    expect((await smugmug.api.get(path, { _filter: "A,B!'()*", _config: '{"a":["b c"]}' })).payload).toBeDefined()
  })
})

test('a path that names another host is asked of our own', async () => {
  await using elsewhere = await host((_, response) => json(response, user))
  await using server = await host((_, response) => json(response, user))
  await using smugmug = connected(server.origin)
  await smugmug.api.get(`${elsewhere.origin}/api/v2!authuser`)
  await smugmug.api.get(`http://api.example//${new URL(elsewhere.origin).host}/api/v2!authuser`)
  expect(elsewhere.asked).toEqual([])
  expect(server.asked).toHaveLength(2)
})

describe('redirects', () => {
  test('are signed again at each hop', async () => {
    await using simulator = await simulate()
    await using smugmug = asAccount(simulator)
    simulator.faults.add({ path: '/api/v2/one', do: { kind: 'redirect', to: '/api/v2/two' } })
    simulator.faults.add({ path: '/api/v2/two', do: { kind: 'redirect', to: '/api/v2!authuser', status: 301 } })
    expect((await smugmug.api.get('/api/v2/one')).payload).toMatchObject({ NickName: 'janedoe' })
  })

  test('carry no credentials to another host', async () => {
    await using elsewhere = await host((_, response) => response.end('bytes'))
    await using server = await host((_, response) => {
      response.writeHead(302, { location: `${elsewhere.origin}/a.jpg?Signature=a%2Bb+c` }).end()
    })
    await using smugmug = connected(server.origin, { photosOrigin: elsewhere.origin })
    const response = await smugmug.media.open(`${server.origin}/a.jpg`, { signal: new AbortController().signal })
    await response.discard()
    expect(server.requests[0]?.headers.authorization).toMatch(/^OAuth /)
    expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined()
    expect(elsewhere.asked).toEqual(['/a.jpg?Signature=a%2Bb+c'])
  })

  test('end after five', async () => {
    await using server = await host((_, response) => response.writeHead(302, { location: '/again' }).end())
    await using smugmug = connected(server.origin, {
      retry: { attempts: 1, firstDelayMs: 0, factor: 1, maxDelayMs: 0 },
    })
    expect(await failure(smugmug.api.get('/api/v2!authuser'))).toMatchObject({
      kind: 'item',
      what: expect.stringContaining('5 redirects'),
    })
    expect(server.asked).toHaveLength(6)
  })

  test.each(['http://photos.smugmug.com/a.jpg', 'https://192.168.0.1/a.jpg', 'http://127.0.0.1:1/a.jpg'])(
    'to %s are not followed',
    async (location) => {
      await using server = await host((_, response) => response.writeHead(302, { location }).end())
      await using smugmug = connected(server.origin)
      const { signal } = new AbortController()
      const error = await failure(smugmug.media.open(`${server.origin}/a.jpg`, { signal }))
      expect(error).toMatchObject({ kind: 'item', what: expect.stringContaining('not safe') })
    },
  )
})

test('a clock that is wrong is corrected by the first refusal', async () => {
  await using simulator = await simulate()
  const slowMs = 3 * 3600_000
  const clock = { ...systemClock, now: () => Date.now() - slowMs }
  await using smugmug = asAccount(simulator, { clock })
  expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'janedoe' })
  await smugmug.api.get('/api/v2!authuser')
  expect(simulator.requests.map(({ status }) => status)).toEqual([401, 200, 200])
  const [off] = smugmug.events.filter(({ type }) => type === 'clockOff')
  expect(off).toMatchObject({ offsetMs: expect.closeTo(slowMs, -4) })
  expect(smugmug.events.find(({ type }) => type === 'retry')).toMatchObject({
    reason: "The clock of this machine is 180 min behind SmugMug's (timestamp_refused)",
  })
})

test('a host that refuses connections is unreachable, after all attempts', async () => {
  const gone = await host(() => {})
  await gone[Symbol.asyncDispose]()
  await using smugmug = connected(gone.origin)
  const error = await failure(smugmug.api.get('/api/v2!authuser'))
  expect(error).toMatchObject({ kind: 'unreachable', what: expect.stringContaining('it refuses connections') })
  expect(smugmug.events.filter(({ type }) => type === 'retry')).toHaveLength(2)
})

test.each(['stalled', 'truncated'] as const)('an API answer that is %s is asked for again', async (kind) => {
  await using simulator = await simulate()
  const timeouts = { connectMs: 1000, headersMs: 1000, stallMs: 1000, answerMs: 300 }
  await using smugmug = asAccount(simulator, { timeouts })
  simulator.faults.add({ path: '!authuser', times: 1, do: { kind } })
  expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'janedoe' })
  expect(smugmug.events.filter(({ type }) => type === 'retry')).toHaveLength(1)
})

test('aborting ends what is under way, and the wait for a retry, as cancelled', async () => {
  const stop = new AbortController()
  await using server = await host((_, response) => json(response, {}, 503))
  const options = { signal: stop.signal, retry: { attempts: 9, firstDelayMs: 1e9, factor: 1, maxDelayMs: 1e9 } }
  await using smugmug = connected(server.origin, {
    ...options,
    onEvent: ({ type }) => {
      if (type === 'retry') queueMicrotask(() => stop.abort())
    },
  })
  expect(await failure(smugmug.api.get('/api/v2!authuser'))).toMatchObject({ kind: 'cancelled' })
})

test('disposing closes every connection', async () => {
  let open = 0
  await using server = await host((_, response) => json(response, user))
  const closed: Promise<unknown>[] = []
  await using smugmug = connected(server.origin)
  await authUser(smugmug.api)
  for (const { socket } of server.requests) {
    open++
    closed.push(once(socket, 'close'))
  }
  await smugmug[Symbol.asyncDispose]()
  await Promise.all(closed)
  expect(open).toBe(1)
})

describe('https', () => {
  async function tlsHost(certificate: { key: string; cert: string } = testCertificate) {
    let asked = 0
    const server = createTlsServer(certificate, (_, response) => {
      asked += 1
      json(response, user)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      /** Requests that came so far. */
      get asked() {
        return asked
      },
      origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }

  test('takes a certificate that --ca-file names', async () => {
    await using server = await tlsHost()
    await using smugmug = connected(server.origin, { ca: testCertificate.cert })
    expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane' })
  })

  test('refuses one that nobody vouches for, at once, and says what to do', async () => {
    await using server = await tlsHost()
    await using smugmug = connected(server.origin)
    const error = await failure(authUser(smugmug.api))
    expect(error).toMatchObject({ kind: 'unreachable', next: expect.stringContaining('--ca-file') })
    expect(smugmug.events).toEqual([])
  })

  test.each([
    ['has expired', 'expired', authority, /clock/],
    ['is not valid yet', 'notYetValid', authority, /clock/],
    ['belongs to another host', 'ofAnotherHost', authority, /in place of this host/],
    ['comes from an authority that nobody names any more', 'good', undefined, /--ca-file/],
  ] as const)('sends nothing to a host whose certificate %s, at once and for good', async (_, name, ca, next) => {
    await using server = await tlsHost(issued[name])
    // What other programs take as leave not to look.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    await using smugmug = connected(server.origin, { ca })
    const error = await failure(authUser(smugmug.api)).finally(() => vi.unstubAllEnvs())
    expect(error).toMatchObject({ kind: 'unreachable', retry: 'no', next: expect.stringMatching(next) })
    expect([server.asked, smugmug.events]).toEqual([0, []])
  })

  test('takes what that authority issued for this host', async () => {
    await using server = await tlsHost(issued.good)
    await using smugmug = connected(server.origin, { ca: authority })
    expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane' })
  })

  test('goes through a proxy, bytes and API alike, to a certificate that --ca-file names', async () => {
    await using server = await tlsHost()
    await using proxy = await startProxy()
    await using smugmug = connected(server.origin, { ca: testCertificate.cert, proxy: { https: proxy.url } })
    expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane' })
    const bytes = await smugmug.media.open(`${server.origin}/a.jpg`, { signal: new AbortController().signal })
    await bytes.discard()
    expect(proxy.asked).toEqual([new URL(server.origin).host, new URL(server.origin).host])
  })

  test('goes past the proxy to the hosts that it is not for', async () => {
    await using server = await tlsHost()
    await using proxy = await startProxy()
    const options = { ca: testCertificate.cert, proxy: { https: proxy.url, no: 'localhost,127.0.0.1' } }
    await using smugmug = connected(server.origin, options)
    expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane' })
    expect(proxy.asked).toEqual([])
  })

  test('says when it is the proxy that refuses', async () => {
    await using proxy = await startProxy({ refusal: 403 })
    await using smugmug = connected('https://127.0.0.1:1', { proxy: { https: proxy.url } })
    expect(await failure(authUser(smugmug.api))).toMatchObject({
      kind: 'unreachable',
      what: expect.stringContaining('the proxy refused'),
    })
  })
})

test('the environment is not read', async () => {
  const before = process.env.HTTP_PROXY
  process.env.HTTP_PROXY = 'http://127.0.0.1:1'
  try {
    await using server = await host((_, response) => json(response, user))
    await using smugmug = connected(server.origin, { clock: fakeClock(Date.now()) })
    expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane' })
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY
    else process.env.HTTP_PROXY = before
  }
})
