import type { ExporterContext } from '../../src/exporter/index.ts'
import { atMost } from './at-once.ts'
import { keepsConditions } from './conditions.ts'
import { explained } from './errors.ts'
import { type Folders, folders as foldersOf } from './folders.ts'
import { type Moving, moving as movingOf } from './moving.ts'
import { type Multipart, multipart as multipartOf } from './multipart.ts'
import { type Objects, objects as objectsOf } from './objects.ts'
import { type Attempt, type Patience, requests as requestsOf } from './requests.ts'
import type { Target } from './target.ts'
import { unfinished } from './uploads.ts'
import { type Write, writing } from './writing.ts'

/** A reachable bucket and the operations in it. */
export interface Bucket {
  readonly target: Target
  readonly objects: Objects
  readonly folders: Folders
  readonly moving: Moving
  readonly write: Write
  multipart(): Promise<Multipart>
  uploaded(bytes: number): void
}

export interface Limits {
  readonly patience: Patience
  /** Maximum bytes in one request. */
  readonly putAtOnce: number
  readonly copiedAtOnce: number
}

/** Loads AWS's client, finds credentials, and asks the bucket for one key. Throws `DestinationError`. */
export async function openBucket(target: Target, context: ExporterContext, limits: Limits): Promise<Bucket> {
  const { log, signal, state, concurrency } = context
  const [sdk, { openClient }] = await Promise.all([import('./sdk.ts'), import('./client.ts')])
  const client = await openClient(sdk, target, context).catch((error) => {
    throw explained(error, 's3:ListBucket', target)
  })
  const { bucket, prefix } = target
  const isThere = ({ signal }: Attempt) =>
    client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }), { abortSignal: signal })
  const requests = requestsOf({ target, patience: limits.patience, signal, log, isThere })
  await requests.send('s3:ListBucket', isThere)
  const store = { sdk, client, requests, target }
  const objects = objectsOf(store)
  const folders = foldersOf(objects)
  const atOnce = atMost(concurrency)
  const uploaded = (bytes: number) => context.uploaded(bytes)
  let parts: Promise<Multipart> | undefined
  const multipart = () => {
    parts ??= unfinished(state).then((unfinished) =>
      multipartOf({ store, objects, unfinished, atOnce, onBytes: uploaded }),
    )
    return parts
  }
  let conditions: Promise<boolean> | undefined
  /** Whether it supports writing only if nothing is there. */
  const conditional = () => {
    conditions ??= keepsConditions(objects, context)
    return conditions
  }
  const moving = movingOf({ objects, folders, multipart, conditional, copiedAtOnce: limits.copiedAtOnce })
  const write = writing({ objects, folders, atOnce, conditional })
  return { target, objects, folders, moving, write, multipart, uploaded }
}
