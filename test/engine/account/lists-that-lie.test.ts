import { describe, expect, it } from 'vitest'
import { type Album, type Folder, World } from '../../../src/simulator/world.ts'
import { type Lie, lies } from '../../faults/lies.ts'
import { failure } from '../../smugmug/host.ts'
import { Backup } from '../adopt/backup.ts'

interface Home extends AsyncDisposable {
  backup: Backup
  travel: Folder
  rome: Album
  oslo: Album
  /** Answers so to requests for it. */
  lie(path: string | RegExp, lie: Lie): void
}

/** `Travel/Italy/Rome` and `Oslo`, with two pictures each, at home; every list is read again in the next run. */
async function atHome(): Promise<Home> {
  const world = new World()
  const travel = world.addFolder({ name: 'My Travels' })
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'To Italy', in: travel }) })
  const oslo = world.addAlbum({ name: 'Oslo' })
  for (const album of [rome, oslo])
    for (const fileName of ['a.jpg', 'b.jpg']) world.addImage(album, { fileName, size: 1000 })
  const backup = await Backup.of(world)
  await backup.run()
  const lie = (path: string | RegExp, name: Lie) => void backup.smugmug.faults.add({ path, do: lies[name] })
  return { backup, travel, rome, oslo, lie, [Symbol.asyncDispose]: () => backup[Symbol.asyncDispose]() }
}

const paths = ['My Travels/To Italy/Rome/a.jpg', 'My Travels/To Italy/Rome/b.jpg', 'Oslo/a.jpg', 'Oslo/b.jpg']
const all = { mirror: { percent: 100 }, full: true } as const

describe('an account that lists no album', () => {
  it.each(['an empty list', 'no Response', '404', '500'] as const)(
    'by %s in every list of albums and folders ends the run, and nothing at home is touched',
    async (name) => {
      await using home = await atHome()
      const { backup, lie } = home
      lie(/!albums|!children/, name)
      lie(/album\/\w+(,\w+)*\?/, '404')
      const error = await failure(backup.run(all))
      expect(error).toMatchObject({ kind: 'unreachable' })
      expect(await backup.paths()).toEqual(paths)
      backup.smugmug.faults.clear()
      expect(await backup.run(all)).toMatchObject({ failedInAll: 0, removed: 0, gone: 0, downloaded: { files: 0 } })
    },
  )

  it('although it gives those that were there before is brought home by them, and not called whole', async () => {
    await using home = await atHome()
    const { backup, lie } = home
    lie(/!albums|!children/, '500')
    const { failed, removed, exporters } = await backup.run(all)
    expect(failed[0]?.reason).toBe('Neither the list of all albums nor the folders could be read whole')
    expect([removed, exporters.folder?.unchanged]).toEqual([0, 4])
    expect(await backup.paths()).toEqual(paths)
  })

  it('is empty when it never had one and counts no image', async () => {
    await using backup = await Backup.of(new World())
    expect(await backup.run()).toMatchObject({ failedInAll: 0 })
  })

  it('is not believed to be empty when it counts images', async () => {
    const world = new World()
    world.user.imageCount = 3
    await using backup = await Backup.of(world)
    const error = await failure(backup.run())
    expect(error).toMatchObject({
      kind: 'unreachable',
      what: 'SmugMug announces 3 pictures and videos and lists no album',
    })
  })
})

describe('an album that no list names', () => {
  it('is asked for by its key, and stays while SmugMug gives it; nobody knows what else the lists leave out', async () => {
    await using home = await atHome()
    const { backup, rome } = home
    backup.smugmug.quirks.add({ path: /!albums|!children/, do: { kind: 'hidden', keys: [rome.key, rome.id] } })
    const { notices, failed, removed } = await backup.run(all)
    expect([failed.map(({ item }) => item), removed, notices]).toEqual([
      ['janedoe'],
      0,
      expect.arrayContaining([expect.stringContaining('"Rome" is in no list')]),
    ])
    expect(await backup.paths()).toEqual(paths)
  })

  it('is neither gone nor safe while SmugMug does not say', async () => {
    await using home = await atHome()
    const { backup, rome, lie } = home
    backup.smugmug.quirks.add({ path: /!albums|!children/, do: { kind: 'hidden', keys: [rome.key, rome.id] } })
    lie(`album/${rome.key}?`, '403')
    const { failed, removed } = await backup.run(all)
    expect([removed, failed[0]?.reason]).toEqual([0, expect.stringContaining('The album "Rome" is in no list')])
    expect(await backup.paths()).toEqual(paths)
  })
})

