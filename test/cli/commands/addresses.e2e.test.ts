import { expect, test } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { scenario } from '../../e2e/scenario.ts'

test('a copied address of a picture, an album or a folder is taken by find, accept and --album', async () => {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  const [a] = ['a.jpg', 'b.jpg'].map((fileName) => world.addImage(rome, { fileName }))
  world.addImage(world.addAlbum({ name: 'Garden' }), { fileName: 'c.jpg' })
  await using scene = await scenario(world)
  const site = 'https://janedoe.smugmug.com'
  expect((await scene.download('--album', `${site}/Travel`)).summary?.exporters.folder).toMatchObject({
    new: 2,
    skipped: 1,
  })
  await scene.download()
  const found = async (address: string) => (await scene.smugdl(['find', address, '-o', 'home'])).stderr
  expect(await found(`${site}/Travel/Rome/i-${a?.key}/A`)).toBe('1 picture or video found\n')
  expect(await found(`${site}/Travel`)).toBe('2 pictures and videos found\n')
  expect(await found(`${site}/Trav`)).toMatch(/^No picture or video/)
  const accepted = await scene.smugdl(['accept', `${site}/Travel/Rome/i-${a?.key}`, '--reason', 'known', '-o', 'home'])
  expect(accepted.code).toBe(0)
  expect((await scene.smugdl(['accept', '-o', 'home'])).stdout).toContain(String(a?.key))
  expect((await scene.smugdl(['accept', `${site}/Nowhere`, '--reason', 'known', '-o', 'home'])).code).toBe(2)
})
