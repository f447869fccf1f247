import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Staging } from '../../../src/engine/files/staging.ts'
import { fetchToStaging, type Wanted } from '../../../src/engine/run/download.ts'
import { Downloads } from '../../../src/engine/run/downloads.ts'
import { readAll } from '../../../src/simulator/content.ts'
import { jpeg } from '../../../src/simulator/picture.ts'
import { until } from '../../e2e/scenario.ts'
import { connected, type Host, host, type Serve } from '../../smugmug/host.ts'
import { testFolder } from '../folder.ts'

const picture = Buffer.from('a picture, and then some more of it'.repeat(100))
const md5 = createHash('md5').update(picture).digest('hex')
const etag = '"one"'

/** Serves the picture, with ranges; `first` answers the first request instead. */
function photoHost(first?: Serve): Promise<Host> {
  let special = first
  return host((request, response, url) => {
    if (special !== undefined) {
      special(request, response, url)
      special = undefined
      return
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const range = { 'content-range': `bytes ${from}-${picture.length - 1}/${picture.length}` }
    response.writeHead(from > 0 ? 206 : 200, { 'content-type': 'image/jpeg', etag, ...(from > 0 && range) })
    response.end(picture.subarray(from))
  })
}

interface Setting {
  wanted?: Partial<Wanted>
  signal?: AbortSignal
  draining?: AbortSignal
  /** Whether SmugMug tells an MD5. */
  isProven?: boolean
  /** What an earlier run left of it. */
  left?: string | Buffer
  /** SmugMug provides no size, and this is how many bytes the file may take. */
  room?: number
  onCutShort?: (reason: string) => void
}

async function fetching(server: Host, setting: Setting = {}) {
  const { signal: never } = new AbortController()
  const { wanted = {}, signal = never, draining = never, isProven = true, left, room, onCutShort = () => {} } = setting
  const folder = await testFolder()
  if (left !== undefined) await writeFile(folder.staging.path('id'), left)
  const staging = new Staging(folder.path)
  await staging.prepare()
  const smugmug = connected(server.origin)
  const told = { bytes: 0, retries: [] as string[] }
  const whole = { id: 'id', item: 'Album/a.jpg', kind: 'original', url: `${server.origin}/a.jpg` } as const
  return {
    staging,
    told,
    fetch: (to = staging) =>
      fetchToStaging(
        { ...whole, ...(room === undefined && { size: picture.length }), ...(isProven && { md5 }), ...wanted },
        {
          media: smugmug.media,
          staging: to,
          downloads: new Downloads({ ceiling: 1, refused: () => 0, now: () => 0, onResize() {} }),
          draining,
          signal,
          noRoomToGrow: async (have) => (have > (room ?? Infinity) ? 'it goes on' : undefined),
          onBytes: (count) => {
            told.bytes += count
          },
          onCutShort,
          onRetry: (reason) => told.retries.push(reason),
        },
      ),
    ranges: () => server.requests.map(({ headers }) => headers.range),
    async [Symbol.asyncDispose]() {
      await smugmug[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

test('bytes come to staging, hashed and verified, and nothing else is there', async () => {
  await using server = await photoHost()
  await using scene = await fetching(server)
  expect(await scene.fetch()).toEqual({
    kind: 'original',
    size: picture.length,
    md5,
    sha256: createHash('sha256').update(picture).digest('hex'),
    contentType: 'image/jpeg',
  })
  expect(await readFile(scene.staging.path('id'))).toEqual(picture)
  expect(await readdir(scene.staging.folder)).toHaveLength(1)
  expect(scene.told).toEqual({ bytes: picture.length, retries: [] })
})

test('what came before a break is kept, and only the rest is asked for', async () => {
  let breakOff = () => {}
  await using server = await photoHost((_, response) => {
    response.writeHead(200, { 'content-length': picture.length, etag })
    response.write(picture.subarray(0, 1500))
    breakOff = () => void response.socket?.destroy()
  })
  await using scene = await fetching(server)
  const fetched = scene.fetch()
  await until(() => scene.told.bytes === 1500)
  breakOff()
  expect(await fetched).toMatchObject({ md5, size: picture.length })
  expect(scene.ranges()).toEqual([undefined, 'bytes=1500-'])
  expect(scene.told).toEqual({ bytes: picture.length, retries: [expect.stringContaining('broke after 1500 bytes')] })
})

test('what an earlier run left is gone on with, and hashed again', async () => {
  await using server = await photoHost()
  await using scene = await fetching(server, { left: picture.subarray(0, 1234) })
  expect(await scene.fetch()).toMatchObject({ md5, size: picture.length })
  expect(scene.ranges()).toEqual(['bytes=1234-'])
  expect(scene.told.bytes).toBe(picture.length - 1234)
})

test('what nobody can tell to belong to it is thrown away', async () => {
  await using server = await photoHost()
  await using scene = await fetching(server, { left: 'something else', isProven: false })
  expect(await scene.fetch()).toMatchObject({ md5, size: picture.length })
  expect(scene.ranges()).toEqual([undefined])
})

test('two halves that do not belong together are noticed, and all is fetched again', async () => {
  await using server = await photoHost()
  await using scene = await fetching(server, { left: 'x'.repeat(1000) })
  expect(await scene.fetch()).toMatchObject({ md5, size: picture.length })
  expect(scene.ranges()).toEqual(['bytes=1000-', undefined])
  expect(scene.told.retries).toEqual([expect.stringContaining('MD5')])
})

test('a file that has shrunk to less than what came already starts over', async () => {
  await using server = await photoHost((_, response) => void response.writeHead(416).end())
  await using scene = await fetching(server, { left: picture.subarray(0, 2000) })
  expect(await scene.fetch()).toMatchObject({ md5 })
  expect(scene.ranges()).toEqual(['bytes=2000-', undefined])
})

// Those that wait before they ask again do so side by side.
test.concurrent('more bytes than announced are not read to their end', async () => {
  let sent = 0
  await using server = await host((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536
    }
    response.writeHead(200, { 'content-type': 'image/jpeg' })
    response.on('drain', more)
    more()
  })
  await using scene = await fetching(server, { wanted: { size: 100_000 } })
  const what = expect.stringContaining('more than the 100000 bytes')
  await expect(scene.fetch()).rejects.toMatchObject({ kind: 'item', what })
  expect(sent).toBeLessThan(100_000_000)
  expect(await readdir(scene.staging.folder)).toEqual([])
})

test('who is stopped leaves the part for the next run, and is not tried again', async () => {
  const stop = new AbortController()
  await using server = await photoHost((_, response) => {
    response.writeHead(200, { 'content-length': picture.length, etag })
    response.write(picture.subarray(0, 1500))
  })
  await using scene = await fetching(server, { signal: stop.signal })
  const stopped = scene.fetch()
  stopped.catch(() => {})
  await until(() => scene.told.bytes === 1500)
  stop.abort()
  await expect(stopped).rejects.toThrow()
  expect(scene.told.retries).toEqual([])
  expect(await readFile(scene.staging.path('id'))).toEqual(picture.subarray(0, 1500))
})

test('nothing begins when the run is ending', async () => {
  await using server = await photoHost()
  await using scene = await fetching(server, { draining: AbortSignal.abort() })
  await expect(scene.fetch()).rejects.toMatchObject({ kind: 'cancelled' })
  expect(server.requests).toEqual([])
})

test('a refusal is the caller’s to judge, at once', async () => {
  await using server = await photoHost((_, response) => void response.writeHead(404).end())
  await using scene = await fetching(server)
  await expect(scene.fetch()).rejects.toMatchObject({ status: 404 })
  expect(scene.told.retries).toEqual([])
})

test('a disk that fails is no fault of the network', async () => {
  await using server = await photoHost()
  await using scene = await fetching(server)
  const gone = new Staging(`${scene.staging.folder}/nowhere`)
  await expect(scene.fetch(gone)).rejects.toMatchObject({ code: 'ENOENT' })
  expect(scene.told.retries).toEqual([])
})

test('an answer without end is given up when there is no room for it, is not asked for again, and leaves nothing', async () => {
  const piece = Buffer.alloc(1024 * 1024)
  await using server = await host((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(piece));
    }
    response.writeHead(200, { 'content-type': 'image/jpeg' }).on('drain', more)
    more()
  })
  await using scene = await fetching(server, { isProven: false, room: 10_000_000 })
  await expect(scene.fetch()).rejects.toMatchObject({
    kind: 'item',
    what: 'SmugMug provides no size for it, and it goes on',
  })
  expect(server.requests).toHaveLength(1)
  expect(await readdir(scene.staging.folder)).toEqual([])
})

test.concurrent.each(['the same each time', 'whole in the end', 'another each time'])(
  'a JPEG without its end, of which SmugMug tells neither size nor MD5, %s',
  async (how) => {
    const whole = readAll(jpeg(7, 3000))
    let sent = 0
    await using server = await host((_, response) => {
      sent += 1
      const length = how === 'another each time' ? 2000 - sent : 2000
      const body = how === 'whole in the end' && sent === 3 ? whole : whole.subarray(0, length)
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.length }).end(body)
    })
    const cutShort: string[] = []
    await using scene = await fetching(server, { isProven: false, room: 1e9, onCutShort: (why) => cutShort.push(why) })
    const fetched = await scene.fetch().catch((error: unknown) => error)
    expect(sent).toBe(how === 'whole in the end' ? 3 : 4)
    const reason = 'the end of the JPEG is missing'
    expect(scene.told.retries).toEqual(Array.from({ length: sent - 1 }, () => reason))
    if (how === 'whole in the end') expect([fetched, cutShort]).toMatchObject([{ size: 3000 }, []])
    else if (how === 'the same each time') expect([fetched, cutShort]).toMatchObject([{ size: 2000 }, [reason]])
    else expect(fetched).toMatchObject({ kind: 'item', what: expect.stringContaining(reason) })
    expect(await readdir(scene.staging.folder)).toHaveLength(how === 'another each time' ? 0 : 1)
  },
)

test('a server without ranges that breaks off sooner and later in turn is given up, as one that breaks off at the same place', async () => {
  const large = Buffer.alloc(1_000_000)
  await using server = await host((_, response) => {
    const share = server.requests.length % 2 === 0 ? 0.5 : 0.6
    response.writeHead(200, { 'content-length': large.length })
    response.write(large.subarray(0, large.length * share), () => response.socket?.destroy())
  })
  await using scene = await fetching(server, { wanted: { size: large.length } })
  await expect(scene.fetch()).rejects.toMatchObject({
    kind: 'item',
    what: expect.stringContaining('kept breaking off'),
  })
  expect(server.requests.length).toBeLessThan(8)
})

test('a line of text is no picture, whatever type it has, where SmugMug says nothing about the bytes', async () => {
  await using server = await host((_, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg' })
    response.end('upstream connect error or disconnect/reset before headers')
  })
  await using scene = await fetching(server, { isProven: false, room: 1_000_000 })
  await expect(scene.fetch()).rejects.toMatchObject({ what: expect.stringContaining('text came instead of a picture') })
})