describe('a folder that says it has children and lists none', () => {
  it.each(['an empty list', 'no Response', '404'] as const)(
    '(%s) keeps its name and all that is in it',
    async (name) => {
      await using home = await atHome()
      const { backup, travel, lie } = home
      lie(`${travel.id}!children`, name)
      const { notices, failedInAll } = await backup.run(all)
      expect([failedInAll, notices]).toEqual([0, [expect.stringContaining('The folder "My Travels"')]])
      expect(await backup.paths()).toEqual(paths)
    },
  )

  it('at the top of the account, likewise', async () => {
    await using home = await atHome()
    const { backup, lie } = home
    lie(`${backup.smugmug.world.root.id}!children`, 'an empty list')
    const { notices, failedInAll } = await backup.run(all)
    expect([failedInAll, notices]).toEqual([0, [expect.stringContaining('The top folder')]])
    expect(await backup.paths()).toEqual(paths)
  })
})

it('a folder that the tree leaves out stays around the albums whose address is what it was', async () => {
  await using home = await atHome()
  const { backup, travel } = home
  backup.smugmug.quirks.add({ path: '!children', do: { kind: 'hidden', keys: [travel.id] } })
  expect(await backup.run(all)).toMatchObject({ failedInAll: 0, removed: 0 })
  expect(await backup.paths()).toEqual(paths)
})

it('a tree of folders without a ground is left at some depth', async () => {
  await using home = await atHome()
  const { backup, travel } = home
  let made = 0
  backup.smugmug.faults.add({
    path: `${travel.id}!children`,
    do: { kind: 'edited', edit: ({ Response, ...rest }) => ({ ...rest, Response: endless(Response, made++) }) },
  })
  const { notices } = await backup.run(all)
  expect(notices).toEqual(expect.arrayContaining([expect.stringContaining('more than 50 folders deep')]))
  expect(made).toBeLessThan(60)
})

/** Another folder each time, whose children are asked for at the same address. */
function endless(response: Record<string, unknown>, number: number): Record<string, unknown> {
  const [node] = response.Node as [Record<string, unknown>]
  const Uris = { ChildNodes: { Uri: response.Uri } }
  return {
    ...response,
    Node: [{ ...node, NodeID: `deep${number}`, UrlPath: `/Deep${number}`, Type: 'Folder', HasChildren: true, Uris }],
  }
}

it('a login that is refused in a folder, while the pages of the one around it still come, is the error of the run', async () => {
  const world = new World()
  const folders = Array.from({ length: 5 }, (_, i) => world.addFolder({ name: `${i}` }))
  for (const folder of folders) world.addAlbum({ name: 'Album', in: folder })
  await using backup = await Backup.of(world, { clamps: { ChildNodes: 3 } })
  const { faults, requests } = backup.smugmug
  const refused = (path: string) => requests.some((request) => request.path.includes(path) && request.status === 401)
  const heard = (async () => {
    while (!refused('!authuser')) await new Promise((resolve) => setTimeout(resolve, 5))
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  })()
  faults.add({ path: /start=4/, do: { kind: 'held', until: heard } })
  faults.add({ path: `${folders[0]?.id}!children`, do: lies.token_revoked })
  faults.add({ path: '!authuser', after: 1, do: lies.token_revoked })
  expect(await failure(backup.run())).toMatchObject({ kind: 'auth', what: 'The access token was revoked' })
  using catalog = backup.catalog()
  expect(catalog.runs.newest(1)[0]?.ended).toBe('failed')
})
