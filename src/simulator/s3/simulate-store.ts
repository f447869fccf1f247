import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { refuse } from './answers.ts'
import { Bucket } from './bucket.ts'
import { bucketOperations } from './bucket-operations.ts'
import { objectOperations } from './object-operations.ts'
import type { Manners, Operation } from './operation.ts'
import { type Keys, refusalOf } from './signature.ts'

/** One request, as faults and tests see it. */
export interface StoreRequest {
  /** From 1. */
  readonly number: number
  /** As AWS calls it. */
  readonly operation: Operation
  readonly bucket: string
  readonly key: string
}

/**
 * What befalls a request: a code, answered instead; `cut request`: the connection ends before anything is done; `cut answer`: all is done, and the
 * connection ends; `cut body`: the answer ends in the middle; `flipped bit`: of the body that is sent.
 */
export type StoreFault = 'cut request' | 'cut answer' | 'cut body' | 'flipped bit' | { readonly code: string }

export interface SimulatedStore extends AsyncDisposable {
  readonly origin: string
  readonly keys: Keys
  readonly buckets: Map<string, Bucket>
  readonly manners: Manners
  /** All that was asked. */
  readonly requests: StoreRequest[]
  fault(request: StoreRequest): StoreFault | undefined
  close(): Promise<void>
}

/** A small S3 behind real HTTP, path style: it checks signatures, SHA-256 and MD5 as Ceph does, and keeps nothing that differs. */
export async function simulateStore({ port = 0 } = {}): Promise<SimulatedStore> {
  const keys = { accessKey: 'testkey', secretKey: 'testsecret' }
  const buckets = new Map<string, Bucket>()
  const manners: Manners = {
    conditions: 'kept',
    conditionsOnCopies: false,
    opaque: false,
    skewMinutes: 0,
    denied: new Set(),
    pageSize: 1000,
  }
  const requests: StoreRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      if (!response.headersSent) refuse(response, 'InternalError', request.method)
      else response.destroy(error)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Not by URL, for which `..` is a way up, and which has no `//`.
    const [path = '', search = ''] = (request.url ?? '/').split('?')
    const [name = '', ...rest] = decodeURIComponent(path.slice(1)).split('/')
    const key = rest.join('/')
    // By its own clock.
    response.setHeader('date', new Date(Date.now() + manners.skewMinutes * 60_000).toUTCString())
    const query = new URLSearchParams(search.replaceAll('+', '%2B'))
    const operation = operationOf(request, query, key)
    const asked = { number: requests.length + 1, operation, bucket: name, key }
    requests.push(asked)
    const fault = store.fault(asked)
    if (fault === 'cut request') return void request.socket.destroy()
    const body = await buffer(request).catch(() => undefined)
    if (body === undefined) return
    const refusal =
      typeof fault === 'object'
        ? fault.code
        : (refusalOf(request, keys, Date.now() + manners.skewMinutes * 60_000) ??
          (manners.denied.has(operation) ? 'AccessDenied' : undefined))
    if (refusal !== undefined) return refuse(response, refusal, request.method)
    const bucket = buckets.get(name)
    if (operation === 'CreateBucket') {
      if (bucket === undefined) buckets.set(name, new Bucket())
      response.writeHead(200, { 'content-length': 0 }).end()
      return
    }
    if (bucket === undefined) return refuse(response, 'NoSuchBucket', request.method)
    if (fault !== undefined) spoil(response, fault)
    const asking = { request, response, query, bucket, name, key, body, manners, buckets }
    const operate = objectOperations[operation] ?? bucketOperations[operation]
    if (operate === undefined) return refuse(response, 'NotImplemented', request.method)
    operate(asking)
  }

  const store: SimulatedStore = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    buckets,
    manners,
    requests,
    fault: () => undefined,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
    [Symbol.asyncDispose]: () => store.close(),
  }
  return store
}

function operationOf({ method, headers }: IncomingMessage, query: URLSearchParams, key: string): Operation {
  if (key === '') {
    if (query.has('versioning')) return method === 'PUT' ? 'PutBucketVersioning' : 'GetBucketVersioning'
    if (query.has('uploads')) return 'ListMultipartUploads'
    if (method === 'PUT') return 'CreateBucket'
    return method === 'HEAD' ? 'HeadBucket' : 'ListObjectsV2'
  }
  const isPart = query.has('uploadId')
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload'
  if (method === 'DELETE') return isPart ? 'AbortMultipartUpload' : 'DeleteObject'
  if (method === 'HEAD') return 'HeadObject'
  if (method === 'GET') return isPart ? 'ListParts' : 'GetObject'
  const isCopy = headers['x-amz-copy-source'] !== undefined
  return isPart ? (isCopy ? 'UploadPartCopy' : 'UploadPart') : isCopy ? 'CopyObject' : 'PutObject'
}

/** All that an operation does is done; its answer does not come as it is. */
function spoil(response: ServerResponse, fault: StoreFault): void {
  const end = response.end.bind(response) as (chunk?: unknown) => ServerResponse
  response.end = ((chunk?: unknown) => {
    const body = chunk === undefined ? Buffer.alloc(0) : Buffer.from(chunk as Buffer)
    if (fault === 'flipped bit' && body.length > 0) {
      body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1
      return end(body)
    }
    if (fault === 'cut body' && body.length > 1) {
      response.write(body.subarray(0, body.length >> 1), () => response.destroy())
      return response
    }
    response.destroy()
    return response
  }) as typeof response.end
}
