import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { type Scenario, scenario } from './scenario.ts'

const run = promisify(execFile)
const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')

function oneImage(): World {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'One' }), { fileName: 'a.jpg' })
  return world
}

/** The source of a plugin that puts every image into its folder. */
const plugin = (name: string, body = '') =>
  `{ name: '${name}', apiVersion: 1, create: (context) => ({ deliver: (image, file) => { ${body}; return context.place(file, [image.name]) } }) }`

/** Writes a file below the scenario's folder; returns where. */
async function write({ folder }: Scenario, path: string, text: string): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
  return join(folder, path)
}

describe('a plugin is dropped into a folder', () => {
  test('as a file of any kind or a folder, with a space and an umlaut in the path', async () => {
    await using scene = await scenario(oneImage())
    const at = 'Plug ïns'
    await write(scene, `${at}/js.js`, `export default ${plugin('js')}`)
    await write(scene, `${at}/mjs.mjs`, `export default ${plugin('mjs')}`)
    await write(scene, `${at}/cjs.cjs`, `module.exports = ${plugin('cjs')}`)
    await write(
      scene,
      `${at}/ts.ts`,
      `const one: object = ${plugin('ts').replace('(context)', '(context: any)').replace('(image, file)', '(image: any, file: any)')}\nexport default one`,
    )
    await write(
      scene,
      `${at}/mts.mts`,
      `export default ${plugin('mts').replace('(context)', '(context: any)').replace('(image, file)', '(image: any, file: any)')} as object`,
    )
    await write(scene, `${at}/packed/package.json`, '{ "type": "module", "main": "lib/plugin.js" }')
    await write(
      scene,
      `${at}/packed/lib/plugin.js`,
      `import { name } from './name.js'\nexport default { ...${plugin('packed')}, name }`,
    )
    await write(scene, `${at}/packed/lib/name.js`, "export const name = 'packed'")
    const names = ['js', 'mjs', 'cjs', 'ts', 'mts', 'packed']
    const { code, requests, stderr } = await scene.download(
      '-e',
      ['folder', ...names].join(','),
      '--plugin-dir',
      join(scene.folder, at),
    )
    expect({ code, media: requests.media }, stderr).toEqual({ code: 0, media: 1 })
    expect([...(await scene.home()).keys()].sort()).toEqual(
      ['One/a.jpg', ...names.map((name) => `${name}/a.jpg`)].sort(),
    )
  })

  test('in the folder that smugdl plugins dir prints, and its options are set as any', async () => {
    await using scene = await scenario(oneImage())
    const { stdout } = await scene.smugdl(['plugins', 'dir'])
    expect(stdout).toBe(`${join(scene.folder, 'config/plugins')}\n`)
    const options = "options: { deep: { type: 'boolean', default: false, help: 'Deep' } }, "
    await write(
      scene,
      'config/plugins/mine.mjs',
      `export default ${plugin('mine').replace('apiVersion', `${options}apiVersion`).replace('[image.name]', "context.options.deep ? ['deep', image.name] : [image.name]")}`,
    )
    expect((await scene.download('-e', 'mine', '--set', 'mine.deep=true')).code).toBe(0)
    expect([...(await scene.home()).keys()]).toEqual(['mine/deep/a.jpg'])
    expect((await scene.download('-e', 'mine', '--set', 'mine.dep=true')).stderr).toContain('Did you mean deep?')
    const second = await scene.download('-e', 'mine')
    expect([second.code, second.requests.media]).toEqual([0, 0])
  })

  test('and is not looked for where the user says so', async () => {
    await using scene = await scenario(oneImage())
    await write(scene, 'config/plugins/mine.mjs', `export default ${plugin('mine')}`)
    for (const ended of [
      await scene.smugdl(['-e', 'mine', '--no-plugins', '-o', scene.output]),
      await scene.smugdl(['-e', 'mine', '-o', scene.output], { SMUGDL_NO_PLUGINS: '1' }),
    ]) {
      expect(ended.code).toBe(2)
      expect(ended.stderr).toBe(
        'smugdl: There is no such exporter: mine\n  There is folder, zip, manifest, gallery, s3; plugins are not looked for.\n',
      )
    }
  })

  test('and runs only when it is chosen', async () => {
    await using scene = await scenario(oneImage())
    await write(scene, 'config/plugins/trap.mjs', `throw new Error('it was run')`)
    expect((await scene.download()).code).toBe(0)
    const refused = await scene.smugdl(['plugins', 'dir', '--json'])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('smugdl plugins dir writes no JSON')])
    const list = await scene.smugdl(['plugins', 'list', '--json'])
    expect(list.code).toBe(0)
    expect(
      list.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .at(-1),
    ).toEqual({
      v: 1,
      name: 'trap',
      place: join(scene.folder, 'config/plugins/trap.mjs'),
      builtIn: false,
      permissions: [],
    })
    const { code, stderr } = await scene.smugdl(['plugins', 'show', 'trap'])
    expect([code, stderr]).toEqual([
      2,
      `smugdl: The plugin trap threw while it was loaded: it was run: ${join(scene.folder, 'config/plugins/trap.mjs')}\n`,
    ])
  })
})

