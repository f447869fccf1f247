import type { ServerResponse } from 'node:http'

/** Statuses of errors by code, as Ceph and AWS have them. */
const statuses: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyExists: 409,
  EntityTooSmall: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidObjectName: 400,
  InvalidPart: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  QuotaExceeded: 403,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
}

/** As Ceph, without a message. */
export function refuse(response: ServerResponse, code: string, method: string | undefined): void {
  const body = method === 'HEAD' ? '' : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`
  response.writeHead(statuses[code] ?? 400, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

export function answerXml(response: ServerResponse, root: string, content: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`
  response.writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

export function tag(name: string, value: string | number | boolean): string {
  return `<${name}>${String(value).replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one] ?? one)}</${name}>`
}

/** The texts of an element, unescaped. */
export function texts(xml: string, name: string): string[] {
  const parts = xml.split(`<${name}>`).slice(1)
  return parts.map((part) =>
    (part.split(`</${name}>`, 1)[0] ?? '').replace(
      /&(quot|amp|lt|gt|apos|#34|#x22);/g,
      (_, entity: string) => entities[entity] ?? '"',
    ),
  )
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', apos: "'" }

/** As `encoding-type=url` has keys. */
export function urlEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/')
}
