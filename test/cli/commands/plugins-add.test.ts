import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cli } from '../../../src/cli/cli.ts'
import { testIo } from '../world.ts'

const example = join(import.meta.dirname, '../../../plugins/examples/by-date.mjs')

it('smugdl plugins add copies a plugin to where it is found, once, and refuses what is none', async () => {
  const config = await mkdtemp(join(tmpdir(), 'smugdl-add-'))
  const smugdl = async (...args: string[]) => {
    const io = testIo({ env: { SMUGDL_CONFIG_DIR: config }, cwd: config })
    return { code: await cli(['plugins', ...args], { io, secrets: new Set() }), out: io.out(), err: io.err() }
  }
  await writeFile(join(config, 'none.mjs'), 'export default {')
  expect((await smugdl('add', join(config, 'none.mjs'))).code).toBe(2)
  expect(await readdir(config)).toEqual(['none.mjs'])
  expect(await smugdl('add', example)).toMatchObject({ code: 0, out: expect.stringContaining('-e folder,by-date') })
  expect(await readdir(join(config, 'plugins'))).toEqual(['by-date.mjs'])
  expect(await readFile(join(config, 'plugins/by-date.mjs'))).toEqual(await readFile(example))
  expect((await smugdl('list')).out).toMatch(/^by-date /m)
  expect(await smugdl('add', example)).toMatchObject({ code: 2, err: expect.stringContaining('There is an exporter') })

  await writeFile(join(config, 'broken.mjs'), 'export default {')
  expect((await smugdl('add', join(config, 'broken.mjs'))).code).toBe(2)
  const wanting = "export default { name: 'wanting', apiVersion: 1, wants: ['net'], create: () => ({ deliver() {} }) }"
  await writeFile(join(config, 'wanting.mjs'), wanting)
  expect((await smugdl('add', join(config, 'wanting.mjs'))).out).toContain('smugdl plugins allow wanting net')
  expect((await readdir(join(config, 'plugins'))).sort()).toEqual(['by-date.mjs', 'wanting.mjs'])
})

it('where no exporter is nearly called that, the flag that looks in another folder is named', async () => {
  const config = await mkdtemp(join(tmpdir(), 'smugdl-add-'))
  const io = testIo({ env: { SMUGDL_CONFIG_DIR: config }, cwd: config })
  expect(await cli(['plugins', 'show', 'captioned'], { io, secrets: new Set() })).toBe(2)
  expect(io.err()).toContain('gallery, s3; --plugin-dir DIR looks for plugins in another folder.\n')
})
