import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { sample } from '../../src/exporter-suite/sample.ts'
import { Bucket } from '../../src/simulator/s3/bucket.ts'
import { simulateStore } from '../../src/simulator/s3/simulate-store.ts'
import { start } from './program.ts'
import { type Scenario, scenario, until } from './scenario.ts'
import { ceph, type Store, stores } from './stores.ts'

const hasRclone = spawnSync('rclone', ['version']).status === 0
if (ceph === undefined) console.log('Ceph is not running (scripts/ceph.sh): s3 is tried on the simulated store alone.')

/** A reader that shares no code with us. Paths are `t:BUCKET/…`, or files. */
async function rclone(store: Store, ...args: string[]): Promise<{ status: number | null; stderr: string }> {
  const running = spawn('rclone', ['--retries', '1', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      ...store.env,
      RCLONE_CONFIG: '/dev/null',
      RCLONE_CONFIG_T_TYPE: 's3',
      RCLONE_CONFIG_T_PROVIDER: 'Ceph',
      RCLONE_CONFIG_T_ENV_AUTH: 'true',
      RCLONE_CONFIG_T_ENDPOINT: store.endpoint,
    },
  })
  const [stderr, [status]] = await Promise.all([text(running.stderr), once(running, 'close')])
  return { status, stderr }
}

const prefix = 'smug/mug'

async function keysIn({ bucket, endpoint, env }: Store): Promise<string[]> {
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' }
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
  return Contents.map(({ Key = '' }) => Key).sort()
}

function smugdl(scene: Scenario, store: Store, command: string, ...args: string[]) {
  return scene.smugdl([command, '-o', scene.output, ...args], store.env)
}

function download(scene: Scenario, store: Store, ...args: string[]) {
  const to = ['--set', `s3.to=s3://${store.bucket}/${prefix}`, '--set', `s3.endpoint=${store.endpoint}`]
  return smugdl(scene, store, 'download', ...to, ...args)
}

it('what is damaged there is mended by verify --repair, and a file here of the same path is not touched', async () => {
  await using simulated = await simulateStore()
  const bucket = new Bucket()
  simulated.buckets.set('photos', bucket)
  const { accessKey, secretKey } = simulated.keys
  const env = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }
  const store = { bucket: 'photos', endpoint: simulated.origin, env, async [Symbol.asyncDispose]() {} }
  await using scene = await scenario(sample())
  expect((await download(scene, store, '-e', 'folder,s3')).code).toBe(0)
  const before = await scene.home()
  const object = bucket.objects.get(`${prefix}/Travel/Rome/Forum.mp4`)
  if (object === undefined) throw new Error('no such object')
  const right = Buffer.from(object.body)
  object.body = Buffer.from(right)
  object.body[1000] = (object.body[1000] ?? 0) ^ 1
  const quick = await smugdl(scene, store, 'verify', '--quick')
  expect(quick.code).toBe(0)
  const found = await smugdl(scene, store, 'verify')
  expect([found.code, found.stdout]).toEqual([1, expect.stringContaining('Forum.mp4')])
  const mended = await smugdl(scene, store, 'verify', '--repair')
  expect([mended.code, mended.stderr]).toEqual([0, expect.any(String)])
  expect(bucket.objects.get(`${prefix}/Travel/Rome/Forum.mp4`)?.body.equals(right)).toBe(true)
  expect(await scene.home()).toEqual(before)
})

