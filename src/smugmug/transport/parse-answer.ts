import { SmugdlError } from '../../error.ts'
import { count, type Fields, number, type Read, readRecord, someText, Unfit } from '../api/fields.ts'
import { type Envelope, type Expected, isWhatWasAsked, type Pages, withoutQuery } from '../api.ts'
import type { Clock } from './clock.ts'
import { addressOf, type HttpRequest, type HttpResponse, type Send } from './http.ts'
import { refusal } from './http-error.ts'
import { jsonOf } from './json.ts'
import type { Timed } from './rate-limit.ts'

export interface ApiRequest extends HttpRequest {
  expected: Expected
}

/** Reads API answers: an `Envelope`, or the error that the status, the envelope's code or an unreadable body stand for. */
export function withParsedAnswer(send: Send<string, Timed>, clock: Clock): (request: ApiRequest) => Promise<Envelope> {
  return async ({ expected, ...request }) => {
    const response = await send({ ...request, headers: { ...request.headers, accept: 'application/json' } })
    const json = jsonOf(response)
    const envelope = readAs(EnvelopeRecord, json)
    const code = response.status >= 400 ? response.status : (envelope?.Code ?? response.status)
    if (code >= 400) throw refusal({ ...response, status: code }, messageOf(json), clock.now())
    if (envelope === undefined || code >= 300) throw unreadable(response)
    const { tookMs, body } = response
    const read = { ...envelopeOf(envelope), address: addressOf(request.url), length: body.length, tookMs }
    if (!isWhatWasAsked(read, expected)) throw empty(response, expected)
    return read
  }
}

/** Throws `Unfit` for anything else than a map. PHP writes an empty one as `[]` (smugmug-api 0.3). */
function map(value: unknown): ReadonlyMap<string, unknown> {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) throw new Unfit('a map')
  return new Map(Object.entries(value))
}

const EnvelopeRecord = { Code: number, Response: map, Expansions: map } satisfies Fields

const PagesRecord = { Total: count, NextPage: someText, Start: number, Count: number } satisfies Fields

/** Undefined if it is something else. */
function readAs<Of extends Fields>(fields: Of, json: unknown): Read<Of> | undefined {
  try {
    return readRecord(fields, json, '')
  } catch (error) {
    if (error instanceof SmugdlError) return undefined
    throw error
  }
}

function envelopeOf(record: Read<typeof EnvelopeRecord>): Omit<Envelope, 'address' | 'length' | 'tookMs'> {
  const locator = record.Response.get('Locator')
  const expansions = [...record.Expansions].map(([uri, answer]) => [withoutQuery(uri), answer] as const)
  return {
    payload:
      record.Response.get(typeof locator === 'string' && locator !== '' ? locator : soleRecord(record.Response)) ??
      undefined,
    pages: pagesOf(record.Response.get('Pages')),
    response: record.Response,
    expansions: new Map(expansions),
  }
}

/** The name of the payload in a response without `Locator`, so that a full list is not taken for an empty one. */
function soleRecord(response: ReadonlyMap<string, unknown>): string {
  const found = [...response].find(([name, value]) => name !== 'Pages' && typeof value === 'object' && value !== null)
  return found?.[0] ?? ''
}

function pagesOf(record: unknown): Pages | undefined {
  const read = readAs(PagesRecord, record)
  return read && { total: read.Total, next: read.NextPage, start: read.Start, count: read.Count }
}

function messageOf(json: unknown): string {
  return typeof json === 'object' && json !== null && 'Message' in json && typeof json.Message === 'string'
    ? json.Message.slice(0, 1000)
    : ''
}

function empty({ url }: HttpResponse<string>, expected: Expected): SmugdlError {
  return new SmugdlError('item', {
    what: expected === 'list' ? "SmugMug's answer holds no list" : "SmugMug's answer holds nothing",
    item: addressOf(url),
    next: AGAIN,
    retry: 'yes',
  })
}

function unreadable({ url, status, headers }: HttpResponse<string>): SmugdlError {
  const type = headers.get('content-type')?.split(';')[0] ?? 'no content type'
  return new SmugdlError('item', {
    what: `SmugMug's answer cannot be read (${status}, ${type})`,
    item: addressOf(url),
    next: AGAIN,
    retry: 'yes',
  })
}

const AGAIN = 'Run again later; nothing is lost'
