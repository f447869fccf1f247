import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allow, allowedTo } from '../../src/app/allowed-plugins.ts'
import type { Environment } from '../../src/app/environment.ts'
import { grantsFor, grantsIn, permitted } from '../../src/app/plugin-permissions.ts'
import { type FoundPlugin, pluginAt } from '../../src/plugin-host/find.ts'
import { noGrants } from '../../src/plugin-host/permissions.ts'

class Place implements AsyncDisposable {
  readonly folder: string
  readonly environment: Environment

  private constructor(folder: string) {
    this.folder = folder
    const env = { SMUGDL_CONFIG_DIR: join(folder, 'config') }
    this.environment = { env, platform: process.platform, cwd: folder, program: [] }
  }

  static async make(): Promise<Place> {
    const place = new Place(await mkdtemp(join(tmpdir(), 'smugdl-allowed-')))
    await mkdir(join(place.folder, 'captioned/node_modules/dictionary'), { recursive: true })
    await place.write('captioned/package.json', '{"main":"index.mjs"}')
    await place.write('captioned/index.mjs', 'export default {}')
    await place.write('captioned/node_modules/dictionary/index.js', 'words')
    return place
  }

  write(path: string, text: string): Promise<void> {
    return writeFile(join(this.folder, path), text)
  }

  async plugin(path = 'captioned'): Promise<FoundPlugin> {
    const found = await pluginAt(join(this.folder, path))
    if (found === undefined) throw new Error(`${path} is no plugin`)
    return found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

const net = { ...noGrants, net: true }

test('what a plugin was allowed is kept for its own files, in a file that only its owner may read', async () => {
  await using place = await Place.make()
  const plugin = await place.plugin()
  const grants = { ...net, read: ['/photos'] }
  await allow(plugin, grants, place.environment)
  expect(await allowedTo(plugin, place.environment)).toEqual({ grants, isChanged: false })
  const { mode } = await stat(join(place.folder, 'config/plugin-permissions.json'))
  if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600)
})

test.each([
  ['its own file', 'captioned/index.mjs'],
  ['a package that lies in it', 'captioned/node_modules/dictionary/index.js'],
  ['a new file in it', 'captioned/more.mjs'],
])('a plugin of which %s changed is asked for again, and refused where nobody can answer', async (_, path) => {
  await using place = await Place.make()
  const plugin = await place.plugin()
  await allow(plugin, net, place.environment)
  await place.write(path, 'stealing')
  await expect(grantsFor(plugin, noGrants, {}, place.environment)).rejects.toMatchObject({
    kind: 'usage',
    what: 'The plugin captioned was changed since it was allowed net',
    next: `If you trust what it is now: smugdl plugins allow captioned net --plugin-dir ${place.folder}`,
  })
  await expect(grantsFor(plugin, noGrants, { confirm: async () => false }, place.environment)).rejects.toThrow()
  const asked: string[] = []
  const confirm = async (question: string) => asked.push(question) > 0
  expect(await grantsFor(plugin, noGrants, { confirm }, place.environment)).toEqual(net)
  expect(asked).toHaveLength(1)
  expect(await grantsFor(plugin, noGrants, {}, place.environment)).toEqual(net)
})

test('another plugin of the same name elsewhere, or behind a link, has only what its own files were allowed', async () => {
  await using place = await Place.make()
  await allow(await place.plugin(), net, place.environment)
  await mkdir(join(place.folder, 'other/captioned'), { recursive: true })
  await place.write('other/captioned/package.json', '{"main":"index.mjs"}')
  await place.write('other/captioned/index.mjs', 'export default {}')
  const other = await place.plugin('other/captioned')
  expect(await grantsFor(other, noGrants, {}, place.environment)).toEqual(noGrants)
  await mkdir(join(place.folder, 'links'))
  await symlink(join(place.folder, 'captioned'), join(place.folder, 'links/captioned'))
  expect((await allowedTo(await place.plugin('links/captioned'), place.environment)).grants).toEqual(net)
})

test('what a plugin wants is asked for before it runs, once, and refused with the command where nobody can answer', async () => {
  await using place = await Place.make()
  const plugin = await place.plugin()
  await expect(permitted(plugin, ['net', 'run'], noGrants, {}, place.environment)).rejects.toMatchObject({
    kind: 'usage',
    what: 'The plugin captioned asks to use the network and start programs, which may do whatever you may',
    next: `If you trust it: smugdl plugins allow captioned net run --plugin-dir ${place.folder}. Nothing was downloaded`,
  })
  const installed = { ...plugin, path: join(place.folder, 'config/plugins/captioned') }
  await expect(permitted(installed, ['net'], noGrants, {}, place.environment)).rejects.toMatchObject({
    next: 'If you trust it: smugdl plugins allow captioned net. Nothing was downloaded',
  })
  expect(await permitted(plugin, ['net'], net, {}, place.environment)).toEqual(net)
  const yes = { confirm: async () => true }
  expect(await permitted(plugin, ['net'], noGrants, yes, place.environment)).toEqual(net)
  expect(await grantsFor(plugin, noGrants, {}, place.environment)).toEqual(net)
})

test('a file of permissions that cannot be read allows nothing and is named', async () => {
  await using place = await Place.make()
  await mkdir(join(place.folder, 'config'))
  await place.write('config/plugin-permissions.json', '{"plugins": true}')
  await expect(allowedTo(await place.plugin(), place.environment)).rejects.toMatchObject({
    kind: 'usage',
    what: 'The rights of plugins cannot be read',
  })
})

test('rights are read as they are typed, and what is none is refused', () => {
  const where = { env: {}, cwd: '/here', platform: 'linux' as const }
  expect(grantsIn(['net', 'read=/a', 'write=b c'], where)).toMatchObject({
    net: true,
    read: ['/a'],
    write: ['/here/b c'],
  })
  expect(() => grantsIn(['nett'], where)).toThrow('There is no such right: nett. Did you mean net?')
  expect(() => grantsIn(['read=/a/*'], where)).toThrow('no pattern')
  expect(() => grantsIn(['read='], where)).toThrow('There is no such right')
})
