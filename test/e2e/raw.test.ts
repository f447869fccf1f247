import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { scenario } from './scenario.ts'

/** Three pictures, two of which were uploaded with their RAW files. */
function account(source: World['source']) {
  const world = new World()
  world.source = source
  const album = world.addAlbum({ name: 'Rome' })
  world.addImage(album, { fileName: 'IMG_1.JPG', companions: [{ fileName: 'IMG_1.CR2', size: 400_000 }] })
  world.addImage(album, { fileName: 'IMG_2.JPG', companions: [{ fileName: 'IMG_2.CR2' }] })
  world.addImage(album, { fileName: 'IMG_3.JPG' })
  return world
}

describe.concurrent('RAW files, where SmugMug', () => {
  it('gives them, come home, and are a part of every answer', async ({ expect }) => {
    await using scene = await scenario(account('gives'))
    scene.smugmug.faults.add({ kind: 'media', times: 2, path: '/C0/', do: { kind: 'truncated' } })
    const run = await scene.download()
    expect(run.code).toBe(0)
    expect([...(await scene.home()).keys()]).toEqual([
      ...['Rome/IMG_1.CR2', 'Rome/IMG_1.JPG', 'Rome/IMG_2.CR2', 'Rome/IMG_2.JPG', 'Rome/IMG_3.JPG'],
    ])
    expect(run.summary?.raw).toMatchObject({ exporters: { folder: { listed: 2, new: 2 } } })
    const { stdout } = await scene.smugdl(['-o', scene.output])
    expect(stdout).toContain('All 3 pictures and videos and 2 RAW files are home')
    expect(stdout).toContain('folder: 5 listed = 0 new + 0 updated + 5 unchanged')
    const proof = join(scene.folder, 'proof.html')
    const check = await scene.smugdl(['check', '-o', scene.output, '--read', '--certificate', proof])
    expect([check.code, check.stdout]).toEqual([0, expect.stringContaining('Complete: 3 of 3 and 2 of 2 RAW files')])
    expect(await readFile(proof, 'utf8')).toContain('3 pictures and videos, 2 RAW files')
    expect((await scene.smugdl(['verify', '-o', scene.output])).code).toBe(0)
    const found = await scene.smugdl(['find', 'IMG_1.CR2', '-o', scene.output])
    expect([found.code, found.stdout]).toEqual([0, expect.stringContaining('IMG_1.CR2')])
  })

  it('does not give them, are said with their number; --raw require ends with 1, --raw never is silent', async ({
    expect,
  }) => {
    await using scene = await scenario(account('closed'))
    const run = await scene.smugdl(['-o', scene.output])
    expect(run.code).toBe(0)
    expect(run.stdout + run.stderr).toContain('SmugMug keeps RAW files of 2 pictures, but does not give them')
    expect(run.stdout).toContain('All 3 pictures and videos are home; the RAW files of 2 are not, see above')
    const check = await scene.smugdl(['check', '-o', scene.output])
    expect([check.code, check.stdout]).toEqual([0, expect.stringContaining('RAW files of 2 pictures: SmugMug keeps')])
    expect((await scene.download('--raw', 'require')).code).toBe(1)
    const never = await scene.smugdl(['-o', scene.output, '--raw', 'never', '--full'])
    expect([never.code, never.stdout]).toEqual([
      0,
      expect.stringContaining('RAW files of 2 pictures left out on purpose'),
    ])
    expect(never.stdout + never.stderr).not.toContain('does not give')
  })

  it('tells of them in another way, are named one by one with what came, and the pictures are home', async ({
    expect,
  }) => {
    await using scene = await scenario(account('otherwise'))
    const run = await scene.smugdl(['-o', scene.output])
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('in a way that smugdl does not understand (fields: AssetType, Href, Bytes, Uri)')
    expect(run.stdout).toContain('Rome/IMG_1 (RAW file)')
    expect(run.stdout).toContain('3 of 3 pictures and videos and 0 of 2 RAW files are home')
    expect([...(await scene.home()).keys()]).toEqual(['Rome/IMG_1.JPG', 'Rome/IMG_2.JPG', 'Rome/IMG_3.JPG'])
    expect((await scene.smugdl(['check', '-o', scene.output])).code).toBe(1)
  })
})
