import { describe, expect, test } from 'vitest'
import { type Simulator, type SimulatorOptions, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { type Asked, ask, askJson, at, authorize, textAt } from './ask.ts'

const OAUTH = '/services/oauth/1.0a'
type Token = { key: string; secret: string }

async function step(simulator: Simulator, path: string, asked: Asked): Promise<URLSearchParams> {
  const response = await ask(simulator, path, { ...asked, headers: { Accept: '*/*' } })
  return new URLSearchParams(await response.text())
}

async function requestToken(simulator: Simulator, callback = 'oob'): Promise<Token> {
  const answer = await step(simulator, `${OAUTH}/getRequestToken`, { token: null, oauth: { oauth_callback: callback } })
  expect(answer.get('oauth_callback_confirmed')).toBe('true')
  return { key: answer.get('oauth_token') ?? '', secret: answer.get('oauth_token_secret') ?? '' }
}

const decide = ({ origin }: Simulator, token: Token, query: string) =>
  fetch(`${origin}${OAUTH}/authorize?oauth_token=${token.key}&${query}`, { redirect: 'manual' })

async function pinFor(simulator: Simulator, token: Token, access: 'Full' | 'Public' = 'Full'): Promise<string> {
  const page = await (await decide(simulator, token, `Access=${access}&Permissions=Read&approve=1`)).text()
  return /<p id="pin">(\d{6})<\/p>/.exec(page)?.[1] ?? ''
}

const accessToken = (simulator: Simulator, token: Token, verifier: string) =>
  step(simulator, `${OAUTH}/getAccessToken`, { token, oauth: { oauth_verifier: verifier } })

async function login(simulator: Simulator, access: 'Full' | 'Public'): Promise<Token> {
  const token = await requestToken(simulator)
  const answer = await accessToken(simulator, token, await pinFor(simulator, token, access))
  return { key: answer.get('oauth_token') ?? '', secret: answer.get('oauth_token_secret') ?? '' }
}

/** A simulator whose clock a test moves. */
async function clocked(options: SimulatorOptions = {}) {
  const clock = { ms: 1_700_000_000_000 }
  return { clock, simulator: await simulate(new World(), { ...options, now: () => clock.ms }) }
}

describe('a login', () => {
  test('by PIN gives a token that works', async () => {
    await using simulator = await simulate()
    const token = await login(simulator, 'Full')
    expect(at(await askJson(simulator, '/api/v2!authuser', { token }), 'Response', 'User', 'ResponseLevel')).toBe(
      'Full',
    )
  })

  test('by callback brings verifier and token to the address that was given', async () => {
    await using simulator = await simulate()
    const token = await requestToken(simulator, 'http://localhost:4711/callback?run=1')
    const location = new URL((await decide(simulator, token, 'Access=Full&approve=1')).headers.get('location') ?? '')
    expect(location.origin + location.pathname).toBe('http://localhost:4711/callback')
    expect(location.searchParams.get('run')).toBe('1')
    expect(location.searchParams.get('oauth_token')).toBe(token.key)
    const answer = await accessToken(simulator, token, location.searchParams.get('oauth_verifier') ?? '')
    expect(answer.get('oauth_token')).toBeTruthy()
  })

  test('shows a user a page with a form that says yes or no', async () => {
    await using simulator = await simulate()
    const token = await requestToken(simulator)
    const page = await decide(simulator, token, 'Access=Full&Permissions=Read')
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('name="approve" value="1"')
    const answered = await fetch(`${simulator.origin}${OAUTH}/authorize?oauth_token=${token.key}&Access=Full`, {
      method: 'POST',
      body: new URLSearchParams({ approve: '1' }),
    })
    expect(await answered.text()).toMatch(/id="pin">\d{6}</)
  })

  test('that is denied gives no token', async () => {
    await using simulator = await simulate()
    const token = await requestToken(simulator, 'http://localhost:4711/')
    const denied = await decide(simulator, token, 'approve=0')
    expect(denied.headers.get('location')).toContain('oauth_problem=user_refused')
    expect((await accessToken(simulator, token, '123456')).get('oauth_problem')).toBe('permission_denied')
  })

  test('with a wrong PIN is refused and may be tried again; a used token may not', async () => {
    await using simulator = await simulate()
    const token = await requestToken(simulator)
    expect((await accessToken(simulator, token, '000000')).get('oauth_problem')).toBe('permission_unknown')
    const pin = await pinFor(simulator, token)
    const wrong = String((Number(pin) + 1) % 1_000_000).padStart(6, '0')
    expect((await accessToken(simulator, token, wrong)).get('oauth_problem')).toBe('verifier_invalid')
    expect((await accessToken(simulator, token, pin)).get('oauth_token')).toBeTruthy()
    expect((await accessToken(simulator, token, pin)).get('oauth_problem')).toBe('token_used')
  })

  test('must end within five minutes', async () => {
    const { clock, simulator } = await clocked()
    await using _ = simulator
    const nowHeaders = (path: string, token: Token | null, oauth: Record<string, string>) =>
      step(simulator, path, { token, oauth: { ...oauth, oauth_timestamp: String(clock.ms / 1000) } })
    const first = await nowHeaders(`${OAUTH}/getRequestToken`, null, { oauth_callback: 'oob' })
    const token = { key: first.get('oauth_token') ?? '', secret: first.get('oauth_token_secret') ?? '' }
    const pin = await pinFor(simulator, token)
    clock.ms += 5 * 60_000 + 1000
    const late = await nowHeaders(`${OAUTH}/getAccessToken`, token, { oauth_verifier: pin })
    expect(late.get('oauth_problem')).toBe('token_expired')
    expect((await decide(simulator, token, 'approve=1')).status).toBe(401)
  })

  test('without a callback is refused with the name of what is absent', async () => {
    await using simulator = await simulate()
    const answer = await ask(simulator, `${OAUTH}/getRequestToken`, { token: null })
    expect(answer.status).toBe(401)
    expect(at(await answer.json(), 'Message')).toBe(
      'oauth_problem=parameter_absent&oauth_parameters_absent=oauth_callback',
    )
  })

  test('cannot raise what was granted before; revoking can', async () => {
    await using simulator = await simulate(new World(), { granted: 'Public' })
    const level = async (token: Token) =>
      at(await askJson(simulator, '/api/v2!authuser', { token }), 'Response', 'User', 'ResponseLevel')
    expect(await level(await login(simulator, 'Full'))).toBe('Public')
    simulator.revoke()
    expect(textAt(await askJson(simulator, '/api/v2!authuser'), 'Message')).toBe('oauth_problem=token_revoked')
    expect(await level(await login(simulator, 'Full'))).toBe('Full')
  })

  test('forgetting Access=Full asks for public access', async () => {
    await using simulator = await simulate()
    const token = await requestToken(simulator)
    const page = await (await decide(simulator, token, 'approve=1')).text()
    const answer = await accessToken(simulator, token, /\d{6}/.exec(page)?.[0] ?? '')
    const granted = { key: answer.get('oauth_token') ?? '', secret: answer.get('oauth_token_secret') ?? '' }
    expect(
      at(await askJson(simulator, '/api/v2!authuser', { token: granted }), 'Response', 'User', 'ResponseLevel'),
    ).toBe('Public')
  })
})

describe('a signature', () => {
  const problem = async (simulator: Simulator, asked: Asked) => {
    const response = await ask(simulator, '/api/v2!authuser', asked)
    const message = textAt(await response.json(), 'Message')
    return response.status === 401 ? new URLSearchParams(message).get('oauth_problem') : undefined
  }

  test('is accepted in the query as well as in the header', async () => {
    await using simulator = await simulate()
    const header = authorize(simulator, `${simulator.origin}/api/v2!authuser`)
    const query = header
      .replace(/^OAuth /, '')
      .replaceAll(', ', '&')
      .replaceAll('"', '')
    const response = await fetch(`${simulator.origin}/api/v2!authuser?${query}`, {
      headers: { Accept: 'application/json' },
    })
    expect(response.status).toBe(200)
    expect(textAt(await response.json(), 'Response', 'Uri')).toContain('oauth_nonce=')
    expect(simulator.requests).toMatchObject([{ path: '/api/v2!authuser', signed: true }])
  })

  test('covers ! and other signs in path and query exactly as they were sent', async () => {
    await using simulator = await simulate()
    for (const path of [
      '/api/v2/user/janedoe!albums?Order=it%27s%20(all)*!&x=a%2Bb',
      '/api/v2/user/janedoe%21albums?_filter=Name%2CUri',
    ])
      expect((await ask(simulator, path)).status).toBe(200)
  })

  test('with a wrong secret, key or token is refused', async () => {
    await using simulator = await simulate()
    const { apiKey, accessToken } = simulator.credentials
    expect(await problem(simulator, { consumer: { key: apiKey, secret: 'wrong' } })).toBe('signature_invalid')
    expect(await problem(simulator, { token: { key: accessToken, secret: 'wrong' } })).toBe('signature_invalid')
    expect(await problem(simulator, { consumer: { key: 'nobody', secret: 'x' } })).toBe('consumer_key_unknown')
    expect(await problem(simulator, { token: { key: 'nobody', secret: 'x' } })).toBe('token_rejected')
  })

  test('works once: its nonce is used up', async () => {
    await using simulator = await simulate()
    const Authorization = authorize(simulator, `${simulator.origin}/api/v2!authuser`)
    expect(await problem(simulator, { headers: { Authorization } })).toBeUndefined()
    const again = await ask(simulator, '/api/v2!authuser', { headers: { Authorization } })
    expect(await again.json()).toEqual({ Code: 401, Message: 'oauth_problem=nonce_used' })
  })

  test('is refused outside ± 300 seconds', async () => {
    const { clock, simulator } = await clocked()
    await using _ = simulator
    const at = (seconds: number) =>
      problem(simulator, { oauth: { oauth_timestamp: String(clock.ms / 1000 + seconds) } })
    expect(await at(-300)).toBeUndefined()
    expect(await at(300)).toBeUndefined()
    expect(await at(-301)).toBe('timestamp_refused')
    expect(await at(301)).toBe('timestamp_refused')
  })

  test('other than HMAC-SHA1 is refused, PLAINTEXT too', async () => {
    await using simulator = await simulate()
    expect(await problem(simulator, { oauth: { oauth_signature_method: 'PLAINTEXT' } })).toBe(
      'signature_method_rejected',
    )
  })

  test('is told of in HTML to who does not ask for JSON', async () => {
    await using simulator = await simulate()
    const response = await ask(simulator, '/api/v2!authuser', {
      headers: { Accept: '*/*' },
      consumer: { key: 'nobody', secret: '' },
    })
    expect(response.status).toBe(401)
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/)
  })
})
