import { expect, test } from 'vitest'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { authUser } from '../../src/smugmug/api/user.ts'
import { accessToken, authorizeUrl, type LoginOptions, requestToken } from '../../src/smugmug/login.ts'
import { connected, failure, quick } from './host.ts'

function loginOptions({ origin, credentials }: Simulator, options: Partial<LoginOptions> = {}): LoginOptions {
  const { apiKey, apiSecret } = credentials
  const signal = new AbortController().signal
  return { origin, apiKey, apiSecret, userAgent: 'smugdl/test', signal, retry: quick, ...options }
}

/** The user says yes, or no; what the browser is shown or where it is sent. */
async function decide(url: string, approve: 0 | 1): Promise<{ page: string; location: string }> {
  const response = await fetch(`${url}&approve=${approve}`, { redirect: 'manual' })
  return { page: await response.text(), location: response.headers.get('location') ?? '' }
}

test('a login by PIN ends in a token that sees all of the account', async () => {
  await using simulator = await simulate(new World({ nickName: 'jane' }))
  const options = loginOptions(simulator)
  const request = await requestToken(options, 'oob')
  const { page } = await decide(authorizeUrl(simulator.origin, request), 1)
  const token = await accessToken(options, request, /id="pin">(\d{6})</.exec(page)?.[1] ?? '')
  const credentials = { ...simulator.credentials, accessToken: token.token, accessTokenSecret: token.secret }
  await using smugmug = connected(simulator.origin, { credentials })
  expect(await authUser(smugmug.api)).toMatchObject({ nickName: 'jane', responseLevel: 'Full' })
})

test('a login by callback brings its verifier back to the address that was named', async () => {
  await using simulator = await simulate()
  const options = loginOptions(simulator)
  const request = await requestToken(options, 'http://localhost:4711/callback?state=a%20b')
  const { location } = await decide(authorizeUrl(simulator.origin, request), 1)
  const back = new URL(location)
  expect(back.origin).toBe('http://localhost:4711')
  expect(back.searchParams.get('oauth_token')).toBe(request.token)
  const token = await accessToken(options, request, back.searchParams.get('oauth_verifier') ?? '')
  expect(token.token).not.toBe(request.token)
})

test('the authorize page is asked for full access to read, and nothing more', () => {
  const url = new URL(authorizeUrl('https://api.smugmug.com', { token: 'a+b' }))
  expect(url.origin + url.pathname).toBe('https://api.smugmug.com/services/oauth/1.0a/authorize')
  expect(Object.fromEntries(url.searchParams)).toEqual({ oauth_token: 'a+b', Access: 'Full', Permissions: 'Read' })
})

test('a wrong key and a wrong secret are told apart', async () => {
  await using simulator = await simulate()
  expect(await failure(requestToken(loginOptions(simulator, { apiKey: 'wrong' }), 'oob'))).toMatchObject({
    kind: 'auth',
    what: 'SmugMug does not know this API key',
  })
  expect(await failure(requestToken(loginOptions(simulator, { apiSecret: 'wrong' }), 'oob'))).toMatchObject({
    kind: 'auth',
    what: expect.stringContaining('signature_invalid'),
  })
})

test('a refused callback says how to log in without one', async () => {
  await using simulator = await simulate()
  expect(await failure(requestToken(loginOptions(simulator), 'ftp://nowhere'))).toMatchObject({
    kind: 'auth',
    next: 'Run "smugdl login --pin"',
  })
})

test('a wrong PIN, and one that comes after five minutes, ask for another login', async () => {
  let nowMs = Date.now()
  await using simulator = await simulate(new World(), { now: () => nowMs })
  const options = loginOptions(simulator, {
    clock: { now: () => nowMs, sleep: async () => {} },
  })
  const request = await requestToken(options, 'oob')
  const { page } = await decide(authorizeUrl(simulator.origin, request), 1)
  expect(await failure(accessToken(options, request, '000001'))).toMatchObject({
    kind: 'auth',
    what: expect.stringContaining('does not accept the code'),
  })
  nowMs += 6 * 60_000
  const pin = /id="pin">(\d{6})</.exec(page)?.[1] ?? ''
  expect(await failure(accessToken(options, request, pin))).toMatchObject({
    kind: 'auth',
    what: expect.stringContaining('older than five minutes'),
  })
})

test('a user who says no is not told that a code was wrong', async () => {
  await using simulator = await simulate()
  const options = loginOptions(simulator)
  const request = await requestToken(options, 'oob')
  await decide(authorizeUrl(simulator.origin, request), 0)
  expect(await failure(accessToken(options, request, '123456'))).toMatchObject({
    kind: 'auth',
    what: 'The account refuses this application',
  })
})

test('a login survives a server that fails twice', async () => {
  await using simulator = await simulate()
  simulator.faults.add({ path: 'getRequestToken', times: 1, do: { kind: 'status', status: 502 } })
  simulator.faults.add({ path: 'getRequestToken', after: 1, times: 1, do: { kind: 'html' } })
  expect(await requestToken(loginOptions(simulator), 'oob')).toMatchObject({ token: expect.any(String) })
})

test('no secret leaves but as a signature', async () => {
  await using simulator = await simulate()
  const error = await failure(requestToken(loginOptions(simulator, { apiSecret: 'HushHush' }), 'oob'))
  expect(JSON.stringify(error) + String(error)).not.toContain('HushHush')
})
