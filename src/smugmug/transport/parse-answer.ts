import * as v from 'valibot'
import { SmugdlError } from '../../error.ts'
import { number, parsed, someText, text } from '../api/fields.ts'
import { type Envelope, type Pages, withoutQuery } from '../api.ts'
import type { Clock } from './clock.ts'
import { addressOf, type HttpRequest, type HttpResponse, type Send } from './http.ts'
import { refusal } from './http-error.ts'

/** Reads API answers: an `Envelope`, or the error that the status, the envelope's code or an unreadable body stand for. */
export function answered(send: Send<string>, clock: Clock): (request: HttpRequest) => Promise<Envelope> {
  return async (request) => {
    const response = await send({ ...request, headers: { ...request.headers, accept: 'application/json' } })
    const json = jsonOf(response.body)
    const envelope = v.safeParse(EnvelopeRecord, json)
    const code =
      response.status >= 400 || !envelope.success ? response.status : (envelope.output.Code ?? response.status)
    if (code >= 400) throw refusal({ ...response, status: code }, messageOf(json), clock.now())
    if (!envelope.success || code >= 300) throw unreadable(response)
    return envelopeOf(envelope.output, addressOf(request.url))
  }
}

/** PHP writes an empty map as `[]` (smugmug-api 0.3). */
const map = v.pipe(
  v.nullish(v.union([v.record(v.string(), v.unknown()), v.pipe(v.array(v.unknown()), v.maxLength(0))]), {}),
  v.transform((value) => new Map<string, unknown>(Object.entries(value))),
)

const EnvelopeRecord = v.object({ Code: number, Response: map, Expansions: map })

const PagesRecord = v.object({ Total: number, NextPage: someText })

function envelopeOf(record: v.InferOutput<typeof EnvelopeRecord>, address: string): Envelope {
  const locator = parsed(text, record.Response.get('Locator'), address)
  const expansions = [...record.Expansions].map(([uri, answer]) => [withoutQuery(uri), answer] as const)
  return {
    address,
    payload: record.Response.get(locator || soleRecord(record.Response)) ?? undefined,
    pages: pagesOf(record.Response.get('Pages'), address),
    expansions: new Map(expansions),
  }
}

/** The name of what a response without `Locator` holds besides its pages: an empty list must not be read out of a full one. */
function soleRecord(response: ReadonlyMap<string, unknown>): string {
  const found = [...response].find(([name, value]) => name !== 'Pages' && typeof value === 'object' && value !== null)
  return found?.[0] ?? ''
}

function pagesOf(record: unknown, address: string): Pages | undefined {
  if (record === undefined || record === null) return undefined
  const { Total, NextPage } = parsed(PagesRecord, record, `${address} (Pages)`)
  return { total: Total, next: NextPage }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function messageOf(json: unknown): string {
  return typeof json === 'object' && json !== null && 'Message' in json ? String(json.Message) : ''
}

function unreadable({ url, status, headers }: HttpResponse<string>): SmugdlError {
  const type = headers.get('content-type')?.split(';')[0] ?? 'no content type'
  return new SmugdlError('item', {
    what: `SmugMug's answer cannot be read (${status}, ${type})`,
    item: addressOf(url),
    next: 'Run again later; nothing is lost',
    retry: 'yes',
  })
}
