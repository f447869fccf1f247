import type { Fault, JsonAnswer } from '../../src/simulator/faults.ts'

/** What SmugMug can answer to a request for a list or a record, in words, that is not true, not readable, or a refusal. */
export const lies = {
  'no Response': said(200, { Code: 200, Message: 'Ok' }),
  'stat: fail': said(200, { stat: 'fail', code: 98, message: 'invalid session' }),
  'Response: []': said(200, { Response: [], Code: 200, Message: 'Ok' }),
  'Response: null': said(200, { Response: null, Code: 200, Message: 'Ok' }),
  'no Pages': edited(({ Pages: _, ...Response }) => Response),
  'no Total': edited(({ Pages, ...Response }) => ({ ...Response, Pages: { ...Object(Pages), Total: undefined } })),
  'a Locator alone': edited(({ Locator, LocatorType }) => ({ Locator, LocatorType })),
  'an empty list': edited(({ Pages, Locator, LocatorType, Uri }) => {
    return { Uri, Locator, LocatorType, Pages: { ...Object(Pages), Total: 0, Count: 0, NextPage: undefined } }
  }),
  'pages in a circle': edited(({ Pages, ...Response }) => {
    return { ...Response, Pages: { ...Object(Pages), NextPage: Object(Pages).FirstPage } }
  }),
  'a page at http://[': edited(({ Pages, ...Response }) => {
    return { ...Response, Pages: { ...Object(Pages), Total: 9_999, NextPage: 'http://[' } }
  }),
  'a web page': { kind: 'html' },
  'no JSON': { kind: 'badJson' },
  'a broken connection': { kind: 'reset' },
  '400': { kind: 'status', status: 400 },
  '401': { kind: 'status', status: 401 },
  '402': { kind: 'status', status: 402 },
  '403': { kind: 'status', status: 403 },
  '404': { kind: 'status', status: 404 },
  '410': { kind: 'status', status: 410 },
  '500': { kind: 'status', status: 500 },
  '503': { kind: 'status', status: 503 },
  nonce_used: said(401, { Code: 401, Message: 'oauth_problem=nonce_used' }),
  timestamp_refused: said(401, { Code: 401, Message: 'oauth_problem=timestamp_refused' }),
  token_revoked: said(401, { Code: 401, Message: 'oauth_problem=token_revoked' }),
  '429 for three years': { kind: 'tooManyRequests', retryAfterSeconds: 99_999_999 },
} satisfies Record<string, Fault>

export type Lie = keyof typeof lies

function said(status: number, body: unknown): Fault {
  return { kind: 'status', status, body: JSON.stringify(body) }
}

function edited(change: (response: Record<string, unknown>) => Record<string, unknown>): Fault {
  return { kind: 'edited', edit: ({ Response, ...rest }: JsonAnswer) => ({ ...rest, Response: change(Response) }) }
}
