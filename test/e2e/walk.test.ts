import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, expectHome, scenario } from './scenario.ts'

/** `Trips/Rome`, `Trips/North 2024/Oslo` and `Home`, an image each. */
function threeAlbums() {
  const world = new World()
  const trips = world.addFolder({ name: 'Trips' })
  const rome = world.addAlbum({ name: 'Rome', in: trips })
  const oslo = world.addAlbum({ name: 'Oslo', in: world.addFolder({ name: 'North 2024', in: trips }) })
  const home = world.addAlbum({ name: 'Home' })
  for (const album of [rome, oslo, home]) world.addImage(album, { fileName: 'a.jpg' })
  return { world, trips, rome, oslo, home }
}

const allThree = ['Home/a.jpg', 'Trips/North 2024/Oslo/a.jpg', 'Trips/Rome/a.jpg']

describe.concurrent('every album is found', () => {
  it('when the list of all albums is 404: the folders are read', async ({ expect }) => {
    const { world } = threeAlbums()
    await using scene = await scenario(world)
    scene.smugmug.faults.add({ path: '!albums', kind: 'api', do: { kind: 'status', status: 404 } })
    const { notices } = await expectAllHome(scene, await scene.download(), { new: 3 })
    expect([...(await scene.home()).keys()]).toEqual(allThree)
    expect(notices).toMatchObject([expect.stringContaining('the folders are read')])
  })

  it('when the list of all albums leaves one out, and that is said', async ({ expect }) => {
    const { world, rome } = threeAlbums()
    await using scene = await scenario(world)
    scene.smugmug.quirks.add({ path: '!albums', do: { kind: 'hidden', keys: [rome.key] } })
    const { notices } = await expectAllHome(scene, await scene.download(), { new: 3 })
    expect([...(await scene.home()).keys()]).toEqual(allThree)
    expect(notices).toMatchObject([expect.stringContaining('"Rome"')])
  })

  it('when the folders leave one out, and that is said', async ({ expect }) => {
    const { world, oslo } = threeAlbums()
    await using scene = await scenario(world)
    scene.smugmug.quirks.add({ path: '!children', do: { kind: 'hidden', keys: [oslo.id] } })
    const { notices } = await expectAllHome(scene, await scene.download(), { new: 3 })
    expect([...(await scene.home()).keys()]).toEqual(allThree)
    // Nothing else is in it.
    expect(notices).toMatchObject([expect.stringContaining('The folder "North 2024"')])
  })

  it('when a folder does not give its children: the folders in it are named by their web addresses until it does', async ({
    expect,
  }) => {
    const { world, trips } = threeAlbums()
    await using scene = await scenario(world)
    const heal = scene.smugmug.faults.add({
      path: `${trips.id}!children`,
      kind: 'api',
      do: { kind: 'status', status: 403 },
    })
    const { notices } = await expectAllHome(scene, await scene.download(), { new: 3 })
    expect(notices.join()).toContain('"Trips"')
    const [, inNorth, inTrips] = [...(await scene.home()).keys()]
    expect([inNorth, inTrips]).toEqual(['Trips/North-2024/Oslo/a.jpg', 'Trips/Rome/a.jpg'])
    heal()
    const next = await scene.download()
    await expectAllHome(scene, next, { updated: 1, unchanged: 2 })
    expect(next.requests.media).toBe(0)
    expect([...(await scene.home()).keys()]).toEqual(allThree)
  })

  it('but no files of the web site, which the tree calls a System Album', async () => {
    const { world } = threeAlbums()
    world.addImage(world.addAlbum({ name: 'Site Files', type: 'System Album' }))
    world.addPage({ name: 'About' })
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 3 })
  })

  it('private, unlisted and behind a password, because the owner asks', async () => {
    const world = new World()
    const hidden = world.addFolder({ name: 'Hidden', privacy: 'Private' })
    world.addImage(world.addAlbum({ name: 'Private', in: hidden, privacy: 'Private' }))
    world.addImage(world.addAlbum({ name: 'Unlisted', privacy: 'Unlisted' }))
    world.addImage(world.addAlbum({ name: 'Password', password: true }), { hidden: true })
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 3 })
  })

  it('and one that stays locked is a failed entry with a way out', async ({ expect }) => {
    const { world } = threeAlbums()
    const locked = world.addAlbum({ name: 'Vault', locked: true })
    world.addImage(locked)
    await using scene = await scenario(world)
    const { failed } = await expectHome(scene, await scene.download(), { new: 3, failed: 1 })
    expect(failed).toMatchObject([{ item: 'Vault', albumKey: locked.key, reason: expect.stringContaining('locked') }])
    expect(failed[0]?.next).toMatch(/password/)
    expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })
  })
})
