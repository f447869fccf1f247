import { createHash, randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { describe, test } from 'vitest'
import { builtInExporter } from '../../src/engine/exporters/installed.ts'
import { exporterContract } from '../../src/exporter-suite/exporter-contract.ts'
import type { Keep } from '../../src/exporter-suite/keep.ts'
import { ceph } from '../e2e/stores.ts'
import { s3 } from '../plugins/s3/store.ts'

const prefix = 'smug/'

/** A new bucket for an output, in a real Ceph. */
async function openKeep(): Promise<Keep> {
  const { endpoint = '', accessKeyId = '', secretAccessKey = '' } = JSON.parse(ceph ?? '{}')
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey })
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true })
  const Bucket = `contract-${randomBytes(6).toString('hex')}`
  await client.send(new CreateBucketCommand({ Bucket }))
  const paths = async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }))
    const all = Contents.map(({ Key = '' }) => Key.slice(prefix.length))
    return all.filter((path) => !path.startsWith('.smugdl/')).sort()
  }
  const bytes = async (path: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: prefix + path }))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }
  return {
    options: { to: `s3://${Bucket}/${prefix}`, endpoint },
    async files() {
      const found = new Map<string, string>()
      for (const path of await paths())
        found.set(
          path,
          createHash('sha256')
            .update(await bytes(path))
            .digest('hex'),
        )
      return found
    },
    read: async (path) => (await bytes(path)).toString(),
    plant: async (path, text) =>
      void (await client.send(new PutObjectCommand({ Bucket, Key: prefix + path, Body: Buffer.from(text) }))),
    async empty() {
      for (const path of await paths()) await client.send(new DeleteObjectCommand({ Bucket, Key: prefix + path }))
    },
    fork() {
      throw new Error('a bucket cannot be copied at once')
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
    },
  }
}

describe.skipIf(ceph === undefined)('s3, with a look into a real Ceph', () => {
  // What a kill leaves is looked at in the simulated store, which can be copied at any instant (test/exporter-suite/s3.test.ts).
  const checks = exporterContract(s3, builtInExporter, openKeep).filter(({ name }) => !name.includes('killed'))
  for (const { name, run } of checks) test(name, { timeout: 300_000 }, run)
})
