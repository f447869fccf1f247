import { createHash } from 'node:crypto'
import { answerXml, refuse, tag, texts } from './answers.ts'
import { etagOfParts, type StoredObject } from './bucket.ts'
import type { Asking, Operate, Operation } from './operation.ts'

const leastPart = 5 * 1024 * 1024

/** What is asked about objects, and the uploads that become some. */
export const objectOperations: Partial<Record<Operation, Operate>> = {
  PutObject(asking) {
    const { request, response, bucket, key, body, manners } = asking
    const refusal = refusalOfBody(asking) ?? refusalOfCondition(asking)
    if (refusal !== undefined) return refuse(response, refusal, request.method)
    const object = { body, etag: etagOf(body, manners.opaque), headers: keptHeaders(asking), modifiedAt: new Date() }
    bucket.put(key, object)
    response.writeHead(200, { etag: `"${object.etag}"`, 'content-length': 0 }).end()
  },

  HeadObject(asking) {
    const { request, response, bucket, key } = asking
    const object = bucket.objects.get(key)
    if (object === undefined) return refuse(response, 'NoSuchKey', request.method)
    response.writeHead(200, { ...headersOf(object), 'content-length': object.body.length }).end()
  },

  GetObject(asking) {
    const { request, response, bucket, key } = asking
    const object = bucket.objects.get(key)
    if (object === undefined) return refuse(response, 'NoSuchKey', request.method)
    const wanted = request.headers['if-match']
    if (wanted !== undefined && bare(wanted) !== object.etag)
      return refuse(response, 'PreconditionFailed', request.method)
    const range = rangeIn(request.headers.range, object.body.length)
    if (range === 'none') return refuse(response, 'InvalidRange', request.method)
    const body = range === undefined ? object.body : object.body.subarray(range.start, range.end + 1)
    const partial = range && { 'content-range': `bytes ${range.start}-${range.end}/${object.body.length}` }
    response.writeHead(range ? 206 : 200, { ...headersOf(object), ...partial, 'content-length': body.length })
    response.end(body)
  },

  DeleteObject(asking) {
    const { request, response, bucket, key, manners } = asking
    const refusal = manners.conditionsOnCopies ? refusalOfCondition(asking) : undefined
    if (refusal !== undefined) return refuse(response, refusal, request.method)
    bucket.remove(key)
    response.writeHead(204).end()
  },

  CopyObject(asking) {
    const { request, response, bucket, key, manners } = asking
    const from = sourceOf(asking)
    if (from === undefined) return refuse(response, 'NoSuchKey', request.method)
    const wanted = request.headers['x-amz-copy-source-if-match']
    const isOther = wanted !== undefined && bare(String(wanted)) !== from.etag
    const refusal = isOther ? 'PreconditionFailed' : refusalOfCondition(asking)
    if (manners.conditionsOnCopies && refusal !== undefined) return refuse(response, refusal, request.method)
    const replaces = request.headers['x-amz-metadata-directive'] === 'REPLACE'
    const headers = replaces ? keptHeaders(asking) : from.headers
    const etag = manners.opaque ? etagOf(from.body, true) : from.etag
    bucket.put(key, { body: from.body, etag, headers, modifiedAt: new Date() })
    answerXml(response, 'CopyObjectResult', tag('ETag', `"${etag}"`) + tag('LastModified', new Date().toISOString()))
  },

  CreateMultipartUpload(asking) {
    const { response, bucket, name, key } = asking
    const id = bucket.begin(key, keptHeaders(asking))
    answerXml(response, 'InitiateMultipartUploadResult', tag('Bucket', name) + tag('Key', key) + tag('UploadId', id))
  },

  UploadPart(asking) {
    const { request, response, body } = asking
    const upload = uploadOf(asking)
    const refusal = upload === undefined ? 'NoSuchUpload' : refusalOfBody(asking)
    if (upload === undefined || refusal !== undefined)
      return refuse(response, refusal ?? 'NoSuchUpload', request.method)
    const part = { body, etag: etagOf(body, false), headers: {}, modifiedAt: new Date() }
    upload.parts.set(partNumber(asking), part)
    response.writeHead(200, { etag: `"${part.etag}"`, 'content-length': 0 }).end()
  },

  UploadPartCopy(asking) {
    const { request, response } = asking
    const upload = uploadOf(asking)
    const from = sourceOf(asking)
    const range = from && rangeIn(String(request.headers['x-amz-copy-source-range'] ?? ''), from.body.length)
    if (upload === undefined || from === undefined || range === 'none')
      return refuse(response, upload === undefined ? 'NoSuchUpload' : 'NoSuchKey', request.method)
    const body = range === undefined ? from.body : from.body.subarray(range.start, range.end + 1)
    const part = { body, etag: etagOf(body, false), headers: {}, modifiedAt: new Date() }
    upload.parts.set(partNumber(asking), part)
    answerXml(response, 'CopyPartResult', tag('ETag', `"${part.etag}"`))
  },

  ListParts(asking) {
    const { request, response } = asking
    const upload = uploadOf(asking)
    if (upload === undefined) return refuse(response, 'NoSuchUpload', request.method)
    const parts = [...upload.parts].sort(([a], [b]) => a - b)
    const listed = parts.map(
      ([number, { etag, body }]) =>
        `<Part>${tag('PartNumber', number)}${tag('ETag', `"${etag}"`)}${tag('Size', body.length)}</Part>`,
    )
    answerXml(response, 'ListPartsResult', tag('IsTruncated', false) + listed.join(''))
  },

  CompleteMultipartUpload(asking) {
    const { request, response, bucket, key, body, query, manners, name } = asking
    const id = query.get('uploadId') ?? ''
    const upload = uploadOf(asking) ?? bucket.completed.get(id)
    if (upload?.key !== key) return refuse(response, 'NoSuchUpload', request.method)
    const numbers = texts(body.toString(), 'PartNumber').map(Number)
    const etags = texts(body.toString(), 'ETag').map(bare)
    const parts = numbers.map((number) => upload.parts.get(number))
    const whole = parts.filter((part) => part !== undefined)
    const isRight = whole.length === parts.length && whole.every((part, index) => part.etag === etags[index])
    const isSmall = whole.slice(0, -1).some((part) => part.body.length < leastPart)
    const refusal = !isRight ? 'InvalidPart' : isSmall ? 'EntityTooSmall' : undefined
    if (refusal !== undefined) return refuse(response, refusal, request.method)
    const bytes = Buffer.concat(whole.map((part) => part.body))
    const etag = manners.opaque ? etagOf(bytes, true) : etagOfParts(whole)
    bucket.put(key, { body: bytes, etag, headers: upload.headers, modifiedAt: new Date() })
    bucket.uploads.delete(id)
    bucket.completed.set(id, upload)
    answerXml(
      response,
      'CompleteMultipartUploadResult',
      tag('Bucket', name) + tag('Key', key) + tag('ETag', `"${etag}"`),
    )
  },

  AbortMultipartUpload(asking) {
    const { request, response, bucket, query } = asking
    if (!bucket.uploads.delete(query.get('uploadId') ?? '')) return refuse(response, 'NoSuchUpload', request.method)
    response.writeHead(204).end()
  },
}

