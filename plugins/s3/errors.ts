import { DestinationError } from '../../src/exporter/index.ts'
import type { Target } from './target.ts'

/** The relevant fields of the errors that AWS's client throws. The message may be empty: Ceph sends none. */
interface StoreError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
  readonly Region?: string
  readonly code?: string
}

/** `throttled`: the store asks for a pause. `again`: another attempt may succeed. `final`: it will not. */
export function judged(thrown: unknown): 'throttled' | 'again' | 'final' {
  const error = thrown as StoreError
  const status = statusOf(error)
  if (throttling.has(error.name) || status === 503 || status === 429) return 'throttled'
  if (transient.has(error.name) || transientCodes.has(String(error.code))) return 'again'
  // A malformed or truncated answer, which the client could not read.
  if (status === undefined) return isOfClient(error) ? 'final' : 'again'
  return status >= 500 && status !== 501 && status !== 507 ? 'again' : 'final'
}

function statusOf(error: unknown): number | undefined {
  return (error as StoreError).$metadata?.httpStatusCode
}

/** Whether the store answered that something does not exist. */
export function isAbsent(error: unknown): boolean {
  const { name } = error as StoreError
  return name !== 'NoSuchBucket' && (statusOf(error) === 404 || name === 'NoSuchKey' || name === 'NoSuchUpload')
}

/** For `catch`: undefined if the object does not exist. */
export function unlessAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error
}

/** Whether a condition prevented the write: something is there, or it has changed. */
export function isRefusedByCondition(error: unknown): boolean {
  return statusOf(error) === 412 || (error as StoreError).name === 'PreconditionFailed'
}

/** Whether the store does not support the request. */
export function isUnknownThere(error: unknown): boolean {
  return statusOf(error) === 501 || (error as StoreError).name === 'NotImplemented'
}

/** Whether the store refused without a reason: the answer to a HEAD has no body. */
export function isRefusedWithoutWord(error: unknown): boolean {
  return statusOf(error) === 403 && isWithoutCode(error as StoreError)
}

function isWithoutCode({ name }: StoreError): boolean {
  return name === 'Unknown' || name === 'UnknownError'
}

const throttling = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequests',
  'TooManyRequestsException',
  'RequestThrottled',
  'BandwidthLimitExceeded',
  'ServiceUnavailable',
])

/** The client corrects its clock by the answer `RequestTimeTooSkewed`, and the next attempt succeeds. */
const transient = new Set([
  'InternalError',
  'RequestTimeout',
  'TimeoutError',
  'OperationAborted',
  'ConditionalRequestConflict',
  'BadDigest',
  'XAmzContentSHA256Mismatch',
  'IncompleteBody',
  'RequestTimeTooSkewed',
  'StalledError',
])

const transientCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
])

/** Errors raised by the client itself, before any answer. */
function isOfClient({ name, code, message }: StoreError): boolean {
  if (code === 'ENOTFOUND' || String(code).startsWith('ERR_TLS') || String(code).startsWith('CERT')) return true
  if (isOfTrust(code) || code === 'EPROTO') return true
  return /Credentials|TokenProvider|Token.*Error|ProviderError/.test(name) || /Region is missing/.test(message)
}

function isOfTrust(code: string | undefined): boolean {
  return /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|DEPTH_ZERO|ERR_TLS|CERT_/.test(String(code))
}

/** The purpose of a request, and the AWS permission that it needs. */
export type Right =
  | 's3:ListBucket'
  | 's3:GetObject'
  | 's3:PutObject'
  | 's3:DeleteObject'
  | 's3:AbortMultipartUpload'
  | 's3:ListMultipartUploadParts'
  | 's3:GetBucketVersioning'

/**
 * The error, as a sentence, for a permanent refusal by the store or the network: a `DestinationError` if the next picture would fail too. Of the
 * store's text only the code is shown, because the text may be missing, and may contain signed data.
 */
