import { expect, test } from 'vitest'
import { type Simulator, simulate } from '../../src/simulator/simulate.ts'
import { World } from '../../src/simulator/world.ts'
import { ask, askJson, at, itemsAt } from './ask.ts'

function guardedWorld() {
  const world = new World()
  const family = world.addFolder({ name: 'Family', privacy: 'Private' })
  const open = world.addAlbum({ name: 'Open', key: 'open22' })
  const hidden = world.addImage(open, { key: 'hidden2', hidden: true })
  const image = world.addImage(open, { key: 'image22' })
  world.addAlbum({ name: 'Unlisted', key: 'unlst2', privacy: 'Unlisted' })
  const inside = world.addImage(world.addAlbum({ name: 'Inside', in: family, key: 'insid2' }), { key: 'insid22' })
  world.addAlbum({ name: 'With password', key: 'passw2', password: true })
  return { world, hidden, image, inside }
}

const albumNames = async (simulator: Simulator) =>
  itemsAt(await askJson(simulator, '/api/v2/user/janedoe!albums'), 'Response', 'Album').map((album) =>
    at(album, 'Name'),
  )

/** What an anonymous client gets. */
async function anonymous(simulator: Simulator, path: string, apiKey = simulator.credentials.apiKey): Promise<unknown> {
  const address = `${simulator.origin}${path}${path.includes('?') ? '&' : '?'}APIKey=${apiKey}`
  return (await fetch(address, { headers: { Accept: 'application/json' } })).json()
}

test('the owner sees every album and every field', async () => {
  await using simulator = await simulate(guardedWorld().world)
  expect(await albumNames(simulator)).toEqual(['Inside', 'Open', 'Unlisted', 'With password'])
  expect(at(await askJson(simulator, '/api/v2/album/passw2'), 'Response', 'Album')).toMatchObject({
    ResponseLevel: 'Full',
    ImageCount: 0,
  })
  const node = at(await askJson(simulator, '/api/v2/album/insid2?_expand=Node&_verbosity=1'), 'Expansions')
  expect(Object.values(node as object)).toMatchObject([{ Node: { Privacy: 'Public', EffectivePrivacy: 'Private' } }])
})

test('a token with public access sees fewer albums, no error, and no fields of the owner', async () => {
  await using simulator = await simulate(guardedWorld().world, { granted: 'Public' })
  expect(await albumNames(simulator)).toEqual(['Open', 'With password'])
  const user = at(await askJson(simulator, '/api/v2!authuser'), 'Response', 'User')
  expect(user).toMatchObject({ ResponseLevel: 'Public', NickName: 'janedoe' })
  expect(user).not.toHaveProperty('ImageCount')
  const images = await askJson(simulator, '/api/v2/album/open22!images')
  expect(itemsAt(images, 'Response', 'AlbumImage').map((image) => at(image, 'ImageKey'))).toEqual(['image22'])
  expect(await askJson(simulator, '/api/v2/album/insid2')).toMatchObject({ Code: 404 })
  expect([...simulator.listing('Public')].map(({ imageKey }) => imageKey)).toEqual(['image22'])
})

test('an anonymous client needs a key, sees what is public, and reaches what is unlisted by its key', async () => {
  await using simulator = await simulate(guardedWorld().world)
  const albums = await anonymous(simulator, '/api/v2/user/janedoe!albums')
  expect(itemsAt(albums, 'Response', 'Album').map((album) => at(album, 'Name'))).toEqual(['Open', 'With password'])
  expect(at(await anonymous(simulator, '/api/v2/album/unlst2'), 'Response', 'Album', 'Name')).toBe('Unlisted')
  expect(await anonymous(simulator, '/api/v2!authuser')).toMatchObject({ Code: 401 })
  expect(await anonymous(simulator, '/api/v2/user/janedoe', 'wrong')).toEqual({
    Code: 401,
    Message: 'oauth_problem=consumer_key_unknown',
  })
})

test('a locked album is a stub with status 200 and no images, to visitors or even to the owner', async () => {
  const { world } = guardedWorld()
  world.addAlbum({ name: 'Locked', key: 'lockd2', locked: true })
  await using simulator = await simulate(world)
  for (const stub of [
    await anonymous(simulator, '/api/v2/album/passw2'),
    await askJson(simulator, '/api/v2/album/lockd2'),
  ]) {
    const album = at(stub, 'Response', 'Album')
    expect(album).toMatchObject({ ResponseLevel: 'Password', SecurityType: 'Password' })
    expect(album).not.toHaveProperty('ImageCount')
    expect(at(album, 'Uris')).toHaveProperty('UnlockAlbum')
    for (const name of ['User', 'Folder', 'ParentFolders', 'NodeCoverImage'])
      expect(at(album, 'Uris')).toHaveProperty(name)
    expect(at(album, 'Uris')).not.toHaveProperty('AlbumImages')
  }
  const images = await ask(simulator, '/api/v2/album/lockd2!images')
  expect([images.status, at(await images.json(), 'Response', 'Pages', 'Total')]).toEqual([200, 0])
})

