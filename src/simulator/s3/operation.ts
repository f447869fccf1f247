import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bucket } from './bucket.ts'

/** As AWS calls it. */
export type Operation =
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CopyObject'
  | 'CreateBucket'
  | 'CreateMultipartUpload'
  | 'DeleteObject'
  | 'GetBucketVersioning'
  | 'GetObject'
  | 'HeadBucket'
  | 'HeadObject'
  | 'ListMultipartUploads'
  | 'ListObjectsV2'
  | 'ListParts'
  | 'PutBucketVersioning'
  | 'PutObject'
  | 'UploadPart'
  | 'UploadPartCopy'

/** How this store differs from others. */
export interface Manners {
  /** `If-None-Match` and `If-Match`: kept (AWS, Ceph), refused as unknown (B2, Swift), or not seen. */
  conditions: 'kept' | 'unknown' | 'ignored'
  /** Conditions on copies and removals, too: AWS. Ceph 16 does not see them. */
  conditionsOnCopies: boolean
  /** ETags say nothing of the bytes (SSE-KMS). */
  opaque: boolean
  /** Minutes that its clock is ahead. */
  skewMinutes: number
  /** What the key may not do. */
  denied: Set<Operation>
  /** Keys in one page of a listing. */
  pageSize: number
}

/** A request that is allowed, with all that its operation needs. */
export interface Asking {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  readonly bucket: Bucket
  readonly name: string
  readonly key: string
  readonly body: Buffer
  readonly manners: Manners
  readonly buckets: ReadonlyMap<string, Bucket>
}

export type Operate = (asking: Asking) => void
