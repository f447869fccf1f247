import { expect, test } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { Inside } from '../inside.ts'

test.each(['folder,gallery', 'folder,manifest'])(
  'what failed is remembered and asked for again with -e %s, though the second one lists it',
  async (exporters) => {
    const world = new World()
    const album = world.addAlbum({ name: 'Party' })
    world.addImage(album, { fileName: 'cake.jpg' })
    const dance = world.addVideo(album, { fileName: 'dance.MOV', processing: true })
    await using scene = await Inside.of(world)
    expect((await scene.smugdl(['-e', exporters])).code).toBe(1)
    const again = await scene.smugdl(['retry'])
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('Party/dance.MOV')])
    const third = await scene.smugdl([])
    expect(third.out).toContain(`Still failing after 3 runs. To do without it: smugdl accept ${dance.key}`)
    expect((await scene.smugdl(['find', 'dance'])).out).toContain('not there: SmugMug is still processing it')
  },
)
