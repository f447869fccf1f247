import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bucket } from './bucket.ts'
import type { Manners } from './simulate-store.ts'

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
