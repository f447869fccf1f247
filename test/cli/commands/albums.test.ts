import { describe, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { scenario } from '../../e2e/scenario.ts'

function world(): World {
  const world = new World()
  const travel = world.addFolder({ name: 'Travel' })
  const rome = world.addAlbum({ name: '雪 Rome', in: travel })
  for (let number = 0; number < 1200; number++) world.addImage(rome, { size: 1000 })
  world.addAlbum({ name: 'Empty', in: travel })
  world.addImage(world.addAlbum({ name: 'Bad\u001b[31m name' }))
  return world
}

describe('smugdl albums', () => {
  it('lists every album with its count and size on stdout, the total on stderr', async ({ expect }) => {
    await using scene = await scenario(world())
    const { code, stdout, stderr } = await scene.smugdl(['albums'])
    expect([code, stderr]).toEqual([0, '3 albums, 1,201 images\n'])
    const lines = stdout.split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^ {4}1 +[\d.]+ kB {2}Bad\u{fffd}\[31m name$/u)
    expect(lines[1]).toMatch(/^ {4}0 +0 B {2}Travel\/Empty$/)
    expect(lines[2]).toMatch(/^1,200 +[\d.]+ MB {2}Travel\/雪 Rome$/)
    expect(scene.smugmug.requests.some(({ path }) => path.includes('!images'))).toBe(false)
  })

  it('gives a program one object a line, names as they are', async ({ expect }) => {
    await using scene = await scenario(world())
    const { stdout } = await scene.smugdl(['albums', '--json', '--exclude', '**/empty'])
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows).toEqual([
      expect.objectContaining({ album: 'Bad\u001b[31m name', names: ['Bad\u001b[31m name'], images: 1 }),
      expect.objectContaining({ album: 'Travel/雪 Rome', names: ['Travel', '雪 Rome'], images: 1200 }),
    ])
    expect(new Set(rows.map(({ albumKey }) => albumKey)).size).toBe(2)
  })

  it('refuses an --album that matches nothing', async ({ expect }) => {
    await using scene = await scenario(world())
    expect(await scene.smugdl(['albums', '--album', 'Nothing like this'])).toMatchObject({ code: 2, stdout: '' })
  })
})
