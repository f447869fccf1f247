import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import type { SimulatedStore } from '../../../src/simulator/s3/simulate-store.ts'
import { World } from '../../../src/simulator/world.ts'
import { openScene, type Scene, s3 } from './store.ts'

/** What ends a run, and that it ends once: no picture is counted as failed. */
async function ending(scene: Scene, options: Record<string, string | number> = {}) {
  const { stage } = scene
  const { error, summary, events } = await stage.run([s3], {
    exporterOptions: { s3: { ...stage.planOf([s3]).exporterOptions.s3, ...options } },
  })
  expect(summary).toBeUndefined()
  expect(events.filter(({ type }) => type === 'image.failed')).toEqual([])
  return error as { kind: string; what: string; next?: string; message: string }
}

const always = (code: string, operation?: string) => (store: SimulatedStore) => {
  store.fault = (request) => (operation === undefined || request.operation === operation ? { code } : undefined)
}

test.each<[string, (store: SimulatedStore) => void, string, string]>([
  [
    'a key that is not known',
    (store) => Object.assign(process.env, { AWS_ACCESS_KEY_ID: `not-${store.keys.accessKey}` }),
    'does not know this access key',
    'AWS_ACCESS_KEY_ID',
  ],
  [
    'a wrong secret',
    () => Object.assign(process.env, { AWS_SECRET_ACCESS_KEY: 'wrong' }),
    'does not belong to the access key',
    'AWS_SECRET_ACCESS_KEY',
  ],
  ['a session that has expired', always('ExpiredToken'), 'session has expired', 'Log in again'],
  ['another region', always('PermanentRedirect'), 'in another region', 's3.region'],
  [
    'no permission to list',
    (store) => void store.manners.denied.add('ListObjectsV2'),
    's3:ListBucket',
    'Permit s3:ListBucket',
  ],
  [
    'no permission to write',
    (store) => void store.manners.denied.add('PutObject'),
    's3:PutObject',
    'Permit s3:PutObject',
  ],
  ['a full quota', always('QuotaExceeded', 'PutObject'), 'no room left', 'Raise the quota'],
  ['a bucket that is gone in the middle', always('NoSuchBucket', 'PutObject'), 'no such bucket', 's3.to'],
  ['a store that fails for ever', always('InternalError'), 'the store answered 500', ''],
])('%s ends the run once, in words', async (_, spoil, what, next) => {
  await using scene = await openScene()
  spoil(scene.store)
  const { kind, message } = await ending(scene)
  expect(message).toContain(what)
  expect(message).toContain(next)
  if (!what.includes('500')) expect(kind).toBe('destination')
  expect(message).not.toMatch(/testsecret|Signature=|X-Amz/)
})

test('a clock that is wrong by 20 minutes is corrected by what the store says', async () => {
  await using scene = await openScene()
  scene.store.manners.skewMinutes = 20
  const { summary } = await scene.stage.run([s3])
  expect(summary?.exporters.s3).toMatchObject({ new: 5, failed: 0 })
})

test.each([
  ['no bucket', { to: '' }, 's3: Say where to: --set s3.to=s3://BUCKET'],
  ['no address of one', { to: 'my-bucket' }, 'is s3://BUCKET or s3://BUCKET/PREFIX, not my-bucket'],
  ['a name that is none', { to: 's3://-a', endpoint: '' }, 'no name of a bucket'],
  ['upper case at AWS', { to: 's3://Photos', endpoint: '' }, 'no name of a bucket'],
  ['a way up', { to: 's3://photos/a/../b' }, 'is no prefix'],
  ['an empty name', { to: 's3://photos/a//b' }, 'is no prefix'],
  ["smugdl's own name", { to: 's3://photos/.smugdl' }, 'for itself'],
  ['a prefix that is too long', { to: `s3://photos/${'x'.repeat(401)}` }, '400 bytes'],
  ['an endpoint with a path', { endpoint: 'https://s3.example.com/x' }, 'without a path'],
  ['an endpoint with a password', { endpoint: 'https://a:b@s3.example.com' }, 'or a password'],
  ['an archive class', { storageClass: 'DEEP_ARCHIVE' }, 'must be restored before it can be read'],
  ['an encryption that is none', { encryption: 'ROT13' }, 'AES256, aws:kms or aws:kms:KEY'],
  ['parts that are too small', { partSize: 1 }, 'from 5 to 5120'],
])('%s is a usage error before the first request', async (_, options, sentence) => {
  await using scene = await openScene()
  const { kind, message } = await ending(scene, options)
  expect(kind).toBe('usage')
  expect(message).toContain(sentence)
  expect(scene.store.requests).toEqual([])
})

