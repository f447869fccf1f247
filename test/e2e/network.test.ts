import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import type { JsonAnswer } from '../../src/simulator/faults.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { startProxy } from '../proxy.ts'
import { testCertificate } from '../smugmug/certificate.ts'
import { expectAllHome, type Scenario, scenario } from './scenario.ts'

function twoImages(): World {
  const world = new World()
  const album = world.addAlbum({ name: 'Album' })
  for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName })
  return world
}

const download = (scene: Scenario, env: Record<string, string>, ...args: string[]) =>
  scene.smugdl(['-o', scene.output, ...args], env)

const home = async (scene: Scenario) => [...(await scene.home()).keys()]
const both = ['Album/a.jpg', 'Album/b.jpg']

describe.concurrent('credentials', () => {
  it('go to no other host that a picture is redirected to', async ({ expect }) => {
    const world = twoImages()
    await using elsewhere = await simulate(world)
    await using scene = await scenario(world)
    const [image] = world.images.values()
    const photo = `/photos/i-${image?.key}`
    scene.smugmug.faults.add({
      path: image?.key ?? '',
      kind: 'media',
      do: { kind: 'redirect', to: `${elsewhere.origin}${photo}` },
    })
    expect((await download(scene, { SMUGDL_PHOTOS_ORIGIN: elsewhere.origin })).code).toBe(1)
    const asked = elsewhere.requests.map(({ path, signed }) => ({ path, signed }))
    expect(asked).toContainEqual({ path: photo, signed: false })
    expect(asked.filter(({ signed }) => signed)).toEqual([])
    expect(await home(scene)).toEqual(['Album/b.jpg'])
  })

  it('go to no other host that an API request is redirected to', async ({ expect }) => {
    await using elsewhere = await simulate(twoImages())
    await using scene = await scenario(twoImages())
    const to = `${elsewhere.origin}/api/v2!authuser`
    scene.smugmug.faults.add({ path: '!authuser', kind: 'api', do: { kind: 'redirect', to } })
    expect((await download(scene, { SMUGDL_PHOTOS_ORIGIN: elsewhere.origin })).code).toBe(3)
    const asked = elsewhere.requests.map(({ path, signed }) => ({ path: path.split('?')[0], signed }))
    expect(asked).toContainEqual({ path: '/api/v2!authuser', signed: false })
    expect(asked.filter(({ signed }) => signed)).toEqual([])
  })

  it('go along to another path of the same host', async ({ expect }) => {
    await using scene = await scenario(twoImages())
    scene.smugmug.faults.add({
      path: /^\/api\/v2!authuser/,
      kind: 'api',
      times: 1,
      do: { kind: 'redirect', to: '/api/v2!authuser' },
    })
    await expectAllHome(scene, await scene.download(), { new: 2 })
    expect(scene.smugmug.requests.slice(0, 2)).toMatchObject([
      { status: 302, signed: true },
      { status: 200, signed: true },
    ])
  })

  it('do not go to a photo host that is not SmugMug’s', async ({ expect }) => {
    await using scene = await scenario(twoImages(), { mediaOrigin: 'other' })
    await expectAllHome(scene, await scene.download(), { new: 2 })
    const pictures = scene.smugmug.requests.filter(({ kind }) => kind === 'media')
    expect(pictures).toHaveLength(2)
    for (const { origin, signed } of pictures) expect([origin, signed]).toEqual([scene.smugmug.photosOrigin, false])
  })

  it('go along with every API request and, on the same host, with every picture', async ({ expect }) => {
    await using scene = await scenario(twoImages())
    await expectAllHome(scene, await scene.download(), { new: 2 })
    expect(scene.smugmug.requests.filter(({ signed }) => !signed)).toEqual([])
  })

  it('are tried without once, where a picture is refused with them', async ({ expect }) => {
    await using scene = await scenario(twoImages())
    const [image] = scene.smugmug.world.images.values()
    scene.smugmug.faults.add({ path: image?.key ?? '', kind: 'media', times: 1, do: { kind: 'status', status: 403 } })
    await expectAllHome(scene, await scene.download(), { new: 2 })
    const asked = scene.smugmug.requests.filter(
      ({ path }) => path.startsWith('/photos/') && path.includes(image?.key ?? ''),
    )
    expect(asked.map(({ status, signed }) => [status, signed])).toEqual([
      [403, true],
      [200, false],
    ])
  })

  it('are nowhere in what is said, with -v, with --json, in the log file or in the catalog', async ({ expect }) => {
    await using scene = await scenario(twoImages())
    const log = join(scene.folder, 'log.txt')
    const said = [
      await scene.smugdl(['-o', scene.output, '-v', '--log-file', log]),
      await scene.smugdl(['-o', scene.output, '--json', '-v', '--full', '--log-file', log]),
      await scene.smugdl(['whoami']),
      await scene.smugdl(['-o', scene.output], { SMUGDL_ACCESS_TOKEN: 'nobody-knows-this-token' }),
    ]
    const texts = [
      ...said.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      await readFile(log, 'latin1'),
      await readFile(join(scene.output, '.smugdl/catalog.sqlite'), 'latin1'),
    ]
    const secrets = [...Object.values(scene.smugmug.credentials), 'nobody-knows-this-token']
    for (const text of texts) for (const secret of secrets) expect(text.includes(secret)).toBe(false)
  })
})

