import { SmugdlError } from '../error.ts'
import { AlbumRecord, albumTrim } from './api/album.ts'
import { type Field, type Fields, Unfit } from './api/fields.ts'
import { ImageRecord, imageTrim } from './api/image.ts'
import { NodeRecord, nodeTrim } from './api/node.ts'
import { RenderingRecord } from './api/rendering.ts'
import { companionsOf } from './api/source-files.ts'
import { UserRecord } from './api/user.ts'
import type { RawAnswer, RawApi } from './raw-answer.ts'
import { type Kinds, shapeOf } from './shape.ts'

/** The shape of one kind of answer; contains no value of the account. */
export interface Surveyed {
  /** A description of the request. */
  kind: string
  status: number
  ms: number
  headers: readonly string[]
  shape: ReadonlyMap<string, Kinds>
  /** Deviations from what our parser expects, each a sentence. */
  unexpected: string[]
  /** Other observations, each a sentence. */
  found: string[]
}

interface Question {
  kind: string
  address: string
  headers?: Record<string, string>
  status?: number
  /** The fields of its records that smugdl reads. */
  reads?: Fields
  isList?: boolean
  /** Number of items requested. */
  count?: number
}

/** Requests one answer of each kind that smugdl reads, in about twenty requests. Throws errors that make further requests pointless. */
export async function* survey(api: RawApi): AsyncGenerator<Surveyed> {
  const user = yield* asked(api, { kind: 'the account', address: '/api/v2!authuser?_verbosity=1', reads: UserRecord })
  const { UserAlbums, Node } = linksOf(user[0])
  yield* asked(api, { kind: 'the account, at the default', address: '/api/v2!authuser' })
  const albums = UserAlbums === undefined ? [] : yield* lists(api, 'albums', UserAlbums, albumTrim, AlbumRecord)
  if (Node !== undefined) yield* lists(api, 'children of the top folder', `${Node}!children`, nodeTrim, NodeRecord)
  yield* asked(api, { kind: 'an album that is none', address: '/api/v2/album/000000', status: 404 })
  for (const [what, images] of [
    ['images of a small album', smallest(albums)],
    ['images of a large album', albums.toSorted(byCount).at(-1)],
  ] as const) {
    const list = images && linksOf(images).AlbumImages
    if (list === undefined) continue
    const found = yield* lists(api, what, list, imageTrim, ImageRecord, what.includes('small') ? 10_000 : 100)
    for (const isVideo of [false, true]) {
      const image = found.find((record) => record.IsVideo === isVideo)
      if (image !== undefined) yield* oneImage(api, isVideo ? 'a video' : 'a photo', image)
    }
    const withMore = found.find(hasMore)
    if (withMore !== undefined) yield* companions(api, what, withMore)
  }
}

function hasMore({ ComponentFileTypes, FileName, Format }: Json): boolean {
  const [fileName, format] = [String(FileName ?? ''), String(Format ?? '')]
  return companionsOf({ componentFileTypes: ComponentFileTypes, fileName, format }) !== 'no'
}

/** For the first image that SmugMug says it keeps further files of; no such answer has been published. */
async function* companions(api: RawApi, what: string, image: Json): AsyncGenerator<Surveyed> {
  const address =
    linksOf(image).Components ?? `/api/v2/library/asset/${encodeURIComponent(String(image.ImageKey))}!components`
  yield* asked(api, { kind: `${what}: files that are kept with one of them`, address })
}

async function* oneImage(api: RawApi, what: string, image: Json): AsyncGenerator<Surveyed> {
  const uri = `/api/v2/image/${encodeURIComponent(String(image.ImageKey))}`
  const current = `${uri}-${/-(\d+)$/.exec(String(image.Uri))?.[1] ?? 0}`
  yield* asked(api, { kind: `${what}, by itself`, address: current, reads: ImageRecord })
  yield* asked(api, { kind: `${what}, without its serial`, address: uri, status: 301 })
  for (const action of ['metadata', 'sizedetails', 'download', 'largestimage', 'largestvideo']) {
    const isRendering = action.startsWith('largest')
    if (action === 'largestvideo' && image.IsVideo !== true) continue
    const address = `${current}!${action}?_verbosity=1`
    yield* asked(api, { kind: `${what}: !${action}`, address, ...(isRendering && { reads: RenderingRecord }) })
  }
  if (typeof image.ArchivedUri === 'string') yield* archived(api, what, image, image.ArchivedUri)
}

/** Requests one byte of the file, to see the photo host's headers. */
async function* archived(api: RawApi, what: string, image: Json, address: string): AsyncGenerator<Surveyed> {
  const question = { kind: `${what}: its archived file, one byte of it`, address, status: 206 }
  const answer = await answerTo(api, { ...question, headers: { range: 'bytes=0-0' } })
  if (answer instanceof SmugdlError) return yield failed(question, answer)
  const total = /\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1]
  const found = [
    `The size is ${total === String(image.ArchivedSize) ? 'as' : 'not as'} ArchivedSize says`,
    `ETag is ${answer.header('etag') === `"${image.ArchivedMD5}"` ? 'ArchivedMD5' : 'not ArchivedMD5'}`,
  ]
  yield { ...surveyed(question, answer, []), shape: new Map(), found }
}