test('a store that is not there ends the run, and one that speaks no https says so', async () => {
  await using scene = await openScene()
  const { origin } = scene.store
  const closed = createServer()
  closed.listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as { port: number }
  closed.close()
  await once(closed, 'close')
  const gone = await ending(scene, { endpoint: `http://127.0.0.1:${port}` })
  expect(gone).toMatchObject({ kind: 'destination', next: 'Run again when it can; nothing is lost' })
  expect(gone.message).toContain('cannot be reached (ECONNREFUSED)')
  const plain = await ending(scene, { endpoint: origin.replace('http:', 'https:') })
  expect(plain.message).toContain('does not speak https')
})

test('without credentials the run ends, and says where they belong', async () => {
  await using scene = await openScene()
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  delete process.env.AWS_ACCESS_KEY_ID
  delete process.env.AWS_SECRET_ACCESS_KEY
  process.env.AWS_EC2_METADATA_DISABLED = 'true'
  process.env.AWS_SHARED_CREDENTIALS_FILE = process.env.AWS_CONFIG_FILE = '/nonexistent'
  try {
    expect(await ending(scene)).toMatchObject({
      kind: 'destination',
      next: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    })
  } finally {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY })
    for (const name of ['AWS_EC2_METADATA_DISABLED', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'])
      delete process.env[name]
  }
})

test('no permission to remove costs the move of each picture, and no picture', async () => {
  await using scene = await openScene()
  await scene.stage.run([s3])
  scene.store.manners.denied.add('DeleteObject')
  const { world } = scene.stage.smugmug
  for (const image of world.images.values()) world.editImage(image, { fileName: `new-${image.fileName}` })
  const { summary, error } = await scene.stage.run([s3], { full: true })
  expect(error).toBeUndefined()
  expect(summary?.failed[0]?.reason).toContain('s3:DeleteObject')
  scene.store.manners.denied.clear()
  const next = await scene.stage.run([s3], { full: true })
  expect(next).toMatchObject({ downloads: 0, summary: { failedInAll: 0 } })
  expect(scene.keys().filter((key) => !key.endsWith('.xmp'))).toHaveLength(5)
})

test('nobody is asked for a region where the store does not care', async () => {
  await using scene = await openScene()
  const asked: string[] = []
  const metadata = createHttpServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(404).end()
  })
  metadata.listen(0, '127.0.0.1')
  await once(metadata, 'listening')
  const { port } = metadata.address() as { port: number }
  process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = `http://127.0.0.1:${port}`
  try {
    expect((await scene.stage.run([s3])).summary?.failedInAll).toBe(0)
  } finally {
    delete process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT
    metadata.close()
  }
  expect(asked).toEqual([])
})

test.each(['InternalError', 'SlowDown'])(
  'a store that answers nothing but %s in the middle of a run ends it once',
  async (code) => {
    await using scene = await openScene()
    scene.store.fault = ({ number }) => (number > 5 ? { code } : undefined)
    const { kind, message, next } = await ending(scene)
    expect([kind, next]).toEqual(['destination', 'Run again when the store is well; nothing is lost'])
    expect(message).toContain(`is not to be had: the store answered ${code === 'SlowDown' ? 503 : 500}`)
  },
)

test.each(['brings an account', 'moves it'])(
  'a key that is withdrawn at any request of a run that %s ends it once, in words; the next one goes on',
  async (what) => {
    for (let from = 1; ; from++) {
      const world = new World()
      const album = world.addAlbum({ name: 'Rome' })
      world.addImage(album, { fileName: 'a.jpg', title: 'At the fountain' })
      await using scene = await openScene(world)
      const { stage, store } = scene
      if (what === 'moves it') {
        await stage.run([s3])
        world.rename(album, 'Roma')
      }
      let asked = 0
      store.fault = () => (++asked >= from ? { code: 'InvalidAccessKeyId' } : undefined)
      const { error, events, summary } = await stage.run([s3], { full: true })
      if (asked < from) return expect(summary?.failedInAll).toBe(0)
      expect([from, String(error)]).toEqual([from, expect.stringContaining('does not know this access key')])
      expect(events.filter(({ type }) => type === 'image.failed')).toEqual([])
      store.fault = () => undefined
      const next = await stage.run([s3], { full: true })
      expect([from, next.summary?.failedInAll]).toEqual([from, 0])
      expect(stage.smugmug.counts.media).toBe(1)
      expect(scene.keys()).toHaveLength(2)
    }
  },
)
