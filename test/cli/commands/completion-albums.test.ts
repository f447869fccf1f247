import { expect, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { Inside } from '../inside.ts'

it('smugdl completion albums prints those of the home that the line names, no more than anybody reads', async () => {
  const world = new World()
  const family = world.addFolder({ name: 'Family & Friends' })
  world.addAlbum({ name: `It's "5/6"`, in: family })
  world.addAlbum({ name: 'Picnic', in: family })
  const many = world.addFolder({ name: 'Many' })
  for (let n = 0; n < 120; n++) world.addAlbum({ name: `Album ${n}`, in: many })
  await using scene = await Inside.of(world)
  await scene.download()
  const offered = async (...words: string[]) =>
    (await scene.smugdl(['completion', 'albums', '--', 'smugdl', ...words], { SMUGDL_OUTPUT: undefined })).out
  for (const begun of ['family\\ \\&\\ Friends/I', '"Family & Friends/I', "'Family & Friends/I"])
    expect(await offered('-o', scene.output, '--album', begun)).toBe(`Family & Friends/It's "5/6"\n`)
  expect((await offered(`--output=${scene.output}`, '--album', 'many')).trimEnd().split('\n')).toHaveLength(100)
  expect(await offered('-o', '/nowhere', '--album', '')).toBe('')
})