describe.concurrent('what is at no public host, and at no origin that is configured,', () => {
  it('is not asked for where a picture is redirected to it', async ({ expect }) => {
    await using elsewhere = await simulate(twoImages())
    await using scene = await scenario(twoImages())
    const [image] = scene.smugmug.world.images.values()
    const to = `${elsewhere.origin}/photos/i-${image?.key}`
    scene.smugmug.faults.add({ path: image?.key ?? '', kind: 'media', do: { kind: 'redirect', to } })
    const { code, summary } = await scene.download()
    expect([code, summary?.failed]).toMatchObject([
      1,
      [{ item: 'Album/a.jpg', reason: expect.stringContaining('not safe') }],
    ])
    expect(elsewhere.requests).toEqual([])
  })

  it('is not asked for where a list names it, no more than what is no address; the rest comes home', async ({
    expect,
  }) => {
    await using elsewhere = await simulate(twoImages())
    await using scene = await scenario(twoImages())
    const album = [...scene.smugmug.world.albums.values()][0]
    const odd = [
      `${elsewhere.origin}/photos/x.jpg`,
      'http://[',
      'https://photos.smugmug.com:99999/x',
      'https://10.0.0.1/x',
    ]
    if (album)
      for (const [index] of odd.entries()) scene.smugmug.world.addImage(album, { fileName: `odd ${index}.jpg` })
    const edit = (answer: JsonAnswer) => {
      const images = answer.Response.AlbumImage as Record<string, unknown>[]
      for (const [index, url] of odd.entries()) Object.assign(images[index + 2] ?? {}, { ArchivedUri: url })
      // Of our own host, and of our own scheme.
      Object.assign(images[0] ?? {}, { ArchivedUri: new URL(String(images[0]?.ArchivedUri)).pathname })
      Object.assign(images[1] ?? {}, { ArchivedUri: String(images[1]?.ArchivedUri).replace(/^http:/, '') })
      return answer
    }
    scene.smugmug.faults.add({ path: '!images', do: { kind: 'edited', edit } })
    const { code, summary } = await scene.download()
    expect([code, summary?.failed]).toMatchObject([
      1,
      [
        { item: 'Album/odd 0.jpg', reason: /not safe/ },
        { item: 'Album/odd 1.jpg', reason: /address/ },
        { item: 'Album/odd 2.jpg', reason: /address/ },
        { item: 'Album/odd 3.jpg', reason: /not safe/ },
      ].map(({ item, reason }) => ({ item, reason: expect.stringMatching(reason) })),
    ])
    expect(elsewhere.requests).toEqual([])
    expect(await home(scene)).toEqual(both)
  })
})

describe.concurrent('a proxy', () => {
  for (const variable of ['HTTP_PROXY', 'http_proxy'])
    it(`that ${variable} names carries API requests and pictures alike`, async ({ expect }) => {
      await using proxy = await startProxy()
      await using scene = await scenario(twoImages(), { mediaOrigin: 'other' })
      expect((await download(scene, { [variable]: proxy.url })).code).toBe(0)
      const { origin, photosOrigin } = scene.smugmug
      expect(new Set(proxy.asked)).toEqual(new Set([new URL(origin).host, new URL(photosOrigin).host]))
      expect(await home(scene)).toEqual(both)
    })

  it('is passed by for the hosts that NO_PROXY names', async ({ expect }) => {
    await using proxy = await startProxy()
    await using scene = await scenario(twoImages())
    expect((await download(scene, { HTTP_PROXY: proxy.url, NO_PROXY: 'example.com,127.0.0.1' })).code).toBe(0)
    expect(proxy.asked).toEqual([])
    expect(await home(scene)).toEqual(both)
  })

  it('may be named without a scheme, and what is no address is refused without being shown', async ({ expect }) => {
    await using proxy = await startProxy()
    await using scene = await scenario(twoImages())
    expect((await download(scene, { HTTP_PROXY: new URL(proxy.url).host })).code).toBe(0)
    expect(proxy.asked).not.toEqual([])
    const { code, stderr } = await download(scene, { https_proxy: 'socks5://jane:pass-word@localhost' })
    expect([code, stderr]).toEqual([2, expect.stringContaining('https_proxy is not the address of a proxy')])
    expect(stderr).not.toContain('pass-word')
  })
})

describe.concurrent('over TLS', () => {
  async function overTls() {
    const scene = await scenario(twoImages(), { tls: testCertificate })
    const pem = join(scene.folder, 'ca.pem')
    await writeFile(pem, testCertificate.cert)
    return { scene, pem }
  }

  it('a certificate that --ca-file names is trusted, for API and pictures', async ({ expect }) => {
    const { scene, pem } = await overTls()
    await using _ = scene
    expect((await download(scene, {}, '--ca-file', pem)).code).toBe(0)
    expect(await home(scene)).toEqual(both)
  })

  it('and one that SSL_CERT_FILE names, beside the others', async ({ expect }) => {
    const { scene, pem } = await overTls()
    await using _ = scene
    expect((await download(scene, { SSL_CERT_FILE: pem })).code).toBe(0)
    const missing = await download(scene, { SSL_CERT_FILE: `${pem}.missing` })
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('SSL_CERT_FILE')])
  })

  it('and through a proxy', async ({ expect }) => {
    const { scene, pem } = await overTls()
    await using _ = scene
    await using proxy = await startProxy()
    expect((await download(scene, { HTTPS_PROXY: proxy.url, SMUGDL_CA_FILE: pem })).code).toBe(0)
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(scene.smugmug.origin).host]))
    expect(await home(scene)).toEqual(both)
  })

  it('one that nobody vouches for is refused at once: exit 5, and what to do', async ({ expect }) => {
    const { scene } = await overTls()
    await using _ = scene
    const { code, stderr } = await download(scene, {})
    expect([code, stderr]).toEqual([5, expect.stringContaining('--ca-file')])
    expect(scene.smugmug.requests).toEqual([])
  })
})