/** Bytes that are not what was signed, or not what their MD5 says, are not kept. */
function refusalOfBody({ request, body, key }: Asking): string | undefined {
  const { 'x-amz-content-sha256': signed = '', 'content-md5': md5 } = request.headers
  if (Buffer.byteLength(key) > 1024) return 'InvalidObjectName'
  if (request.headers['content-length'] === undefined) return 'MissingContentLength'
  if (request.headers['x-amz-server-side-encryption'] !== undefined) return 'InvalidRequest'
  if ((request.headers['x-amz-storage-class'] ?? 'STANDARD') !== 'STANDARD') return 'InvalidArgument'
  const isSigned = signed === 'UNSIGNED-PAYLOAD' || signed === createHash('sha256').update(body).digest('hex')
  if (!isSigned) return 'XAmzContentSHA256Mismatch'
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) return 'BadDigest'
  return undefined
}

function refusalOfCondition({ request, bucket, key, manners }: Asking): string | undefined {
  const { 'if-none-match': none, 'if-match': match } = request.headers
  if ((none === undefined && match === undefined) || manners.conditions === 'ignored') return undefined
  if (manners.conditions === 'unknown') return 'NotImplemented'
  const there = bucket.objects.get(key)
  if (none === '*' && there !== undefined) return 'PreconditionFailed'
  // As Ceph 16, which compares without quotation marks, and unlike AWS.
  const named = match === undefined || manners.conditionsOnCopies ? bare(match ?? '') : match
  return match !== undefined && named !== there?.etag ? 'PreconditionFailed' : undefined
}

function keptHeaders({ request }: Asking): Record<string, string> {
  const kept = Object.entries(request.headers).filter(([name]) =>
    /^(content-type|x-amz-meta-|x-amz-storage-class)/.test(name),
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}

function headersOf({ headers, etag, modifiedAt }: StoredObject): Record<string, string> {
  return { ...headers, etag: `"${etag}"`, 'last-modified': modifiedAt.toUTCString(), 'accept-ranges': 'bytes' }
}

function sourceOf({ request, buckets }: Asking): StoredObject | undefined {
  const [, name = '', key = ''] =
    /^\/?([^/]+)\/(.*)$/s.exec(decodeURIComponent(String(request.headers['x-amz-copy-source']))) ?? []
  return buckets.get(name)?.objects.get(key)
}

function uploadOf({ bucket, query, key }: Asking) {
  const upload = bucket.uploads.get(query.get('uploadId') ?? '')
  return upload?.key === key ? upload : undefined
}

function partNumber({ query }: Asking): number {
  return Number(query.get('partNumber'))
}

/** Opaque ones look like MD5s and are none. */
function etagOf(body: Buffer, opaque: boolean): string {
  const hash = createHash('md5').update(body)
  return (opaque ? hash.update(String(Math.random())) : hash).digest('hex')
}

function rangeIn(header: string | undefined, size: number): { start: number; end: number } | 'none' | undefined {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? []
  if (from === undefined) return undefined
  const start = Number(from)
  const end = to === undefined || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start >= size ? 'none' : { start, end }
}

function bare(etag: string): string {
  return etag.replaceAll('"', '')
}
