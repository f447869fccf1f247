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
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^3 albums, 1,201 pictures, [\d.]+ MB\n$/)])
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

  it('tells what is not public, and albums of one path by their keys', async ({ expect }) => {
    const account = new World()
    const family = account.addFolder({ name: 'Family' })
    const keys = [
      account.addAlbum({ name: 'Picnic', in: family }),
      account.addAlbum({ name: 'Picnic', in: family, privacy: 'Private' }),
    ]
    account.addAlbum({ name: 'Shared', privacy: 'Unlisted', password: true })
    await using scene = await scenario(account)
    const { stdout, stderr } = await scene.smugdl(['albums'])
    expect(stderr).toBe('3 albums (1 private, 1 unlisted, 1 with a password), 0 pictures, 0 B\n')
    expect(stdout).toMatch(new RegExp(`^0  0 B +Family/Picnic \\[${keys[0]?.key}\\]$`, 'm'))
    expect(stdout).toMatch(new RegExp(`^0  0 B  private +Family/Picnic \\[${keys[1]?.key}\\]$`, 'm'))
    expect(stdout).toMatch(/^0 {2}0 B {2}unlisted, password {2}Shared$/m)
    const json = (await scene.smugdl(['albums', '--json', '--album', 'Shared'])).stdout
    expect(JSON.parse(json)).toMatchObject({ privacy: 'unlisted', password: true })
  })

  it('takes the address of an album or folder', async ({ expect }) => {
    await using scene = await scenario(world())
    const all = (await scene.smugdl(['albums', '--json'])).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const rome = all.find(({ album }) => album.endsWith('Rome'))
    const of = async (address: string) =>
      (await scene.smugdl(['albums', '--album', address])).stdout.trimEnd().split('\n').length
    expect(await of(rome.webUri)).toBe(1)
    expect(await of('janedoe.smugmug.com/Travel')).toBe(2)
    expect(await of('https://photos.example.com/')).toBe(3)
  })

  it('refuses an --album that matches nothing', async ({ expect }) => {
    await using scene = await scenario(world())
    expect(await scene.smugdl(['albums', '--album', 'Nothing like this'])).toMatchObject({ code: 2, stdout: '' })
  })
})