test('a private picture needs a signature: without one there is a login page with status 200', async () => {
  const { world } = guardedWorld()
  await using simulator = await simulate(world)
  const image = at(await askJson(simulator, '/api/v2/image/insid22-0'), 'Response', 'Image')
  const url = String(at(image, 'ArchivedUri'))
  expect(url).toMatch(/\/photos\/photos\/i-insid22\/0\/\w+\/D\/i-insid22-D\.jpg$/)
  const unsigned = await fetch(url)
  expect([unsigned.status, unsigned.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect((await ask(simulator, url)).headers.get('content-type')).toBe('image/jpeg')
  const open = String(at(await askJson(simulator, '/api/v2/image/image22-0'), 'Response', 'Image', 'ArchivedUri'))
  expect((await fetch(open)).headers.get('content-type')).toBe('image/jpeg')
})

test('where downloads are not allowed a visitor gets a rendition only', async () => {
  const { world } = guardedWorld()
  const album = world.albums.get('open22')
  if (album) album.allowDownloads = false
  await using simulator = await simulate(world)
  const image = at(await anonymous(simulator, '/api/v2/image/image22-0'), 'Response', 'Image')
  expect(image).not.toHaveProperty('ArchivedUri')
  expect(at(image, 'Uris')).not.toHaveProperty('ImageDownload')
  expect(at(image, 'Uris')).toHaveProperty('LargestImage')
  expect(at(await askJson(simulator, '/api/v2/image/image22-0'), 'Response', 'Image')).toHaveProperty('ArchivedUri')
})

test('strangers see the status of a picture', async () => {
  const { world, image } = guardedWorld()
  image.subStatus = 'DB'
  await using simulator = await simulate(world)
  const seen = at(await anonymous(simulator, '/api/v2/image/image22-0'), 'Response', 'Image')
  expect(seen).toMatchObject({ Status: 'Open', SubStatus: 'DB' })
})

test('an unlisted folder hides itself only; what is in it is as public as it says', async () => {
  const { world } = guardedWorld()
  const folder = world.addFolder({ name: 'Clients', privacy: 'Unlisted' })
  world.addAlbum({ name: 'In a hidden folder', in: folder, key: 'hiddn2' })
  await using simulator = await simulate(world)
  const albums = await anonymous(simulator, '/api/v2/user/janedoe!albums')
  expect(itemsAt(albums, 'Response', 'Album').map((album) => at(album, 'Name'))).toContain('In a hidden folder')
  const album = async (key: string) => at(await askJson(simulator, `/api/v2/album/${key}`), 'Response', 'Album')
  expect(await album('hiddn2')).toMatchObject({ Privacy: 'Public' })
  // Of an album the privacy that is told is the effective one.
  expect(await album('insid2')).toMatchObject({ Privacy: 'Private' })
})

test('a picture behind a password opens to whoever has its address', async () => {
  const { world } = guardedWorld()
  const album = world.albums.get('passw2')
  if (album) world.addImage(album, { key: 'passw22' })
  await using simulator = await simulate(world)
  const url = String(at(await askJson(simulator, '/api/v2/image/passw22-0'), 'Response', 'Image', 'ArchivedUri'))
  expect((await fetch(url)).headers.get('content-type')).toBe('image/jpeg')
})

test('a user has relations that strangers do not see, and components are closed to our key', async () => {
  await using simulator = await simulate(guardedWorld().world)
  const uris = at(await askJson(simulator, '/api/v2!authuser?_shorturis='), 'Response', 'User', 'Uris')
  expect(uris).toMatchObject({ UserFeaturedAlbums: '/api/v2/user/janedoe!featuredalbums' })
  expect(uris).toHaveProperty('UserDeletedAlbums')
  const strangers = at(await anonymous(simulator, '/api/v2/user/janedoe'), 'Response', 'User', 'Uris')
  expect(strangers).not.toHaveProperty('UserDeletedAlbums')
  const image = await askJson(simulator, '/api/v2/image/image22-0?_shorturis=')
  const components = String(at(image, 'Response', 'Image', 'Uris', 'Components'))
  expect(components).toBe('/api/v2/library/asset/image22!components')
  expect((await ask(simulator, components)).status).toBe(404)
})
