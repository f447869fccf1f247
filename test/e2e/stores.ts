import { randomBytes } from 'node:crypto'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { Bucket } from '../../src/simulator/s3/bucket.ts'
import { simulateStore } from '../../src/simulator/s3/simulate-store.ts'

/** A store with a new bucket in it, and what a program needs to reach it. */
export interface Store extends AsyncDisposable {
  readonly bucket: string
  readonly endpoint: string
  /** Credentials, and nothing of the machine's own. */
  readonly env: Readonly<Record<string, string>>
}

async function simulated(): Promise<Store> {
  const store = await simulateStore()
  const bucket = 'photos'
  store.buckets.set(bucket, new Bucket())
  const { accessKey, secretKey } = store.keys
  return {
    bucket,
    endpoint: store.origin,
    env: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
    [Symbol.asyncDispose]: () => store.close(),
  }
}

/** What `scripts/ceph.sh start` printed, in the environment: CI does so; elsewhere tests of it are skipped. */
export const ceph = process.env.SMUGDL_TEST_CEPH

async function inCeph(): Promise<Store> {
  const { endpoint = '', accessKeyId = '', secretAccessKey = '' } = JSON.parse(ceph ?? '{}')
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  const bucket = `e2e-${randomBytes(6).toString('hex')}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  return { bucket, endpoint, env, async [Symbol.asyncDispose]() {} }
}

/** By name; Ceph is real, and everywhere but in CI usually not there. */
export const stores: Readonly<Record<string, () => Promise<Store>>> = {
  'the simulated store': simulated,
  ...(ceph !== undefined && { Ceph: inCeph }),
}
