import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { scenario } from './scenario.ts'

it.concurrent('what is at home can be verified, repaired, looked up and let go by the built program', async ({
  expect,
}) => {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  const images = ['a.jpg', 'b.jpg', 'c.jpg'].map((fileName) => world.addImage(rome, { fileName, size: 3000 }))
  world.addVideo(rome, { fileName: 'dance.mov', processing: true, key: 'Dance42' })
  await using scene = await scenario(world)
  const home = (...args: string[]) => scene.smugdl([...args, '-o', 'home'])
  const codes = async (...lines: string[][]) => {
    const found: (number | undefined)[] = []
    for (const line of lines) found.push((await home(...line)).code)
    return found
  }
  expect(await codes(['download'], ['verify'])).toEqual([1, 0])

  const rotten = join(scene.output, 'Travel/Rome/a.jpg')
  const { atime, mtime } = await stat(rotten)
  await writeFile(rotten, (await readFile(rotten)).fill(0, 1000, 1010))
  await utimes(rotten, atime, mtime)
  await rm(join(scene.output, 'Travel/Rome/b.jpg'))
  const { code, stdout } = await home('verify', '--repair')
  expect([code, stdout]).toEqual([0, expect.stringContaining('repaired: 2 items = 2 right again + 0 as before')])
  expect(await scene.difference()).toEqual({ missing: [], unexpected: [] })

  expect((await home('runs', 'show')).stdout).toBe('')
  expect((await home('find', 'A.JPG')).stdout).toContain('Travel/Rome/a.jpg (folder')
  expect(await codes(['retry'], ['accept', 'Dance42', '--reason', 'never mind'], ['retry'], ['download'])).toEqual([
    1, 0, 0, 0,
  ])
  for (const image of images.slice(1)) world.removeImage(image)
  expect(await codes(['download', '--mirror', '--max-delete', '1'], ['download', '--mirror'])).toEqual([1, 0])
  expect([...(await scene.home()).keys()]).toEqual(['Travel/Rome/a.jpg'])
}, 180_000)
