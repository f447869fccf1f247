import { describe, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { scenario } from '../../e2e/scenario.ts'

function account() {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  const image = world.addImage(rome, {
    fileName: 'IMG_1.JPG',
    title: 'At the\u001b[31m fountain',
    capturedAt: '2019-05-01T10:00:01',
  })
  return { world, key: image.key }
}

describe('smugdl fields', () => {
  it('shows every field with the values of a picture at home, and as they are to a program', async ({ expect }) => {
    const { world, key } = account()
    await using scene = await scenario(world)
    await scene.download()
    const { code, stdout } = await scene.smugdl(['fields', '-o', 'home'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\{name\} +IMG_1\.JPG +/m)
    expect(stdout).toMatch(/^\{album\.path\} +Travel\/Rome +/m)
    expect(stdout).toMatch(/^\{position\} +1 +/m)
    expect(stdout).not.toContain('\u001b')
    const json = (await scene.smugdl(['fields', key, '-o', 'home', '--json'])).stdout.trimEnd().split('\n')
    const values = new Map(json.map((line) => JSON.parse(line)).map(({ field, value }) => [field, value]))
    expect(values.get('title')).toBe('At the\u001b[31m fountain')
    expect(values.get('captured')).toMatch(/^2019-05-01T10:00:01/)
    expect(values.get('key')).toBe(key)
  })

  it('refuses a key that no run has listed', async ({ expect }) => {
    const { world } = account()
    await using scene = await scenario(world)
    await scene.download()
    expect(await scene.smugdl(['fields', 'nobody', '-o', 'home'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('smugdl find'),
    })
  })

  it('is what a dry run of a template shows, and what a mistake in one leads to before any request', async ({
    expect,
  }) => {
    const { world } = account()
    await using scene = await scenario(world)
    const planned = await scene.smugdl([
      'download',
      '-o',
      'home',
      '--dry-run',
      '--set',
      'folder.path={captured:%Y}/{name}',
    ])
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('\n  2019/IMG_1.JPG\n') })
    const asked = scene.smugmug.requests.length
    expect(await scene.smugdl(['download', '-o', 'home', '--set', 'folder.path={captued:%Y}/{name}'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/column 2: there is no field captued[\s\S]*captured/),
    })
    expect(scene.smugmug.requests.length).toBe(asked)
  })
})
