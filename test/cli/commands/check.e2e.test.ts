import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../../src/simulator/world.ts'
import { scenario } from '../../e2e/scenario.ts'

const plugin = `export default {
  name: 'mine',
  apiVersion: 1,
  create: (context) => ({
    deliver: (image, file) => context.place(file, [image.name]),
    inspect: (delivery, depth) => context.inspect(delivery, depth),
  }),
}
`

describe('smugdl check', () => {
  it('asks plugins what they have; of one that is not here it looks at the files itself', async () => {
    await using scene = await scenario(new World())
    const { world } = scene.smugmug
    for (const fileName of ['a.jpg', 'b.jpg'])
      world.addImage(world.albums.get('rome') ?? world.addAlbum({ name: 'Rome', key: 'rome' }), { fileName })
    const check = (...args: string[]) => scene.smugdl(['check', '-o', scene.output, ...args])
    const folder = join(scene.folder, 'plugins')
    await mkdir(folder)
    await writeFile(join(folder, 'mine.mjs'), plugin)
    expect((await scene.download('-e', 'mine', '--plugin-dir', folder)).code).toBe(0)
    expect(await check('--plugin-dir', folder, '--read')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('\nComplete: 2 of 2\n'),
    })
    await rm(join(scene.output, 'mine', 'a.jpg'))
    const { stdout } = await check('--plugin-dir', folder)
    expect(stdout).toMatch(/^\+ Rome\/a\.jpg: It was brought home and is no longer there\n\n/)
    expect(await check()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^\+ Rome\/a\.jpg: It was brought home and is no longer there\n\n/),
      stderr: expect.stringContaining('"mine" is not here'),
    })
  })

  it('writes a web page and nothing else: another name is refused before anything is compared', async () => {
    await using scene = await scenario(new World())
    const refused = await scene.smugdl(['check', '-o', scene.output, '--certificate', 'proof.pdf'])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('The certificate is a web page: proof.pdf\n  Name it proof.html')
    expect(scene.smugmug.counts.api).toBe(0)
  })
})
