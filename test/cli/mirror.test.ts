import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { Inside } from './inside.ts'

/** An album of 25 pictures, at home, and then so many of them deleted on SmugMug. */
async function deleted(count: number): Promise<Inside> {
  const world = new World()
  const album = world.addAlbum({ name: 'Rome' })
  const images = Array.from({ length: 25 }, (_, n) => world.addImage(album, { fileName: `${n}.jpg`, size: 1000 }))
  const scene = await Inside.of(world)
  await scene.download()
  for (const image of images.slice(0, count)) world.removeImage(image)
  return scene
}

describe('smugdl download --mirror', () => {
  it('moves to the trash what is gone, says so, and plans it with --dry-run; without it what is gone is kept', async () => {
    await using scene = await deleted(2)
    expect((await scene.smugdl([])).out).toContain('2 pictures and videos at home no longer on SmugMug: kept')
    expect((await scene.smugdl(['--mirror', '--dry-run'])).out).toContain('2 files no longer on SmugMug would be moved')
    expect((await scene.home()).size).toBe(25)
    const { code, out } = await scene.smugdl(['--mirror', '--prune-trash', '90d'])
    expect([code, out]).toEqual([0, expect.stringContaining('2 files no longer on SmugMug moved to the trash')])
    expect((await scene.home()).size).toBe(23)
    expect(await readdir(join(scene.output, '.smugdl', 'trash'))).toHaveLength(1)
  })

  it('exits 1 with the reason when it would be too much, and takes a number or a percentage for that', async () => {
    await using scene = await deleted(21)
    for (const args of [[], ['--max-delete', '20'], ['--max-delete', '80%']]) {
      const { code, out } = await scene.smugdl(['--mirror', ...args])
      expect([code, out]).toEqual([1, expect.stringContaining('allow more with --max-delete')])
    }
    expect((await scene.home()).size).toBe(25)
    expect(await scene.download('--mirror', '--max-delete', '21')).toMatchObject({ code: 0, removed: 21, gone: 0 })
    for (const args of [
      ['--max-delete', 'all'],
      ['--max-delete', '101%'],
      ['--prune-trash', '0'],
      ['--prune-trash', 'x'],
    ])
      expect((await scene.smugdl(['--mirror', ...args])).code).toBe(2)
  })
})
