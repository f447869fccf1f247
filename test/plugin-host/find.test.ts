import { chmod, chown, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPlugins } from '../../src/plugin-host/find.ts'
import { pluginFolder } from './plugin.ts'

/** Whoever runs it is found out. */
const trap = 'throw new Error("a plugin was run by looking for it")'

describe('looking for plugins', () => {
  test('finds files of all kinds and folders with a package.json, and runs none', async () => {
    await using folder = await pluginFolder()
    for (const name of ['a.js', 'b.mjs', 'c.cjs', 'd.ts', 'e.mts']) await folder.write(name, trap)
    await folder.write('f/package.json', '{ "version": "1.2.3", "main": "./lib/plugin.js" }')
    await folder.write('f/lib/plugin.js', trap)
    await folder.write('g/package.json', '{}')
    await folder.write('g/index.ts', trap)
    const found = await findPlugins([folder.path, join(folder.path, 'nowhere'), folder.path])
    expect(found.map(({ name, entry, version, refusal }) => ({ name, entry, version, refusal }))).toEqual([
      ...['a.js', 'b.mjs', 'c.cjs', 'd.ts', 'e.mts'].map((file) => ({
        name: file[0],
        entry: join(folder.path, file),
      })),
      { name: 'f', entry: join(folder.path, 'f/lib/plugin.js'), version: '1.2.3' },
      { name: 'g', entry: join(folder.path, 'g/index.ts') },
    ])
  })

  test('takes no types, tests, dot files, other files and other folders for plugins', async () => {
    await using folder = await pluginFolder()
    for (const name of ['a.d.ts', 'a.test.mjs', '.hidden.mjs', 'README.md', 'data.json', 'lib/a.mjs'])
      await folder.write(name, trap)
    await folder.write('node_modules/package.json', '{}')
    expect(await findPlugins([folder.path])).toEqual([])
  })

  test('tells two of one name, so that nobody wonders which one runs', async () => {
    await using folder = await pluginFolder()
    await folder.write('a.mjs', trap)
    await folder.write('a.ts', trap)
    expect((await findPlugins([folder.path])).map(({ path }) => path)).toEqual([
      join(folder.path, 'a.mjs'),
      join(folder.path, 'a.ts'),
    ])
  })

  test.each(['Upper.mjs', 'with space.mjs', '-flag.mjs', 'under_score.mjs', 'con.mjs', 'ü.mjs'])(
    'refuses the name %s, which would be a flag, a device or two names somewhere',
    async (name) => {
      await using folder = await pluginFolder()
      await folder.write(name, trap)
      expect((await folder.found(name)).refusal?.what).toMatch(/^A plugin cannot be called/)
    },
  )

  test.each([
    ['is no JSON', '{', 'JSON'],
    ['names a file that is not there', '{ "main": "gone.js" }', 'there is no gone.js'],
    ['names a file outside', '{ "main": "../a.mjs" }', 'there is no ../a.mjs'],
  ])('refuses a folder whose package.json %s', async (_what, json, sentence) => {
    await using folder = await pluginFolder()
    await folder.write('a.mjs', trap)
    await folder.write('f/package.json', json)
    expect((await folder.found('f')).refusal?.what).toContain(`The plugin f cannot be found in its folder: `)
    expect((await folder.found('f')).refusal?.what).toContain(sentence)
  })
})

describe('code that somebody else could have changed is refused, with the fix:', () => {
  test('a file that everybody can write', async () => {
    await using folder = await pluginFolder()
    const path = await folder.write('a.mjs', trap)
    await chmod(path, 0o666)
    expect((await folder.found('a.mjs')).refusal).toEqual({
      what: `Everybody on this computer can change ${path}`,
      next: `If you trust what is in it: chmod o-w '${path}'`,
    })
  })

  test('a folder that everybody can write, the one around a plugin and the one that a link leads to', async () => {
    await using folder = await pluginFolder()
    await folder.write('open/a.mjs', trap)
    await chmod(join(folder.path, 'open'), 0o777)
    await symlink(join(folder.path, 'open/a.mjs'), join(folder.path, 'linked.mjs'))
    for (const path of ['open/a.mjs', 'linked.mjs'])
      expect((await folder.found(path)).refusal?.what).toBe(
        `Everybody on this computer can change ${join(folder.path, 'open')}`,
      )
  })

  test('the package.json and the file that it names', async () => {
    await using folder = await pluginFolder()
    for (const file of ['package.json', 'lib/a.mjs']) {
      await folder.write('f/package.json', '{ "main": "lib/a.mjs" }')
      const path = await folder.write('f/lib/a.mjs', trap)
      await chmod(join(folder.path, 'f', file), 0o666)
      expect((await folder.found('f')).refusal?.what).toContain(file)
      await chmod(join(folder.path, 'f', file), 0o644)
      expect((await folder.found('f')).refusal, path).toBeUndefined()
    }
  })

  test.runIf(process.getuid?.() === 0)('what belongs to another user', async () => {
    await using folder = await pluginFolder()
    const path = await folder.write('a.mjs', trap)
    await chown(path, 4711, 4711)
    expect((await folder.found('a.mjs')).refusal?.what).toBe(`${path} belongs to another user (4711)`)
    await mkdir(join(folder.path, 'theirs'))
    await folder.write('theirs/b.mjs', trap)
    await chown(join(folder.path, 'theirs'), 4711, 4711)
    expect((await folder.found('theirs/b.mjs')).refusal?.what).toContain('theirs belongs to another user')
  })
})
