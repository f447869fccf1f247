import { describe, expect, test } from 'vitest'
import { refusal } from '../../../src/smugmug/transport/http-error.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')
const url = 'https://api.smugmug.com/api/v2/album/AbC123!images?oauth_token=SeCrEt&x=SeCrEt'

function refused(status: number, message = '', headers: Record<string, string> = {}) {
  const response = { url, status, headers: new Headers(headers), body: '', discard: async () => {} }
  return refusal(response, message, nowMs)
}

describe('a 401', () => {
  test.each([
    ['oauth_problem=consumer_key_unknown', 'auth', 'SmugMug does not know this API key', 'no'],
    ['oauth_problem=token_rejected', 'auth', 'SmugMug does not accept the access token', 'no'],
    ['oauth_problem%3Dtoken_revoked', 'auth', 'The access token was revoked', 'no'],
    [
      'oauth_problem%253Dsignature_invalid%2526debug_sbs%253DGET',
      'auth',
      'A secret does not belong to its key (signature_invalid)',
      'no',
    ],
    ['oauth_problem=something_new', 'auth', 'SmugMug refuses the login (something_new)', 'no'],
    ['oauth_problem=nonce_used', 'auth', 'SmugMug takes a request for a repetition (nonce_used)', 'yes'],
    ['Unauthorized', 'item', 'SmugMug refuses access (401)', 'no'],
    ['', 'item', 'SmugMug refuses access (401)', 'no'],
  ])('saying %o', (message, kind, what, retry) => {
    expect(refused(401, message)).toMatchObject({ status: 401, kind, what, retry, item: '/api/v2/album/AbC123!images' })
  })

  test('of a key from before version 2 names the page where its owner accepts the terms', () => {
    const message =
      'API key lacks v2 access; please accept the terms of service at https://api.smugmug.com/api/developer/accept'
    expect(refused(401, message)).toMatchObject({
      kind: 'auth',
      next: expect.stringContaining('https://api.smugmug.com/api/developer/accept'),
    })
  })

  test.each([
    ['Thu, 01 Jan 2026 02:00:00 GMT', "The clock of this machine is 120 min behind SmugMug's (timestamp_refused)"],
    ['Wed, 31 Dec 2025 23:30:00 GMT', "The clock of this machine is 30 min ahead of SmugMug's (timestamp_refused)"],
    ['', 'SmugMug refuses the time of our requests (timestamp_refused)'],
  ])('for the time says how far the clock is off by %o', (date, what) => {
    expect(refused(401, 'oauth_problem=timestamp_refused', { date })).toMatchObject({
      kind: 'auth',
      what,
      retry: 'yes',
    })
  })
})

test.each([
  [402, 'auth', 'no'],
  [403, 'item', 'no'],
  [404, 'item', 'no'],
  [410, 'item', 'no'],
  [408, 'item', 'yes'],
  [500, 'item', 'yes'],
  [503, 'item', 'yes'],
] as const)('%i is of kind %s, retry %s', (status, kind, retry) => {
  expect(refused(status)).toMatchObject({ status, kind, retry })
})

test('a 503 hands its Retry-After on', () => {
  expect(refused(503, '', { 'retry-after': '5' })).toMatchObject({ retry: { afterMs: 5000 } })
})

test('no refusal repeats a query, a token or what the message echoes', () => {
  for (const status of [400, 401, 402, 403, 404, 500]) {
    const error = refused(status, `oauth_problem=token_rejected&debug=SeCrEt ${url}`)
    expect(String(error) + JSON.stringify(error)).not.toContain('SeCrEt')
  }
})