describe('a plugin is refused', () => {
  test('that has the name of another, or of a built-in exporter: both places are told', async () => {
    await using scene = await scenario(oneImage())
    const one = await write(scene, 'config/plugins/mine.mjs', `export default ${plugin('mine')}`)
    const other = await write(scene, 'more/mine.js', `export default ${plugin('mine')}`)
    const folder = await write(scene, 'config/plugins/folder.mjs', `export default ${plugin('folder')}`)
    const more = ['--plugin-dir', join(scene.folder, 'more')]
    const twice = await scene.download('-e', 'mine', ...more)
    expect(twice.code).toBe(2)
    expect(twice.stderr).toContain(`There is more than one exporter mine: ${one}, ${other}`)
    const taken = await scene.download()
    expect(taken.code).toBe(2)
    expect(taken.stderr).toContain(`There is more than one exporter folder: built into smugdl, ${folder}`)
  })

  test('that everybody could have changed, with the line that mends it', async () => {
    await using scene = await scenario(oneImage())
    const path = await write(scene, 'config/plugins/mine.mjs', `export default ${plugin('mine')}`)
    await chmod(path, 0o666)
    const { code, stderr } = await scene.download('-e', 'mine')
    expect(code).toBe(2)
    expect(stderr).toBe(
      `smugdl: Everybody on this computer can change ${path}\n  If you trust what is in it: chmod o-w '${path}'.\n`,
    )
  })

  test("whose folder in the output is not its own: an album's, the user's, a link", async () => {
    await using scene = await scenario(oneImage())
    await write(scene, 'config/plugins/one.mjs', `export default ${plugin('one')}`)
    await write(scene, 'home/one/letter.txt', 'mine')
    const { code, stderr } = await scene.download('-e', 'one')
    expect(code).toBe(4)
    expect(stderr).toContain('The plugin one would get a folder to itself, but what is there is not its own')
    expect(await readFile(join(scene.output, 'one/letter.txt'), 'utf8')).toBe('mine')
    await write(scene, 'config/plugins/link.mjs', `export default ${plugin('link')}`)
    await symlink(scene.folder, join(scene.output, 'link'))
    expect((await scene.download('-e', 'link')).code).toBe(4)
  })
})

describe('a plugin', () => {
  test('keeps its folder from albums of that name, in whatever order they come', async () => {
    const world = oneImage()
    world.addImage(world.addAlbum({ name: 'Mine' }), { fileName: 'b.jpg' })
    await using scene = await scenario(world)
    await write(scene, 'config/plugins/mine.mjs', `export default ${plugin('mine')}`)
    expect((await scene.download('-e', 'folder,mine')).code).toBe(0)
    const files = [...(await scene.home()).keys()]
    expect(files.filter((path) => path.startsWith('mine/'))).toEqual(['mine/a.jpg', 'mine/b.jpg'])
    expect(files.filter((path) => /^Mine \[\w+\]\/b\.jpg$/.test(path))).toHaveLength(1)
  })

  test('that wants more says what, and gets it by name and by no other', async () => {
    await using scene = await scenario(oneImage())
    const secret = await write(scene, 'elsewhere/text.txt', 'text')
    const read = `process.getBuiltinModule('node:fs').readFileSync(${JSON.stringify(secret)})`
    await write(scene, 'config/plugins/nosy.mjs', `export default ${plugin('nosy', read)}`)
    const refused = await scene.download('-e', 'nosy')
    expect(refused.code).toBe(1)
    expect(refused.summary?.failed[0]?.reason).toBe(
      `Exporter "nosy" failed in deliver: wanted to read ${secret}, which it may not; "smugdl plugins allow nosy read=${secret}" would permit it`,
    )
    expect((await scene.download('-e', 'nosy', '--allow-read', `nosy:${secret}`)).code).toBe(0)
    const typo = await scene.download('-e', 'nosy', '--allow-net', 'nosey')
    expect([typo.code, typo.stderr]).toEqual([
      2,
      'smugdl: --allow-net names a plugin that is not chosen: nosey\n  Did you mean nosy?\n',
    ])
  })

  test('that wants the network is refused before the first byte, allowed by name, and asked for again when it changes', async () => {
    await using scene = await scenario(oneImage())
    const wanting = (body = '') => `export default { wants: ['net'], ...${plugin('online', body)} }`
    await write(scene, 'config/plugins/online.mjs', wanting())
    const refused = await scene.download('-e', 'folder,online')
    expect([refused.code, refused.requests.media]).toEqual([2, 0])
    expect(refused.stderr).toContain('asks to use the network\n  If you trust it: smugdl plugins allow online net')
    expect((await scene.smugdl(['plugins', 'show', 'online'])).stdout).toMatch(
      /wants +the bytes of each picture and video, the network\n/,
    )
    expect((await scene.smugdl(['plugins', 'allow', 'online', 'net'])).code).toBe(0)
    expect((await scene.smugdl(['plugins', 'list'])).stdout).toMatch(/online .* a folder of its own, the network/)
    expect((await scene.download('-e', 'folder,online')).code).toBe(0)
    await write(scene, 'config/plugins/online.mjs', wanting('/* other */'))
    const changed = await scene.download('-e', 'folder,online')
    expect([changed.code, changed.stderr]).toEqual([2, expect.stringContaining('was changed since it was allowed net')])
    expect((await scene.smugdl(['plugins', 'deny', 'online'])).code).toBe(0)
    expect((await scene.download('-e', 'folder,online', '--allow-net', 'online')).code).toBe(0)
  })

  test('that dies fails alone: the run goes on, its code is 1, and the next run brings the rest', async () => {
    await using scene = await scenario(oneImage())
    await write(scene, 'config/plugins/frail.mjs', `export default ${plugin('frail', 'process.exit(9)')}`)
    const { code, summary } = await scene.download('-e', 'frail,folder')
    expect(code).toBe(1)
    expect(summary?.exporters).toMatchObject({ frail: { failed: 1 }, folder: { new: 1 } })
    await write(scene, 'config/plugins/frail.mjs', `export default ${plugin('frail')}`)
    const next = await scene.download('-e', 'frail,folder')
    expect([next.code, next.requests.media]).toEqual([0, 0])
  })
})