export function explained(
  thrown: unknown,
  right: Right,
  { name, bucket, endpoint, storageClass, encryption }: Target,
): Error {
  const error = thrown as StoreError
  const status = statusOf(error)
  const at = endpoint ?? 'AWS'
  const ends = (what: string, next: string) => new DestinationError(`${what}: ${name}`, { next, cause: thrown })
  const code = error.code === undefined ? error.name : String(error.code)
  const region = error.$response?.headers?.['x-amz-bucket-region'] ?? error.Region
  if (/Region is missing/.test(error.message))
    return ends('Nobody says in which region the bucket is', 'Say --set s3.region=eu-central-1, or set AWS_REGION')
  if (status === undefined && /Credentials|Token|ProviderError/.test(error.name))
    return ends(
      'There are no credentials for the store',
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, as for the AWS CLI ("aws s3 ls" shows whether it works)',
    )
  switch (error.name) {
    case 'InvalidAccessKeyId':
      return ends('The store does not know this access key', 'Look at AWS_ACCESS_KEY_ID or AWS_PROFILE')
    case 'SignatureDoesNotMatch':
      return ends('The secret key does not belong to the access key', 'Look at AWS_SECRET_ACCESS_KEY or AWS_PROFILE')
    case 'ExpiredToken':
    case 'InvalidToken':
    case 'TokenRefreshRequired':
      return ends('The session has expired', 'Log in again ("aws sso login"), or set a new AWS_SESSION_TOKEN')
    case 'RequestTimeTooSkewed':
      return ends("This computer's clock is wrong by more than 15 minutes", 'Set it, and run again')
    case 'NoSuchBucket':
      return ends('There is no such bucket', `Make ${bucket}, or name another with --set s3.to=s3://BUCKET`)
    case 'PermanentRedirect':
    case 'TemporaryRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return ends(
        `The bucket is in another region${region === undefined ? '' : `, ${region}`}`,
        `Say --set s3.region=${region ?? 'REGION'}`,
      )
    case 'QuotaExceeded':
    case 'XMinioStorageFull':
    case 'StorageCapExceeded':
    case 'EntityTooLargeForQuota':
      return ends('The store has no room left for it', 'Raise the quota or free space, and run again; nothing is lost')
    case 'InvalidStorageClass':
      return ends('The store does not know this storage class', 'Choose another with --set s3.storageClass=…')
    case 'InvalidEncryptionAlgorithmError':
    case 'ServerSideEncryptionConfigurationNotFoundError':
      return ends('The store does not do this encryption', 'Choose another with --set s3.encryption=…')
    case 'InvalidObjectState':
      return new Error('it is archived and must be restored before it can be read', { cause: thrown })
  }
  const asksForMore = storageClass !== undefined || encryption !== undefined
  if (asksForMore && right === 's3:PutObject' && /^Invalid(Argument|Request)$/.test(error.name))
    return ends(
      'The store does not take this storage class or encryption',
      'Say --set s3.storageClass= and s3.encryption= for its own',
    )
  if (status === 507) return ends('The store has no room left', 'Free space, and run again; nothing is lost')
  if (status === 301 || status === 307)
    return ends(
      `The bucket is in another region${region === undefined ? '' : `, ${region}`}`,
      `Say --set s3.region=${region ?? 'REGION'}`,
    )
  if (status === 401 || status === 403) return refused(right, thrown, ends)
  if (code === 'EPROTO')
    return ends(`${at} does not speak https`, 'If it is meant to be unencrypted, say --set s3.endpoint=http://…')
  if (isOfTrust(code))
    return ends(
      `The certificate of ${at} is not trusted (${code})`,
      'If it is one of your own, name it with --ca-file or SSL_CERT_FILE',
    )
  if (code === 'ENOTFOUND')
    return ends(
      `There is no server ${at}`,
      'Look at s3.endpoint; where the bucket has no host name of its own, say --set s3.addressing=path',
    )
  if (status === undefined)
    return ends(`The store at ${at} cannot be reached (${code})`, 'Run again when it can; nothing is lost')
  return new Error(`the store answered ${status} ${isWithoutCode(error) ? '' : error.name}`.trim(), {
    cause: thrown,
  })
}

/** As `explained`, if even the bucket can no longer be listed, so that any other picture would fail too. */
export function lost(thrown: unknown, target: Target): Error {
  const error = explained(thrown, 's3:ListBucket', target)
  if (error instanceof DestinationError) return error
  return new DestinationError(`${target.name} is not to be had: ${error.message} again and again`, {
    next: 'Run again when the store is well; nothing is lost',
    cause: thrown,
  })
}

function refused(right: Right, cause: unknown, ends: (what: string, next: string) => Error): Error {
  const permit = `Permit ${right} on it, and run again`
  // Permissions to move or remove are not needed for the next picture.
  if (right === 's3:DeleteObject' || right === 's3:AbortMultipartUpload')
    return new Error(`the store does not permit it (${right}). ${permit}`, { cause })
  return ends(`The store does not permit it (${right})`, permit)
}