describe.each(Object.entries(stores))('s3, into %s', (_, open) => {
  it('brings an account there, verifies it, and finds nothing new', async () => {
    await using store = await open()
    await using scene = await scenario(sample())
    const first = await download(scene, store, '-e', 's3')
    expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining(store.env.AWS_SECRET_ACCESS_KEY ?? '')])
    expect(first.stdout).toContain('5 new')
    expect(first.stdout).toContain(`are home: s3://${store.bucket}/${prefix} (`)
    const found = await smugdl(scene, store, 'find', 'Forum')
    expect(found.stdout).toContain(`home     s3://${store.bucket}/${prefix}/Travel/Rome/Forum.mp4 (s3, `)
    // Its options are kept with the output.
    const again = await smugdl(scene, store, 'download', '--full')
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('5 unchanged')])
    expect(scene.smugmug.counts.media).toBe(5)
    const verified = await smugdl(scene, store, 'verify')
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/\([\d.]+ [kM]B read in/)])
    expect((await smugdl(scene, store, 'verify', '--quick')).code).toBe(0)
    const check = await smugdl(scene, store, 'check', '--read')
    expect([check.code, check.stderr]).toEqual([0, expect.stringContaining('may charge')])
    expect(check.stdout).toMatch(/at home \(\d.* kB; of them 5 not in this folder/)
    expect(check.stdout).not.toContain('charge')
    await rm(join(scene.output, '.smugdl'), { recursive: true })
    const lost = await download(scene, store, '-e', 's3')
    expect([lost.code, scene.smugmug.counts.media]).toEqual([0, 5])
  })

  it('is read back by rclone, byte for byte, and a bit that rclone flips is found by verify', async ({ skip }) => {
    if (!hasRclone) skip('rclone is not installed')
    await using store = await open()
    await using scene = await scenario(sample())
    const { code } = await download(scene, store, '-e', 'folder,s3')
    expect(code).toBe(0)
    expect(await scene.difference()).toMatchObject({ missing: [] })
    const there = `t:${store.bucket}/${prefix}`
    const ours = ['--exclude', '/.smugdl/**', '--exclude', 'album.json', '--exclude', 'folder.json']
    const same = await rclone(store, 'check', '--download', ...ours, scene.output, there)
    expect([same.status, same.stderr]).toEqual([0, expect.stringContaining('0 differences found')])

    const picture = join(scene.output, 'Travel/Rome/Forum.mp4')
    const bytes = await readFile(picture)
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    await writeFile(join(scene.folder, 'flipped'), bytes)
    const planted = await rclone(store, 'copyto', join(scene.folder, 'flipped'), `${there}/Travel/Rome/Forum.mp4`)
    expect([planted.status, planted.stderr]).toEqual([0, ''])
    for (const args of [[], ['--quick']]) {
      const found = await smugdl(scene, store, 'verify', ...args)
      expect([found.code, found.stdout]).toEqual([1, expect.stringContaining('Travel/Rome/Forum.mp4')])
    }
    // It is somebody's, as far as anybody can know: it stays, and ours comes beside it.
    const mended = await smugdl(scene, store, 'download', '--full')
    expect([mended.code, mended.stdout + mended.stderr]).toEqual([0, expect.stringContaining('ours is beside it')])
    expect((await smugdl(scene, store, 'verify')).code).toBe(0)
  })

  it('holds each picture once, where it belongs, after kills with albums renamed in between', async () => {
    await using store = await open()
    await using scene = await scenario(sample())
    const { world, environment } = scene.smugmug
    const to = ['--set', `s3.to=s3://${store.bucket}/${prefix}`, '--set', `s3.endpoint=${store.endpoint}`]
    const args = ['download', '--json', '--full', '--concurrency', '1', '-o', scene.output, '-e', 's3', ...to]
    const env = { HOME: scene.folder, SMUGDL_CONFIG_DIR: join(scene.folder, 'config'), ...environment, ...store.env }
    const finished = (said: string) => said.split('\n').filter((line) => line.includes('"image.finished"'))
    for (const kill of [1, 3, 0, 2, 1]) {
      const running = start(args, env, scene.folder)
      const isTime = () => running.said.includes('"run.started"') && finished(running.said).length >= kill
      await Promise.race([running.ended, until(isTime)])
      running.kill('SIGKILL')
      await running.ended
      for (const album of world.albums.values()) world.rename(album, `${kill} ${album.key}`)
    }
    const { code, stdout } = await start(args, env, scene.folder).ended
    expect(code).toBe(0)
    const paths = finished(stdout).map((line) => `${prefix}/${JSON.parse(line).path}`)
    const keys = (await keysIn(store)).filter((key) => !key.endsWith('.xmp') && !key.includes('/.smugdl/'))
    expect(keys).toEqual(paths.sort())
  })

  it('ends with 4 where the bucket is not there, and with 2 where nobody says which', async () => {
    await using store = await open()
    await using scene = await scenario(sample())
    const none = await smugdl(scene, store, 'download', '-e', 's3')
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--set s3.to=s3://BUCKET')])
    const gone = await download(scene, { ...store, bucket: 'not-there' }, '-e', 's3')
    expect([gone.code, gone.stderr]).toEqual([4, expect.stringContaining('There is no such bucket')])
    expect(scene.smugmug.counts.media).toBe(0)
  })
})
