import { describe, expect, test } from 'vitest'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { ask, askJson, at, itemsAt, textAt } from './ask.ts'

/** Travel/Rome holds two photos and a video. */
function travelWorld() {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel', id: 'trav1' })
  const rome = world.addAlbum({ name: 'Rome', in: travel, key: 'AbC123', id: 'rome1' })
  const steps = world.addImage(rome, {
    key: 'steps22',
    fileName: 'IMG_0042.JPG',
    keywords: ['rome', 'spanish steps'],
    seed: 1,
  })
  const clip = world.addVideo(rome, { key: 'clip222', seed: 2 })
  world.addImage(rome, { key: 'last222', seed: 3 })
  return { world, travel, rome, steps, clip }
}

const IMAGES = '/api/v2/album/AbC123!images'

describe('the envelope', () => {
  test('has at the default what smugmug-api 3 lists, long Uris and descriptions', async () => {
    await using simulator = await simulate(travelWorld().world)
    const answer = await askJson(simulator, IMAGES)
    expect(Object.keys(answer as object).sort()).toEqual(['Code', 'Message', 'Options', 'Response'])
    expect(at(answer, 'Response')).toMatchObject({
      Locator: 'AlbumImage',
      LocatorType: 'Objects',
      EndpointType: 'AlbumImages',
    })
    expect(at(answer, 'Response', 'AlbumImage', 0, 'Uris', 'LargestImage')).toEqual({
      Uri: '/api/v2/image/steps22-0!largestimage',
      Locator: 'LargestImage',
      LocatorType: 'Object',
      UriDescription: 'Largest size available for image',
      EndpointType: 'LargestImage',
    })
  })

  test('has less at _verbosity=1 and more at 3', async () => {
    await using simulator = await simulate(travelWorld().world)
    const least = await askJson(simulator, '/api/v2/album/AbC123?_verbosity=1')
    expect(Object.keys(least as object).sort()).toEqual(['Code', 'Message', 'Response'])
    expect(at(least, 'Response')).not.toHaveProperty('UriDescription')
    expect(at(least, 'Response', 'Album', 'Uris', 'AlbumImages')).toBe(IMAGES)
    const most = await askJson(simulator, '/api/v2/album/AbC123?_verbosity=3')
    expect(Object.keys(most as object).sort()).toEqual(['Code', 'Message', 'Options', 'Request', 'Response'])
    expect(at(most, 'Response')).toHaveProperty('Timing')
  })

  test('repeats of a query in Uri what is known there, as it was sent', async () => {
    await using simulator = await simulate(travelWorld().world)
    const path = '/api/v2/image/steps22-0?_pretty=true&_verbosity=1&x=1&_filter=Title,Caption&start=1&APIKey=k'
    const answer = await askJson(simulator, path)
    expect(at(answer, 'Response', 'Uri')).toBe('/api/v2/image/steps22-0?_pretty=true&_filter=Title,Caption')
  })

  test('tells of some endpoints where they are described', async () => {
    await using simulator = await simulate(travelWorld().world)
    const docs = async (path: string) => at(await askJson(simulator, path), 'Response', 'DocUri')
    expect(await docs('/api/v2/user/janedoe')).toBe('https://api.smugmug.com/api/v2/doc/reference/user.html')
    expect(await docs('/api/v2/user/janedoe?_verbosity=1')).toBeUndefined()
    expect(await docs('/api/v2!authuser')).toBeUndefined()
  })

  test('of OPTIONS names the parameters of an endpoint', async () => {
    await using simulator = await simulate(travelWorld().world)
    const named = async (path: string) => {
      const answer = await askJson(simulator, path, { method: 'OPTIONS' })
      return itemsAt(answer, 'Options', 'Parameters', 'GET').map((parameter) => at(parameter, 'Name'))
    }
    expect(await named(IMAGES)).toEqual(['FileNames', 'SkuId'])
    expect(await named('/api/v2/user/janedoe!albums')).toEqual(['Order'])
    expect(await named('/api/v2/node/trav1!children')).toEqual(['Type', 'SortMethod', 'SortDirection'])
  })

  test('may be kept by nobody', async () => {
    await using simulator = await simulate(travelWorld().world)
    const { headers } = await ask(simulator, '/api/v2!authuser')
    expect(headers.get('cache-control')).toBe('private, no-store, no-cache, max-age=0, must-revalidate')
    expect([headers.get('vary'), headers.get('x-ratelimit-remaining')]).toEqual(['Accept-Encoding', '99999'])
    for (const name of ['etag', 'last-modified', 'set-cookie']) expect(headers.has(name)).toBe(false)
    const moved = await ask(simulator, '/api/v2/image/steps22')
    expect(moved.headers.get('cache-control')).toBe('private, no-store')
  })

  test('is a page of HTML for who does not ask for JSON', async () => {
    await using simulator = await simulate(travelWorld().world)
    const page = await ask(simulator, '/api/v2!authuser', { headers: { Accept: '*/*' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const json = await ask(simulator, '/api/v2!authuser?_accept=application%2Fjson', { headers: { Accept: '*/*' } })
    expect(json.headers.get('content-type')).toContain('application/json')
  })

  test('of an error keeps the Response without a payload', async () => {
    await using simulator = await simulate(travelWorld().world)
    expect(await askJson(simulator, '/api/v2/user/jane@example.org!albums')).toEqual({
      Response: {
        Uri: '/api/v2/user/jane@example.org!albums',
        UriDescription: "All of user's albums",
        EndpointType: 'UserAlbums',
      },
      Code: 404,
      Message: 'Not Found',
    })
    for (const path of ['/api/v2/album/nobody', '/api/v2/image/nobody-0', '/api/v2/library', '/api/v2', '/elsewhere'])
      expect(await askJson(simulator, path)).toMatchObject({ Code: 404 })
  })
})

describe('an answer is trimmed', () => {
  test('to fields by _filter and to relations by _filteruri', async () => {
    await using simulator = await simulate(travelWorld().world)
    const path = `${IMAGES}?_verbosity=1&_filter=ImageKey,NoSuchField&_filteruri=LargestVideo`
    expect(itemsAt(await askJson(simulator, path), 'Response', 'AlbumImage')).toEqual([
      { ImageKey: 'steps22' },
      { ImageKey: 'clip222', Uris: { LargestVideo: '/api/v2/image/clip222-0!largestvideo' } },
      { ImageKey: 'last222' },
    ])
    const album = async (query: string) =>
      at(await askJson(simulator, `/api/v2/album/AbC123?_verbosity=1&${query}`), 'Response', 'Album')
    expect(await album('_filter=&_filteruri=')).toEqual({ ResponseLevel: 'Full' })
    expect(await album('_filter=Uri&_filteruri=Node')).toMatchObject({
      Uri: '/api/v2/album/AbC123',
      Uris: { Node: expect.stringContaining('/api/v2/node/') },
    })
  })

  test('to short Uris by _shorturis', async () => {
    await using simulator = await simulate(travelWorld().world)
    const answer = await askJson(simulator, '/api/v2/album/AbC123?_shorturis=')
    expect(at(answer, 'Response', 'Album', 'Uris', 'AlbumImages')).toBe(IMAGES)
    expect(at(answer, 'Response', 'EndpointType')).toBe('Album')
  })
})

describe('an expansion', () => {
  test('is found under its address, and only where there is something to expand', async () => {
    await using simulator = await simulate(travelWorld().world)
    const answer = await askJson(simulator, `${IMAGES}?_verbosity=1&_expand=LargestVideo`)
    expect(Object.keys(at(answer, 'Expansions') as object)).toEqual(['/api/v2/image/clip222-0!largestvideo'])
    const expansion = at(answer, 'Expansions', '/api/v2/image/clip222-0!largestvideo')
    expect(expansion).toMatchObject({
      Locator: 'LargestVideo',
      LargestVideo: { Ext: 'mp4', Width: 1920, Duration: 24.765 },
    })
    expect(expansion).not.toHaveProperty('Code')
  })

  test('nests with dots, shares what two objects share, and has the default page', async () => {
    const { world, travel, rome } = travelWorld()
    world.addAlbum({ name: 'Paris', in: travel, key: 'XyZ789' })
    for (let i = 0; i < 120; i++) world.addImage(rome)
    await using simulator = await simulate(world)
    const path = '/api/v2/node/trav1!children?_verbosity=1&_expand=Album.AlbumImages,User'
    const { Expansions } = (await askJson(simulator, path)) as { Expansions: Record<string, unknown> }
    expect(Object.keys(Expansions).sort()).toEqual([
      '/api/v2/album/AbC123',
      IMAGES,
      '/api/v2/album/XyZ789',
      '/api/v2/album/XyZ789!images',
      '/api/v2/user/janedoe',
    ])
    expect(at(Expansions, IMAGES, 'Pages')).toMatchObject({ Total: 123, Count: 100 })
    expect(at(Expansions, '/api/v2/album/XyZ789!images')).not.toHaveProperty('AlbumImage')
  })

  test('goes into Uris with _expandmethod=inline', async () => {
    await using simulator = await simulate(travelWorld().world)
    const answer = await askJson(simulator, '/api/v2!authuser?_expand=Node&_expandmethod=inline')
    expect(at(answer, 'Response', 'User', 'Uris', 'Node', 'Node', 'IsRoot')).toBe(true)
    expect(answer).not.toHaveProperty('Expansions')
  })

  test('of a relation that _filteruri drops does not happen', async () => {
    await using simulator = await simulate(travelWorld().world)
    expect(await askJson(simulator, '/api/v2/album/AbC123?_expand=Node&_filteruri=User')).not.toHaveProperty(
      'Expansions',
    )
  })

  test('is trimmed by _filter only if the simulator hears so', async () => {
    const field = async (simulator: Simulator) =>
      at(
        await askJson(simulator, `${IMAGES}?_filter=ImageKey&_expand=LargestVideo`),
        'Expansions',
        '/api/v2/image/clip222-0!largestvideo',
        'LargestVideo',
        'Url',
      )
    await using plain = await simulate(travelWorld().world)
    await using strict = await simulate(travelWorld().world, { filterReach: 'expansions' })
    expect(await field(plain)).toContain('/1920/')
    expect(await field(strict)).toBeUndefined()
  })

  test('follows _config: filters, arguments, nesting', async () => {
    await using simulator = await simulate(travelWorld().world)
    const config = {
      filter: ['Name'],
      filteruri: ['AlbumImages'],
      expand: { AlbumImages: { filter: ['ImageKey'], filteruri: [], args: { count: 1, start: 2 } } },
    }
    const path = `/api/v2/album/AbC123?_verbosity=1&_config=${encodeURIComponent(JSON.stringify(config))}`
    const answer = await askJson(simulator, path)
    expect(at(answer, 'Response', 'Album')).toEqual({
      Name: 'Rome',
      ResponseLevel: 'Full',
      Uris: { AlbumImages: IMAGES },
    })
    expect(at(answer, 'Expansions', IMAGES, 'AlbumImage')).toEqual([{ ImageKey: 'clip222' }])
  })

  test('of a highlight image is found under an address of its own at the least verbose level', async () => {
    await using simulator = await simulate(travelWorld().world)
    const answer = await askJson(simulator, '/api/v2/album/AbC123?_verbosity=1&_expand=HighlightImage')
    const link = textAt(answer, 'Response', 'Album', 'Uris', 'HighlightImage')
    expect(link).toMatch(/\?_shorturis=$/)
    expect(at(answer, 'Expansions', link, 'Image', 'ImageKey')).toBe('steps22')
    const longer = await askJson(simulator, '/api/v2/album/AbC123?_expand=HighlightImage')
    expect(Object.keys(at(longer, 'Expansions') as object)).toEqual([link.replace('?_shorturis=', '')])
  })

  test('with multiargs is an array, one result for each set', async () => {
    await using simulator = await simulate(travelWorld().world)
    const config = {
      expand: { AlbumImages: { filter: ['ImageKey'], multiargs: [{ count: 1 }, { count: 2, start: 2 }] } },
    }
    const answer = await askJson(
      simulator,
      `/api/v2/album/AbC123?_config=${encodeURIComponent(JSON.stringify(config))}`,
    )
    expect(itemsAt(answer, 'Expansions', IMAGES).map((page) => itemsAt(page, 'AlbumImage').length)).toEqual([1, 2])
  })

  test('with a _config that is not JSON is refused with 400', async () => {
    await using simulator = await simulate(travelWorld().world)
    for (const config of ['{', '[1]', '"x"'])
      expect((await ask(simulator, `/api/v2/album/AbC123?_config=${encodeURIComponent(config)}`)).status).toBe(400)
  })
})

describe('addresses', () => {
  test('take several keys at once, and pass over those that do not exist', async () => {
    await using simulator = await simulate(travelWorld().world)
    const images = await askJson(simulator, '/api/v2/image/clip222-0,gone222-0,steps22-0')
    expect(itemsAt(images, 'Response', 'Image').map((image) => at(image, 'ImageKey'))).toEqual(['clip222', 'steps22'])
    expect(at(images, 'Response', 'LocatorType')).toBe('Objects')
  })

  test('that are too long are refused by Apache', async () => {
    await using simulator = await simulate(travelWorld().world)
    const keys = Array.from({ length: 792 }, (_, i) => `k${String(i).padStart(6, '0')}-0`)
    const refused = await ask(simulator, `/api/v2/image/${keys.join(',')}`)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8'])
    expect((await ask(simulator, `/api/v2/image/steps22-0,${keys.slice(0, 349).join(',')}`)).status).toBe(200)
  })

  test('of an image without its serial, or with another one, lead to the right address', async () => {
    const { world, steps } = travelWorld()
    world.replaceImage(steps)
    await using simulator = await simulate(world)
    for (const key of ['steps22', 'steps22-0', 'steps22-2']) {
      const moved = await ask(simulator, `/api/v2/image/${key}!metadata?_verbosity=1`)
      expect([moved.status, moved.headers.get('location')]).toEqual([
        301,
        '/api/v2/image/steps22-1!metadata?_verbosity=1',
      ])
    }
  })

  test('lead from the user to every relation that a backup is about', async () => {
    const { world } = travelWorld()
    await using simulator = await simulate(world)
    const seen = new Set<string>()
    const queue = ['/api/v2!authuser']
    for (let uri = queue.shift(); uri !== undefined; uri = queue.shift()) {
      const answer = await askJson(simulator, `${uri}?_verbosity=1`)
      // An album has no picture to show before somebody uploads one.
      const isOpen = !/^\/api\/v2\/(highlight|library|user\/janedoe!(?!albums))|!(cover|shareuris)/.test(uri)
      if (isOpen) expect({ uri, code: at(answer, 'Code') }).toEqual({ uri, code: 200 })
      const payload = at(answer, 'Response', String(at(answer, 'Response', 'Locator')))
      for (const object of [payload].flat()) {
        for (const next of Object.values((at(object, 'Uris') as Record<string, string> | undefined) ?? {})) {
          if (seen.has(next)) continue
          seen.add(next)
          queue.push(next)
        }
      }
    }
    expect(seen.size).toBeGreaterThan(30)
  })

  test('of the tree sort and filter as asked', async () => {
    const { world, travel } = travelWorld()
    world.addAlbum({ name: 'Athens', in: travel })
    world.addFolder({ name: 'Older', in: travel })
    world.addPage({ name: 'Story', in: travel })
    world.addAlbum({ name: 'Files', in: travel, type: 'System Album' })
    await using simulator = await simulate(world)
    const names = async (query: string) =>
      itemsAt(await askJson(simulator, `/api/v2/node/trav1!children?${query}`), 'Response', 'Node').map((node) =>
        at(node, 'Name'),
      )
    expect(await names('Type=All')).toEqual(['Rome', 'Athens', 'Older', 'Story', 'Files'])
    expect(await names('Type=Album&SortMethod=Name')).toEqual(['Athens', 'Rome'])
    expect(await names('Type=Folder%20Album%20Page')).toEqual(['Rome', 'Athens', 'Older', 'Story'])
    expect(await names('Type=System%20Album')).toEqual(['Files'])
    expect(await names('SortDirection=Descending&count=2')).toEqual(['Files', 'Story'])
  })

  test('of folders by path and by id lead to the same folder and up to the root', async () => {
    await using simulator = await simulate(travelWorld().world)
    const byPath = await askJson(simulator, '/api/v2/folder/user/janedoe/Travel')
    expect(at(byPath, 'Response', 'Folder', 'NodeID')).toBe('trav1')
    expect(at(await askJson(simulator, '/api/v2/folder/id/trav1'), 'Response', 'Folder')).toMatchObject({
      Name: 'Travel',
      UrlPath: '/Travel',
    })
    const parents = await askJson(simulator, '/api/v2/folder/user/janedoe/Travel!parents')
    expect(itemsAt(parents, 'Response', 'Folder').map((folder) => at(folder, 'UrlPath'))).toEqual(['/Travel', ''])
    expect(at(await askJson(simulator, '/api/v2/folder/user/janedoe!size'), 'Response', 'Size')).toMatchObject({
      FolderCount: 1,
      AlbumCount: 1,
      MediaCount: 3,
    })
  })
})

describe('values', () => {
  test('are as odd as the real ones', async () => {
    const { world, steps, rome } = travelWorld()
    world.addImage(rome, {
      key: 'gps2222',
      seed: 7,
      gps: { latitude: 41.9057, longitude: 12.4823, altitude: -5 },
      uploadedAt: 0,
      fileName: '',
    })
    world.editImage(steps, { capturedAt: '2019-08-04T11:28:12', caption: 'Fish & <b>chips</b>' })
    await using simulator = await simulate(world)
    const [first, second, , fourth] = itemsAt(await askJson(simulator, IMAGES), 'Response', 'AlbumImage')
    expect(first).toMatchObject({
      Latitude: '0.00000000000000',
      Longitude: '0.00000000000000',
      Altitude: 0,
      DateTimeOriginal: '2019-08-04T18:28:12+00:00',
      KeywordArray: ['rome', 'spanish steps'],
      Keywords: 'rome; "spanish steps"',
      ComponentFileTypes: { Image: ['jpg'] },
      Serial: 0,
      FormattedValues: { Caption: { html: 'Fish &amp; &lt;b&gt;chips&lt;/b&gt;', text: 'Fish & <b>chips</b>' } },
    })
    expect(second).toMatchObject({ Latitude: '0', ComponentFileTypes: [], IsVideo: true, Format: 'MP4' })
    expect(second).not.toHaveProperty('DateTimeOriginal')
    expect(fourth).toMatchObject({
      FileName: '',
      Latitude: '41.905700000000',
      Altitude: 0,
      DateTimeUploaded: '1970-01-01T00:00:00+00:00',
    })
    expect(fourth).not.toHaveProperty('Serial')
    const metadata = at(await askJson(simulator, '/api/v2/image/steps22-0!metadata'), 'Response', 'ImageMetadata')
    expect(metadata).toMatchObject({ DateTimeCreated: '2019-08-04T11:28:12', Copyright: '', ISO: 100 })
  })

  test('of winter dates are shifted by Pacific standard time', async () => {
    const { world, steps } = travelWorld()
    world.editImage(steps, { capturedAt: '2020-01-05T23:30:00' })
    await using simulator = await simulate(world)
    const image = await askJson(simulator, '/api/v2/image/steps22-0')
    expect(textAt(image, 'Response', 'Image', 'DateTimeOriginal')).toBe('2020-01-06T07:30:00+00:00')
  })

  test('of a size or MD5 that is withheld are absent or empty', async () => {
    const { world, steps, clip } = travelWorld()
    Object.assign(steps, { md5: 'empty', sizeGiven: false })
    if (clip.video) Object.assign(clip.video, { md5: 'absent', sizeGiven: false })
    await using simulator = await simulate(world)
    const image = at(await askJson(simulator, '/api/v2/image/steps22-0'), 'Response', 'Image')
    expect(image).toMatchObject({ ArchivedMD5: '' })
    for (const name of ['ArchivedSize', 'OriginalSize']) expect(image).not.toHaveProperty(name)
    const video = at(await askJson(simulator, '/api/v2/image/clip222-0!largestvideo'), 'Response', 'LargestVideo')
    for (const name of ['Size', 'MD5']) expect(video).not.toHaveProperty(name)
    expect(video).toHaveProperty('Url')
  })

  test('of a video that is being processed lack LargestVideo', async () => {
    const { world, rome } = travelWorld()
    world.addVideo(rome, { key: 'proc222', processing: true })
    await using simulator = await simulate(world)
    const image = at(await askJson(simulator, '/api/v2/image/proc222-0'), 'Response', 'Image')
    expect(image).toMatchObject({ Processing: true, IsVideo: true })
    expect(at(image, 'Uris')).not.toHaveProperty('LargestVideo')
    expect(await askJson(simulator, '/api/v2/image/proc222-0!largestvideo')).toMatchObject({ Code: 404 })
  })

  test('that drift can be made to: ImageCount of album and user', async () => {
    const { world, rome } = travelWorld()
    rome.imageCount = 99
    world.user.imageCount = 1234
    await using simulator = await simulate(world)
    expect(at(await askJson(simulator, '/api/v2/album/AbC123'), 'Response', 'Album', 'ImageCount')).toBe(99)
    expect(at(await askJson(simulator, '/api/v2!authuser'), 'Response', 'User', 'ImageCount')).toBe(1234)
  })
})