describe('smugdl plugins new', () => {
  test.each([
    ['mjs', []],
    ['ts', ['--ts']],
  ])(
    'writes a plugin (%s) whose test passes as it is, whose types are right without npm install, and that works',
    async (kind, flags) => {
      await using scene = await scenario(oneImage())
      expect((await scene.smugdl(['plugins', 'new', 'by-year', ...flags])).code).toBe(0)
      const folder = join(scene.folder, 'by-year')
      const { stdout } = await run(process.execPath, ['--test'], { cwd: folder, env: { PATH: process.env.PATH } })
      expect(stdout).toMatch(/pass 2\n/)
      const strict = [
        '--strict',
        '--noEmit',
        '--types',
        '',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--checkJs',
        '--allowJs',
      ]
      await run(process.execPath, [tsc, ...strict, `index.${kind}`], { cwd: folder })
      const { code } = await scene.download('-e', 'by-year', '--plugin-dir', scene.folder)
      expect(code).toBe(0)
      expect([...(await scene.home()).keys()]).toEqual([expect.stringMatching(/^by-year\/[^/]+\/One\/a\.jpg$/)])
      const again = await scene.smugdl(['plugins', 'new', 'by-year'])
      expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('It must not be there yet')])
    },
  )

  test('refuses the name of a built-in exporter, and one that is no name', async () => {
    await using scene = await scenario(oneImage())
    expect((await scene.smugdl(['plugins', 'new', 'zip'])).stderr).toContain('The exporter zip comes with smugdl')
    expect((await scene.smugdl(['plugins', 'new', '../x'])).stderr).toContain('A plugin cannot be called "../x"')
    expect((await scene.smugdl(['plugins', 'new'])).stderr).toContain('smugdl plugins new needs a name')
  })
})

describe('smugdl plugins', () => {
  test('check says what is no plugin, and shows what one does wrong', async () => {
    await using scene = await scenario(oneImage())
    expect((await scene.smugdl(['plugins', 'check', 'nowhere.mjs'])).stderr).toContain(
      'There is no plugin: nowhere.mjs',
    )
    await write(scene, 'wrong.mjs', `export default ${plugin('other')}`)
    const { code, stderr } = await scene.smugdl(['plugins', 'check', 'wrong.mjs'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('calls itself "other", but its file or folder "wrong"')])
  })

  test('check takes the file that a folder is loaded from for its folder', async () => {
    await using scene = await scenario(oneImage())
    await write(scene, 'wrong/package.json', '{}')
    await write(scene, 'wrong/index.mjs', `export default ${plugin('other')}`)
    const { code, stderr } = await scene.smugdl(['plugins', 'check', 'wrong/index.mjs'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('calls itself "other", but its file or folder "wrong"')])
  })

  test('check says once which right is missing, and how to give it', async () => {
    await using scene = await scenario(oneImage())
    await write(
      scene,
      'captioned.mjs',
      "import { execFileSync } from 'node:child_process'\n" +
        `export default ${plugin('captioned', "execFileSync('exiftool')")}`,
    )
    const { code, stdout, stderr } = await scene.smugdl(['plugins', 'check', 'captioned.mjs'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('The plugin wants to start a program')
    expect(stderr).toContain('smugdl plugins check captioned.mjs --allow-run captioned')
    expect(stderr.split('\n').length).toBeLessThan(5)
  })

  test('show prints the options of any exporter', async () => {
    await using scene = await scenario(oneImage())
    const { stdout } = await scene.smugdl(['plugins', 'show', 'folder'])
    expect(stdout).toContain('--set folder.mtime=captured|uploaded|none')
  })
})