/** A list as smugdl asks for it, its clamp, and a page beyond its end. Returns the records of the first. */
async function* lists(
  api: RawApi,
  what: string,
  address: string,
  trim: Record<string, string>,
  reads: Fields,
  count = 10_000,
): AsyncGenerator<Surveyed, Json[]> {
  const query = (more: Record<string, string>) => `${address}?${new URLSearchParams({ _verbosity: '1', ...more })}`
  const list = { isList: true, reads }
  const trimmed = query({ ...trim, count: String(count) })
  const records = yield* asked(api, { ...list, kind: `${what}, as smugdl asks`, address: trimmed, count })
  yield* asked(api, { ...list, kind: `${what}, three of them whole`, address: query({ count: '3' }) })
  yield* asked(api, { kind: `${what}, beyond the end`, address: query({ start: '999999' }), isList: true })
  return records
}

async function* asked(api: RawApi, question: Question): AsyncGenerator<Surveyed, Json[]> {
  const answer = await answerTo(api, question)
  if (answer instanceof SmugdlError) {
    yield failed(question, answer)
    return []
  }
  const records = recordsOf(answer.json)
  yield surveyed(question, answer, records)
  return records
}

/** The answer, or why this one address gave none. */
async function answerTo(api: RawApi, { address, headers }: Question): Promise<RawAnswer | SmugdlError> {
  try {
    return await api.ask(address, headers)
  } catch (error) {
    if (error instanceof SmugdlError && error.kind === 'item') return error
    throw error
  }
}

function failed({ kind }: Question, { what }: SmugdlError): Surveyed {
  return { kind, status: 0, ms: 0, headers: [], shape: new Map(), unexpected: [`${kind}: ${what}`], found: [] }
}

function surveyed(question: Question, { status, ms, headers, json }: RawAnswer, records: readonly Json[]): Surveyed {
  const { kind, status: wanted = 200, isList = false, count, reads } = question
  const unexpected: string[] = []
  if (status !== wanted) unexpected.push(`${kind}: status ${status} instead of ${wanted}`)
  const { Total, RequestedCount } = pagesIn(json)
  if (status === 200 && json === undefined) unexpected.push(`${kind}: no JSON`)
  if (status === 200 && isList && typeof Total !== 'number') unexpected.push(`${kind}: a list without its Total`)
  if (status === 200 && reads !== undefined) unexpected.push(...misfits(kind, reads, records))
  const found = count === undefined || typeof RequestedCount !== 'number' ? [] : [clamp(count, RequestedCount)]
  return { kind, status, ms, headers, shape: shapeOf(json), unexpected, found }
}

function clamp(asked: number, given: number): string {
  return `${asked} were asked for, pages of ${given} are given`
}

/** Fields that smugdl reads but that had an unreadable value, or were in no record. */
function* misfits(kind: string, fields: Fields, records: readonly Json[]): Generator<string> {
  for (const [name, field] of Object.entries(fields)) {
    const came = records.filter((record) => record[name] !== undefined)
    const odd = came.filter((record) => !isEmpty(record[name]) && isEmpty(read(field, record[name])))
    if (odd.length > 0) yield `${kind}: ${name} is not as expected in ${odd.length} of ${records.length}`
    if (came.length === 0 && records.length > 0) yield `${kind}: no ${name} came`
  }
}

function read(field: Field, value: unknown): unknown {
  try {
    return field(value)
  } catch (error) {
    if (error instanceof Unfit) return undefined
    throw error
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

type Json = Readonly<Record<string, unknown>>

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function pagesIn(json: unknown): Json {
  return objectOf(objectOf(objectOf(json).Response).Pages)
}

function recordsOf(json: unknown): Json[] {
  const response = objectOf(objectOf(json).Response)
  return [response[String(response.Locator)] ?? []].flat().map(objectOf)
}

function linksOf(record: Json | undefined): Record<string, string | undefined> {
  const links = Object.entries(objectOf(record?.Uris)).map(([name, link]) => [
    name,
    typeof link === 'string' ? link : objectOf(link).Uri,
  ])
  return Object.fromEntries(links.filter(([, uri]) => typeof uri === 'string' && uri.startsWith('/')))
}

function byCount(a: Json, b: Json): number {
  return Number(a.ImageCount ?? 0) - Number(b.ImageCount ?? 0)
}

/** The smallest album with any image: a request for far more images than it has shows the limit of a page at little cost. */
function smallest(albums: readonly Json[]): Json | undefined {
  return albums.filter(({ ImageCount }) => Number(ImageCount) > 0).toSorted(byCount)[0]
}
