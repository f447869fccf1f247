import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Keys {
  readonly accessKey: string
  readonly secretKey: string
}

const skewMs = 15 * 60 * 1000

/** The code of what is wrong with a request's AWS Signature Version 4; undefined where nothing is. */
export function refusalOf(request: IncomingMessage, { accessKey, secretKey }: Keys, nowMs: number): string | undefined {
  const { authorization = '', 'x-amz-date': date = '', 'x-amz-content-sha256': payload = '' } = request.headers
  const [, key, scope = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? []
  if (key === undefined) return 'AccessDenied'
  if (key !== accessKey) return 'InvalidAccessKeyId'
  const at = Date.parse(String(date).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(at - nowMs) <= skewMs)) return 'RequestTimeTooSkewed'
  const [day = '', region = '', service = ''] = scope.split('/')
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const names = signed.split(';')
  const canonical = [
    request.method,
    path,
    query
      .split('&')
      .filter(Boolean)
      .map((one) => (one.includes('=') ? one : `${one}=`))
      .sort()
      .join('&'),
    ...names.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    signed,
    payload,
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(latin1(canonical)).digest('hex')].join(
    '\n',
  )
  let signing: string | Buffer = `AWS4${secretKey}`
  for (const part of [day, region, service, 'aws4_request'])
    signing = createHmac('sha256', signing).update(part).digest()
  const expected = createHmac('sha256', signing).update(text).digest()
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch'
}

/** Node reads headers as Latin-1; what was signed are their bytes. */
function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
