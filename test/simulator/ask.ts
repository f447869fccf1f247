import { createHmac } from 'node:crypto'
import OAuth from 'oauth-1.0a'
import type { Simulator } from '../../src/simulator/simulate.ts'

export interface Asked {
  /** Default: the ready token; `null` for none. */
  token?: { key: string; secret: string } | null
  /** Default: the simulator's own. */
  consumer?: { key: string; secret: string }
  headers?: Record<string, string>
  method?: string
  /** Further `oauth_` parameters. */
  oauth?: Record<string, string>
}

/** A signed request. It is signed by a library that the simulator does not know. */
export function ask(simulator: Simulator, path: string, asked: Asked = {}): Promise<Response> {
  const url = path.startsWith('/') ? `${simulator.origin}${path}` : path
  const method = asked.method ?? 'GET'
  const headers = { Accept: 'application/json', Authorization: authorize(simulator, url, asked), ...asked.headers }
  return fetch(url, { method, headers, redirect: 'manual' })
}

/** The `Authorization` header for a request. */
export function authorize({ credentials }: Simulator, url: string, asked: Asked = {}): string {
  const ready = { key: credentials.accessToken, secret: credentials.accessTokenSecret }
  const signer = new OAuth({
    consumer: asked.consumer ?? { key: credentials.apiKey, secret: credentials.apiSecret },
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  })
  const token = asked.token === undefined ? ready : (asked.token ?? undefined)
  return signer.toHeader(signer.authorize({ url, method: asked.method ?? 'GET', data: asked.oauth ?? {} }, token))
    .Authorization
}

/** The JSON of a signed request. */
export async function askJson(simulator: Simulator, path: string, asked: Asked = {}): Promise<unknown> {
  return (await ask(simulator, path, asked)).json()
}

/** What is at a path of names and indices in a JSON document, undefined if nothing is: `at(json, 'Response', 'Album', 0)`. */
export function at(json: unknown, ...path: ReadonlyArray<string | number>): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string | number, unknown> | undefined)?.[name], json)
}

/** The same for what has to be a string. */
export function textAt(json: unknown, ...path: ReadonlyArray<string | number>): string {
  const value = at(json, ...path)
  if (typeof value !== 'string') throw new Error(`${path.join('.')} is not a string but ${JSON.stringify(value)}`)
  return value
}

export function itemsAt(json: unknown, ...path: ReadonlyArray<string | number>): unknown[] {
  const value = at(json, ...path) ?? []
  if (!Array.isArray(value)) throw new Error(`${path.join('.')} is not an array but ${JSON.stringify(value)}`)
  return value
}
