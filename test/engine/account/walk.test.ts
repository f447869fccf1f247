import { describe, expect, test } from 'vitest'
import type { JsonAnswer } from '../../../src/simulator/faults.ts'
import { simulate } from '../../../src/simulator/simulate.ts'
import { albumsBelow, World } from '../../../src/simulator/world.ts'
import { albumsByKey, albumsOf } from '../../../src/smugmug/api/album.ts'
import type { AlbumKey } from '../../../src/smugmug/api/keys.ts'
import { childrenOf } from '../../../src/smugmug/api/node.ts'
import { authUser } from '../../../src/smugmug/api/user.ts'
import { asAccount, collect, failure } from '../../smugmug/host.ts'

function deepWorld(albums: number): World {
  const world = new World({ nickName: 'marisol', name: 'Marisol Vega' })
  const deep = world.addFolder({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  for (let i = 0; i < albums; i++) world.addAlbum({ name: `Album ${i}`, in: i % 2 === 0 ? deep : world.root })
  return world
}

test('authUser() says whose token it is, and carries nothing private', async () => {
  await using simulator = await simulate(deepWorld(2))
  await using smugmug = asAccount(simulator)
  const user = await authUser(smugmug.api)
  expect(user).toMatchObject({
    nickName: 'marisol',
    name: 'Marisol Vega',
    responseLevel: 'Full',
    imageCount: 0,
    nodeId: simulator.world.root.id,
    albumsUri: '/api/v2/user/marisol!albums',
  })
  expect(Object.keys(user.raw)).not.toContain('Email')
  expect(Object.keys(user.raw)).not.toContain('ViewPassword')
})

test('authUser() throws `auth` once the user has withdrawn the grant', async () => {
  await using simulator = await simulate(deepWorld(0))
  await using smugmug = asAccount(simulator)
  simulator.revoke()
  expect(await failure(authUser(smugmug.api))).toMatchObject({
    kind: 'auth',
    what: 'The access token was revoked',
    next: 'Run "smugdl login"',
  })
})

test('authUser() throws `unreachable` when SmugMug goes on failing', async () => {
  await using simulator = await simulate(deepWorld(0))
  await using smugmug = asAccount(simulator)
  simulator.faults.add({ path: '!authuser', do: { kind: 'status', status: 500 } })
  expect(await failure(authUser(smugmug.api))).toMatchObject({ kind: 'unreachable' })
})

describe.each([0, 1, 99, 100, 101, 250])('an account of %i albums', (count) => {
  test('albumsOf() lists each once, at any depth', async () => {
    await using simulator = await simulate(deepWorld(count))
    await using smugmug = asAccount(simulator)
    const albums = await collect(albumsOf(smugmug.api, await authUser(smugmug.api)))
    expect(albums.map(({ key }) => key).sort()).toEqual([...simulator.world.albums.keys()].sort())
  })
})

test('childrenOf() walks the tree to every album, by id and by the path that a node gives', async () => {
  await using simulator = await simulate(deepWorld(230))
  await using smugmug = asAccount(simulator)
  const found: string[] = []
  async function visit(folder: string): Promise<void> {
    for await (const node of childrenOf(smugmug.api, folder)) {
      if (node.type === 'Folder') await visit(node.childrenUri)
      if (node.albumKey !== undefined) found.push(node.albumKey)
    }
  }
  await visit(simulator.world.root.id)
  expect(found).toEqual([...albumsBelow(simulator.world.root)].map(({ key }) => key))
  expect((await collect(childrenOf(smugmug.api, simulator.world.root.id)))[0]).toMatchObject({
    type: 'Folder',
    name: 'Travel',
    hasChildren: true,
    albumKey: undefined,
  })
})

describe('albumsByKey()', () => {
  test('finds many in few requests', async () => {
    await using simulator = await simulate(deepWorld(120))
    await using smugmug = asAccount(simulator)
    const keys = [...simulator.world.albums.keys()] as AlbumKey[]
    const albums = await collect(albumsByKey(smugmug.api, [...keys, ...keys]))
    expect(albums.map(([key]) => key).sort()).toEqual([...keys].sort())
    expect(simulator.requests).toHaveLength(3)
  })

  test('says of a key that it is gone, and of no other', async () => {
    await using simulator = await simulate(deepWorld(5))
    await using smugmug = asAccount(simulator)
    const keys = [...simulator.world.albums.keys()] as AlbumKey[]
    const albums = await collect(albumsByKey(smugmug.api, ['Gone00' as AlbumKey, ...keys]))
    expect(albums.filter(([, album]) => album === undefined)).toEqual([['Gone00', undefined]])
    expect(albums.map(([key]) => key).sort()).toEqual([...keys, 'Gone00'].sort())
  })

  test('takes no other album for the one that was asked for, and no refusal for an end', async () => {
    await using simulator = await simulate(deepWorld(2))
    await using smugmug = asAccount(simulator)
    const [first = '', second = ''] = simulator.world.albums.keys()
    simulator.faults.add({ path: `album/${second}?`, do: { kind: 'status', status: 403 } })
    simulator.faults.add({ path: /album\/[^/!]*,/, do: { kind: 'status', status: 400 } })
    const edit = (answer: JsonAnswer) => ({ ...answer, Response: { Locator: 'Album', Album: { AlbumKey: second } } })
    simulator.faults.add({ path: `album/${first}?`, do: { kind: 'edited', edit } })
    expect(await collect(albumsByKey(smugmug.api, [first, second] as AlbumKey[]))).toEqual([
      [first, expect.objectContaining({ what: 'SmugMug answers with another album' })],
      [second, expect.objectContaining({ status: 403 })],
    ])
  })

  test.each([400, 403, 404])('asks one by one where several at once are answered with %i', async (status) => {
    await using simulator = await simulate(deepWorld(3))
    await using smugmug = asAccount(simulator)
    simulator.faults.add({ path: /album\/[^/!]*,/, do: { kind: 'status', status } })
    const keys = [...simulator.world.albums.keys()] as AlbumKey[]
    const albums = await collect(albumsByKey(smugmug.api, keys))
    expect(albums.map(([key]) => key)).toEqual(keys)
  })
})
