import { describe, expect, test } from 'vitest'
import { simulate } from '../../../src/simulator/simulate.ts'
import { type ImageInit, World } from '../../../src/simulator/world.ts'
import { type Image, imageOf, imagesOf } from '../../../src/smugmug/api/image.ts'
import { type Source, sourceOf, Unavailable } from '../../../src/smugmug/api/source.ts'
import { asAccount, type Connected, collect, connected, envelope, failure, host, json } from '../host.ts'

async function withImage(
  init: ImageInit,
  act: (smugmug: Connected, image: Image, requests: () => string[]) => Promise<void>,
): Promise<void> {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  if (init.isVideo) world.addVideo(album, init)
  else world.addImage(album, init)
  await using simulator = await simulate(world)
  await using smugmug = asAccount(simulator)
  const [image] = await collect(imagesOf(smugmug.api, { imagesUri: `/api/v2/album/${album.key}!images` }))
  if (image === undefined) throw new Error('the album lists its image')
  await act(smugmug, image, () => simulator.requests.slice(1).map(({ path }) => path.replace(/\?.*$/, '')))
}

test("a photo's source is the upload, with its size and MD5, and costs no request", async () => {
  await withImage({ size: 5000 }, async ({ api }, image, requests) => {
    expect(await sourceOf(api, image)).toEqual({
      kind: 'original',
      url: image.archived?.url ?? '',
      size: 5000,
      md5: image.archived?.md5,
      ext: undefined,
    } satisfies Source)
    expect(requests()).toEqual([])
  })
})

test.each(['absent', 'empty'] as const)('an MD5 that is %s is no MD5', async (md5) => {
  await withImage({ md5 }, async ({ api }, image) => {
    expect(await sourceOf(api, image)).toMatchObject({ kind: 'original', md5: undefined })
  })
})

test('without the right to the upload, ImageDownload gives a rendition', async () => {
  await withImage({ rights: 'download' }, async ({ api }, image, requests) => {
    expect(await sourceOf(api, image)).toMatchObject({ kind: 'rendition', url: expect.stringContaining('/photos/') })
    expect(requests()).toEqual([`/api/v2/image/${image.key}-0!download`])
  })
})

