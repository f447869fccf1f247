import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readAll } from '../../src/simulator/content.ts'
import { originalOf } from '../../src/simulator/files.ts'
import { type Simulator, type SimulatorOptions, simulate } from '../../src/simulator/simulate.ts'
import { type ImageInit, World } from '../../src/simulator/world.ts'
import { ask, askJson, at, itemsAt, textAt } from './ask.ts'

const md5 = (bytes: ArrayBuffer) => createHash('md5').update(Buffer.from(bytes)).digest('hex')

async function onePicture(init: ImageInit = {}, options: SimulatorOptions = {}) {
  const world = new World()
  const image = world.addImage(world.addAlbum({ name: 'Album' }), { key: 'image22', size: 9000, ...init })
  const simulator = await simulate(world, options)
  return { world, image, simulator, url: at(await imageOf(simulator), 'ArchivedUri') as string }
}

const imageOf = async (simulator: Simulator) =>
  at(await askJson(simulator, '/api/v2/image/image22-0'), 'Response', 'Image')

describe('what the API tells of a file is what comes', () => {
  test('of an original: address, size, MD5, type', async () => {
    for (const [format, type] of [
      ['JPG', 'image/jpeg'],
      ['PNG', 'image/png'],
    ] as const) {
      const { simulator, url } = await onePicture({ format, fileName: 'Tea (1).x' })
      await using _ = simulator
      const response = await ask(simulator, url)
      expect(response.headers.get('content-type')).toBe(type)
      const bytes = await response.arrayBuffer()
      expect(await imageOf(simulator)).toMatchObject({ ArchivedSize: bytes.byteLength, ArchivedMD5: md5(bytes) })
      expect([...simulator.listing()]).toMatchObject([
        { available: 'original', size: bytes.byteLength, md5: md5(bytes) },
      ])
    }
  })

  test('of a video: the transcode, never the upload', async () => {
    const world = new World()
    world.addVideo(world.addAlbum({ name: 'Album' }), { key: 'clip222', fileName: 'Beach.MOV' })
    await using simulator = await simulate(world)
    const video = at(await askJson(simulator, '/api/v2/image/clip222-0!largestvideo'), 'Response', 'LargestVideo')
    const response = await ask(simulator, textAt(video, 'Url'))
    const bytes = await response.arrayBuffer()
    expect(response.headers.get('content-type')).toBe('video/mp4')
    expect(video).toMatchObject({ Size: bytes.byteLength, MD5: md5(bytes), Ext: 'mp4' })
    expect(response.headers.get('etag')).toBe(`"${md5(bytes)}"`)
    expect([...simulator.listing()]).toMatchObject([{ available: 'transcode', fileName: 'Beach.MOV', md5: md5(bytes) }])
  })

  test.each([
    ['download', '!download', 'ImageDownload'],
    ['largest', '!largestimage', 'LargestImage'],
  ] as const)(
    'with the right %s only: no original, but the rendition that listing() tells of',
    async (rights, action, name) => {
      const { simulator, url } = await onePicture({ rights })
      await using _ = simulator
      expect(url).toBeUndefined()
      const bytes = await (
        await ask(
          simulator,
          textAt(await askJson(simulator, `/api/v2/image/image22-0${action}`), 'Response', name, 'Url'),
        )
      ).arrayBuffer()
      expect([...simulator.listing()]).toMatchObject([
        { available: 'rendition', size: bytes.byteLength, md5: md5(bytes) },
      ])
      expect((await ask(simulator, '/api/v2/image/image22-0!download')).status).toBe(rights === 'download' ? 200 : 404)
    },
  )

  test('without any right: nothing', async () => {
    const { simulator } = await onePicture({ rights: 'none' })
    await using _ = simulator
    const uris = at(await imageOf(simulator), 'Uris')
    for (const name of ['LargestImage', 'ImageDownload']) expect(uris).not.toHaveProperty(name)
    expect((await ask(simulator, '/api/v2/image/image22-0!largestimage')).status).toBe(404)
    expect([...simulator.listing()]).toMatchObject([{ available: 'none', size: 0, md5: '' }])
  })
})

test('what a video tells of an archived file is a JPEG still: address, size and MD5', async () => {
  const world = new World()
  world.addVideo(world.addAlbum({ name: 'Album' }), { key: 'clip222', fileName: 'Beach.MOV' })
  await using simulator = await simulate(world)
  const image = at(await askJson(simulator, '/api/v2/image/clip222-0'), 'Response', 'Image')
  const url = textAt(image, 'ArchivedUri')
  expect(url).toMatch(/\/D\/Beach-D\.jpg$/)
  const response = await ask(simulator, url)
  const bytes = await response.arrayBuffer()
  expect(response.headers.get('content-type')).toBe('image/jpeg')
  const size = bytes.byteLength
  expect(image).toMatchObject({ ArchivedSize: size, OriginalSize: size, ArchivedMD5: md5(bytes), Format: 'MP4' })
  expect([...simulator.listing()]).not.toMatchObject([{ size }])
})

test('all sizes are told, the original among them, with a template of their addresses', async () => {
  const { simulator, url } = await onePicture()
  await using _ = simulator
  const answer = await askJson(simulator, '/api/v2/image/image22-0!sizedetails')
  const details = at(answer, 'Response', 'ImageSizeDetails')
  expect(textAt(details, 'ImageUrlTemplate')).toContain('/#size#/')
  const sizes = itemsAt(details, 'UsableSizes')
  expect(sizes).toEqual(expect.arrayContaining(['ImageSizeThumb', 'ImageSizeX2Large', 'ImageSizeOriginal']))
  expect(at(details, 'ImageSizeOriginal')).toMatchObject({ Url: url, Size: 9000, Ext: 'jpg' })
  for (const size of sizes) expect((await ask(simulator, textAt(details, String(size), 'Url'))).status).toBe(200)
})

