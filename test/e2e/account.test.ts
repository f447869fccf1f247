import { describe, it } from 'vitest'
import { demoWorld } from '../../src/simulator/demo.ts'
import { World } from '../../src/simulator/world.ts'
import { expectAllHome, scenario } from './scenario.ts'

function sixtyImages(): World {
  const world = new World()
  for (let i = 0; i < 6; i++) {
    const album = world.addAlbum({ name: `Album ${i}` })
    for (let j = 0; j < 10; j++) world.addImage(album)
  }
  return world
}

describe.concurrent('a whole account', () => {
  it('comes home, every file verified; what SmugMug still processes is named, and the run exits 1', async ({
    expect,
  }) => {
    await using scene = await scenario(demoWorld())
    const { failed, transcodes, gone } = await expectAllHome(scene, await scene.download(), { new: 302, failed: 1 })
    expect(failed).toMatchObject([{ item: "Family & Friends/Ana's birthday: the movie?/Dancing.MOV" }])
    expect({ transcodes, gone }).toEqual({ transcodes: 1, gone: 0 })
    await expect(`${[...(await scene.home()).keys()].join('\n')}\n`).toMatchFileSnapshot('golden/demo-tree.txt')
  })

  it('is fetched in as many downloads at once as are asked for, with the same result', async ({ expect }) => {
    const trees = await Promise.all(
      ['1', '32'].map(async (concurrency) => {
        await using scene = await scenario(sixtyImages())
        await expectAllHome(scene, await scene.download('--concurrency', concurrency), { new: 60 })
        return [...(await scene.home())].map(([path, file]) => [path, typeof file === 'object' ? file.md5 : file])
      }),
    )
    expect(trees[0]).toEqual(trees[1])
  })

  it('that is empty comes home as an empty folder', async ({ expect }) => {
    await using scene = await scenario(new World())
    await expectAllHome(scene, await scene.download(), {})
    expect(await scene.home()).toEqual(new Map())
  })

  it('keeps an album without images as a folder', async ({ expect }) => {
    const world = new World()
    world.addAlbum({ name: 'Nothing yet', in: world.addFolder({ name: 'Plans' }) })
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), {})
    expect(await scene.home()).toEqual(new Map([['Plans/Nothing yet/', 'empty folder']]))
  })

  it('comes home from the seventh folder below the root', async ({ expect }) => {
    const world = new World()
    let folder = world.root
    for (const name of ['1', '2', '3', '4', '5', '6', '7']) folder = world.addFolder({ name, in: folder })
    world.addImage(world.addAlbum({ name: 'Deep', in: folder }), { fileName: 'a.jpg' })
    await using scene = await scenario(world)
    await expectAllHome(scene, await scene.download(), { new: 1 })
    expect([...(await scene.home()).keys()]).toEqual(['1/2/3/4/5/6/7/Deep/a.jpg'])
  })
})
