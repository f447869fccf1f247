import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { photoUrl } from '../../src/simulator/photo-url.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { type Cost, measured } from './measure.ts'

/*
 * How long an account takes into an object store, beside rclone that is handed the finished list of addresses; and how much memory, with
 * videos that go in parts. Wants a store as `scripts/ceph.sh start` prints it, in SMUGDL_TEST_CEPH.
 */
const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '400' },
    /** Bytes of a picture. */
    size: { type: 'string', default: '2000000' },
    videos: { type: 'string', default: '2' },
    /** Bytes of a video. */
    'video-size': { type: 'string', default: '300000000' },
    program: { type: 'string', default: join(import.meta.dirname, '../../dist/smugdl.mjs') },
  },
})
const told = process.env.SMUGDL_TEST_CEPH
if (told === undefined)
  throw new Error('SMUGDL_TEST_CEPH is not set: SMUGDL_TEST_CEPH=$(scripts/ceph.sh start /tmp/ceph)')
const { endpoint, accessKeyId, secretAccessKey } = JSON.parse(told)
const client = new S3Client({
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId, secretAccessKey },
})
const folder = mkdtempSync(join(tmpdir(), 'smugdl-bench-'))
const [images, size, videos, videoSize] = [values.images, values.size, values.videos, values['video-size']].map(
  Number,
) as [number, number, number, number]

try {
  console.log('| | seconds | processor seconds | peak memory, MB |\n|---|---|---|---|')
  if (images > 0) await pictures()
  if (videos > 0) await films()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function pictures(): Promise<void> {
  const world = new World()
  for (let number = 0; number < 10; number++) {
    const album = world.addAlbum({ name: `Album ${number}` })
    for (let each = 0; each < images / 10; each++) world.addImage(album, { fileName: `${each}.jpg`, size })
  }
  await using smugmug = await simulate(world)
  const list = join(folder, 'list')
  const urls = [...world.images.values()].map((image) => photoUrl(image, image.albums[0], 'D', 'jpg', ''))
  writeFileSync(list, urls.map((url) => url.slice(1)).join('\n'))
  const from = [':http:', '--http-url', smugmug.photosOrigin, '--http-no-head', '--files-from-raw', list]
  const copy = ['rclone', 'copy', ...from, '--no-traverse', '--transfers', '8', `t:${await newBucket()}`]
  row('`rclone copy` with the finished list', await measured(copy, { folder, env: rcloneEnv() }))
  await runs('', smugmug.environment)
}

async function films(): Promise<void> {
  const world = new World()
  const album = world.addAlbum({ name: 'Films' })
  for (let each = 0; each < videos; each++) world.addVideo(album, { video: { size: videoSize } })
  await using smugmug = await simulate(world)
  await runs(` of ${videos} videos of ${videoSize / 1e6} MB`, smugmug.environment)
}

async function runs(what: string, environment: Record<string, string>): Promise<void> {
  const command = values.program.endsWith('.mjs') ? [process.execPath, values.program] : [values.program]
  const home = join(folder, `home${what}`)
  const to = ['-e', 's3', '--set', `s3.to=s3://${await newBucket()}/smug`, '--set', `s3.endpoint=${endpoint}`]
  const env = { ...environment, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const run = (...args: string[]) => measured([...command, ...args, '-o', home, '-q'], { folder, env })
  row(`first run${what}`, await run('download', ...to))
  row(`nothing new${what}`, await run('download'))
  row(`\`verify\`${what}`, await run('verify'))
}

async function newBucket(): Promise<string> {
  const bucket = `bench-${randomBytes(4).toString('hex')}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return bucket
}

function rcloneEnv(): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // rclone does not start with one.
    AWS_CA_BUNDLE: '',
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_T_TYPE: 's3',
    RCLONE_CONFIG_T_PROVIDER: 'Ceph',
    RCLONE_CONFIG_T_ENV_AUTH: 'true',
    RCLONE_CONFIG_T_ENDPOINT: endpoint,
  }
}

function row(name: string, { seconds, processor, memory }: Cost): void {
  console.log(`| ${name} | ${seconds.toFixed(1)} | ${processor.toFixed(1)} | ${memory.toFixed(0)} |`)
}