test('the photo host tells of an original by headers, and of a rendition by none of them', async () => {
  const { simulator, url } = await onePicture()
  await using _ = simulator
  const image = await imageOf(simulator)
  const { headers } = await ask(simulator, url)
  expect(headers.get('etag')).toBe(`"${textAt(image, 'ArchivedMD5')}"`)
  expect(Date.parse(headers.get('last-modified') ?? '')).toBe(Date.parse(textAt(image, 'DateTimeUploaded')))
  expect(headers.get('content-disposition')).toBe('attachment')
  expect(headers.get('content-length')).toBe('9000')
  expect(headers.get('cache-control')).toBe('private, max-age=31536000, s-maxage=0')
  expect(headers.has('accept-ranges')).toBe(false)
  const again = await ask(simulator, url, { headers: { 'If-None-Match': headers.get('etag') ?? '' } })
  expect(again.status).toBe(200)
  const thumbnail = await ask(simulator, textAt(image, 'ThumbnailUrl'))
  for (const name of ['etag', 'last-modified', 'content-disposition']) expect(thumbnail.headers.has(name)).toBe(false)
})

describe('an address', () => {
  test('of a replaced file is gone, and the new one has other bytes', async () => {
    const { simulator, world, image, url } = await onePicture()
    await using _ = simulator
    const before = readAll(originalOf(image).content)
    world.replaceImage(image)
    expect((await ask(simulator, url)).status).toBe(404)
    const next = textAt(await askJson(simulator, '/api/v2/image/image22-1'), 'Response', 'Image', 'ArchivedUri')
    const after = Buffer.from(await (await ask(simulator, next)).arrayBuffer())
    expect(after.equals(before)).toBe(false)
    expect([...simulator.listing()]).toMatchObject([{ serial: 1, md5: md5(Uint8Array.from(after).buffer) }])
  })

  test('opens whatever its hash is; that of an image that was removed, or of none, is not found', async () => {
    const { simulator, world, image, url } = await onePicture()
    await using _ = simulator
    expect((await ask(simulator, url.replace(/\/0\/\w+\//, '/0/guessed/'))).status).toBe(200)
    expect((await ask(simulator, url.replace(/i-\w+/, 'i-nobody'))).status).toBe(404)
    world.removeImage(image)
    const gone = await ask(simulator, url)
    expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, 'no-store'])
    expect(gone.headers.get('content-type')).toContain('text/html')
  })

  test('is outside the origin that credentials belong to, if so wanted', async () => {
    const { simulator, url } = await onePicture({}, { mediaOrigin: 'other' })
    await using _ = simulator
    expect(new URL(url).origin).not.toBe(simulator.origin)
    expect((await fetch(url)).status).toBe(200)
    expect(simulator.requests.at(-1)).toMatchObject({ kind: 'media', origin: simulator.photosOrigin, signed: false })
  })

  test('takes a signature, and refuses a wrong one', async () => {
    const { simulator, url } = await onePicture()
    await using _ = simulator
    expect((await ask(simulator, url)).status).toBe(200)
    const wrong = await ask(simulator, url, { consumer: { key: simulator.credentials.apiKey, secret: 'wrong' } })
    expect(wrong.status).toBe(401)
    expect(simulator.requests.at(-1)).toMatchObject({ signed: true, status: 401 })
  })
})

describe('a range', () => {
  const part = async (url: string, headers: Record<string, string>) => {
    const response = await fetch(url, { headers })
    const bytes = Buffer.from(await response.arrayBuffer())
    return {
      status: response.status,
      bytes,
      range: response.headers.get('content-range'),
      etag: response.headers.get('etag') ?? '',
    }
  }

  test('gives the rest of a file, and the request is remembered with it', async () => {
    const { simulator, url, image } = await onePicture({ size: 200_000 })
    await using _ = simulator
    const whole = readAll(originalOf(image).content)
    const rest = await part(url, { Range: 'bytes=150000-' })
    expect([rest.status, rest.range]).toEqual([206, 'bytes 150000-199999/200000'])
    expect(rest.bytes.equals(whole.subarray(150_000))).toBe(true)
    expect((await part(url, { Range: 'bytes=10-19' })).bytes).toEqual(whole.subarray(10, 20))
    expect((await part(url, { Range: 'bytes=-5' })).bytes).toEqual(whole.subarray(-5))
    expect(await part(url, { Range: 'bytes=200000-' })).toMatchObject({ status: 416, range: 'bytes */200000' })
    expect(simulator.requests[1]).toMatchObject({ range: 'bytes=150000-', status: 206, bytesSent: 50_000 })
  })

  test('is given only if If-Range still holds', async () => {
    const { simulator, url, image } = await onePicture()
    await using _ = simulator
    const { etag } = await part(url, {})
    expect((await part(url, { Range: 'bytes=1-', 'If-Range': etag })).status).toBe(206)
    expect((await part(url, { Range: 'bytes=1-', 'If-Range': '"other"' })).status).toBe(200)
    image.seed += 1
    expect((await part(url, { Range: 'bytes=1-', 'If-Range': etag })).status).toBe(200)
  })

  test('is passed over by a host that knows none', async () => {
    const { simulator, url } = await onePicture({}, { ranges: 'ignored', validators: false })
    await using _ = simulator
    expect(await part(url, { Range: 'bytes=1-' })).toMatchObject({ status: 200, range: null, etag: '' })
    expect((await fetch(url)).headers.has('last-modified')).toBe(false)
  })
})
