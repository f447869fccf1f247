import { createHash } from 'node:crypto'
import { s3Exporter } from '../../../plugins/s3/exporter.ts'
import { builtInExporter } from '../../../src/engine/exporters/installed.ts'
import type { Keep, OpenKeep } from '../../../src/exporter-suite/keep.ts'
import { sample } from '../../../src/exporter-suite/sample.ts'
import { openStage, type Stage } from '../../../src/exporter-suite/stage.ts'
import { Bucket } from '../../../src/simulator/s3/bucket.ts'
import { type SimulatedStore, simulateStore } from '../../../src/simulator/s3/simulate-store.ts'
import type { World } from '../../../src/simulator/world.ts'

/** The exporter, for a store on this computer: less patient, and with parts that a test can afford. */
const quick = {
  patience: { attempts: 4, baseMs: 1, mostMs: 10, throttledMs: 2_000, stallMs: 20_000 },
  putAtOnce: 6 * 1024 * 1024,
  copiedAtOnce: 8 * 1024 * 1024,
}
export const s3 = s3Exporter(quick)

/** Credentials are where AWS has them, and nowhere else. */
export function login({ keys }: Pick<SimulatedStore, 'keys'>): void {
  process.env.AWS_ACCESS_KEY_ID = keys.accessKey
  process.env.AWS_SECRET_ACCESS_KEY = keys.secretKey
}

let buckets = 0

/** A bucket of its own for each output, in one store. */
export function keepsIn(store: SimulatedStore, prefix = 'smug/mug'): OpenKeep {
  return async () => keepOf(store, `bucket-${++buckets}`, prefix, new Bucket())
}

function keepOf(store: SimulatedStore, name: string, prefix: string, bucket: Bucket): Keep & { bucket: Bucket } {
  store.buckets.set(name, bucket)
  const own = [...bucket.objects.keys()]
  const files = () => [...bucket.objects].filter(([key]) => !key.startsWith(`${prefix}/.smugdl/`))
  return {
    bucket,
    options: { to: `s3://${name}/${prefix}`, endpoint: store.origin, partSize: 5 },
    files: async () =>
      new Map(
        files()
          .map(([key, { body }]) => [key.slice(prefix.length + 1), sha256(body)] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    read: async (path) => bucket.objects.get(`${prefix}/${path}`)?.body.toString(),
    async plant(path, text) {
      const body = Buffer.from(text)
      const etag = createHash('md5').update(body).digest('hex')
      bucket.objects.set(`${prefix}/${path}`, { body, etag, headers: {}, modifiedAt: new Date() })
    },
    async empty() {
      for (const [key] of files()) bucket.objects.delete(key)
    },
    // The output was copied at once, and so is this. The copy answers to the same name: its options are in the catalog.
    fork: async () => keepOf(store, `bucket-${++buckets}`, prefix, bucket.copy()),
    fingerprint: async () =>
      [...bucket.objects].map(([key, { etag }]) => `${key} ${etag}`).join('\n') +
      [...bucket.uploads.keys()].join() +
      own.length,
    async [Symbol.asyncDispose]() {
      store.buckets.delete(name)
    },
  }
}

/** A run's surroundings: an account, an output, a bucket. */
export interface Scene extends AsyncDisposable {
  readonly store: SimulatedStore
  readonly stage: Stage
  readonly bucket: Bucket
  /** Keys without the prefix and what is smugdl's own, sorted. */
  keys(): string[]
}

export async function openScene(world: World = sample(), prefix = 'smug/mug'): Promise<Scene> {
  const store = await simulateStore()
  login(store)
  const stage = await openStage(world, builtInExporter, keepsIn(store, prefix))
  const { bucket } = stage.keep as Keep & { bucket: Bucket }
  return {
    store,
    stage,
    bucket,
    keys: () =>
      [...bucket.objects.keys()]
        .map((key) => key.slice(prefix.length + 1))
        .filter((key) => !key.startsWith('.smugdl/'))
        .sort(),
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]()
      await store.close()
    },
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