test('without ImageDownload either, LargestImage does, with its own size and MD5', async () => {
  await withImage({ rights: 'largest' }, async ({ api }, image) => {
    expect(await sourceOf(api, image)).toMatchObject({
      kind: 'rendition',
      ext: 'jpg',
      size: expect.any(Number),
      md5: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })
})

test('without any right there is no source, and nothing to wait for', async () => {
  await withImage({ rights: 'none' }, async ({ api }, image) => {
    const error = await failure(sourceOf(api, image))
    expect(error).toBeInstanceOf(Unavailable)
    expect(error).toMatchObject({ kind: 'item', reason: 'noRight', mayHeal: false, item: image.key })
  })
})

test('an unfinished video may heal, a failed one does not', async () => {
  await withImage({ isVideo: true, processing: true, status: 'Preprocess' }, async ({ api }, image) => {
    expect(await failure(sourceOf(api, image))).toMatchObject({ reason: 'processing', mayHeal: true })
  })
  const failed = { isVideo: true, processing: true, status: 'Preprocess', subStatus: 'CanNotProcess' }
  await withImage(failed, async ({ api }, image) => {
    expect(await failure(sourceOf(api, image))).toMatchObject({ reason: 'processingFailed', mayHeal: false })
  })
})

describe('a video whose LargestVideo did not come with the list', () => {
  const listed = { ImageKey: 'vId0001', Serial: 2, IsVideo: true, FileName: 'clip.mov' }
  const largest = { Url: 'https://photos.smugmug.com/i-vId0001/2/t0ken/1920/clip-1920.mp4', Ext: 'MP4', Size: 12 }

  test('is asked for by its link', async () => {
    await using server = await host((_, response) => json(response, envelope('LargestVideo', largest)))
    await using smugmug = connected(server.origin)
    const image = imageOf(
      { ...listed, Uris: { LargestVideo: { Uri: '/api/v2/image/vId0001-2!largestvideo' } } },
      'test',
    )
    expect(await sourceOf(smugmug.api, image)).toEqual({
      kind: 'transcode',
      url: largest.Url,
      size: 12,
      md5: undefined,
      ext: 'mp4',
    })
    expect(server.asked).toEqual(['/api/v2/image/vId0001-2!largestvideo?_verbosity=1'])
  })

  test('is asked for by key and serial where no link is given', async () => {
    await using server = await host((_, response) => json(response, envelope('LargestVideo', largest)))
    await using smugmug = connected(server.origin)
    expect(await sourceOf(smugmug.api, imageOf(listed, 'test'))).toMatchObject({ kind: 'transcode' })
    expect(server.asked).toEqual(['/api/v2/image/vId0001-2!largestvideo?_verbosity=1'])
  })

  test('and which SmugMug says it has and does not give is taken from the sizes, the largest of them', async () => {
    const sized = (size: number) => ({ ...largest, Url: largest.Url.replaceAll('1920', String(size)), Size: size })
    const sizes = { UsableSizes: [], ImageSizeX3Large: {}, VideoSize640: sized(640), VideoSize1280: sized(1280) }
    for (const answer of [{ Code: 404 }, { Code: 200, Response: { Locator: 'LargestVideo', LocatorType: 'Object' } }]) {
      await using server = await host((_, response, { pathname }) => {
        if (pathname.endsWith('!largestvideo')) json(response, answer, answer.Code)
        else json(response, envelope('ImageSizeDetails', sizes))
      })
      await using smugmug = connected(server.origin)
      const source = await sourceOf(smugmug.api, imageOf({ ...listed, Status: 'Open' }, 'test'))
      expect(source).toMatchObject({ kind: 'transcode', size: 1280, url: expect.stringContaining('/1280/') })
      expect(server.asked[1]).toBe('/api/v2/image/vId0001-2!sizedetails?_verbosity=1')
    }
  })

  test('nor any size is said to have no file, which does not heal', async () => {
    await using server = await host((_, response, { pathname }) => {
      if (pathname.endsWith('!largestvideo')) json(response, { Code: 404 }, 404)
      else json(response, envelope('ImageSizeDetails', { UsableSizes: [], ImageSizeX3Large: largest }))
    })
    await using smugmug = connected(server.origin)
    const error = await failure(sourceOf(smugmug.api, imageOf({ ...listed, Status: 'Open' }, 'test')))
    expect(error).toMatchObject({ reason: 'noFile', mayHeal: false, what: 'SmugMug offers no file of this video' })
  })

  test('is not refused to us because of a nonce', async () => {
    await using server = await host((_, response, { pathname }) => {
      if (pathname.endsWith('!authuser')) json(response, envelope('User', { NickName: 'janedoe' }))
      else json(response, { Code: 401, Message: 'oauth_problem=nonce_used' }, 401)
    })
    await using smugmug = connected(server.origin)
    const error = await failure(sourceOf(smugmug.api, imageOf(listed, 'test')))
    expect(error).toMatchObject({ kind: 'item', problem: 'nonce_used' })
    expect(error).not.toBeInstanceOf(Unavailable)
  })

  test.each([
    [404, 'gone'],
    [403, 'noRight'],
    [401, 'noRight'],
  ])('has no source where SmugMug answers %i', async (status, reason) => {
    await using server = await host((_, response) => json(response, { Code: status, Message: 'no' }, status))
    await using smugmug = connected(server.origin)
    expect(await failure(sourceOf(smugmug.api, imageOf(listed, 'test')))).toMatchObject({ reason })
  })

  test('is a rendition where SmugMug puts a watermark on it', async () => {
    const marked = { ...largest, Watermarked: true }
    await using server = await host((_, response) => json(response, envelope('LargestVideo', marked)))
    await using smugmug = connected(server.origin)
    expect(await sourceOf(smugmug.api, imageOf(listed, 'test'))).toMatchObject({ kind: 'rendition' })
  })
})

test('a lesser copy that SmugMug names and does not give is passed over for the next one', async () => {
  await using server = await host((_, response, { pathname }) => {
    if (pathname.endsWith('!download')) json(response, envelope('ImageDownload', undefined))
    else json(response, envelope('LargestImage', { Url: 'https://photos.smugmug.com/x.jpg', Ext: 'jpg' }))
  })
  await using smugmug = connected(server.origin)
  const links = {
    ImageDownload: '/api/v2/image/AbC1234-0!download',
    LargestImage: '/api/v2/image/AbC1234-0!largestimage',
  }
  const image = imageOf({ ImageKey: 'AbC1234', Uris: links }, 'test')
  expect(await sourceOf(smugmug.api, image)).toMatchObject({
    kind: 'rendition',
    url: 'https://photos.smugmug.com/x.jpg',
  })
})
