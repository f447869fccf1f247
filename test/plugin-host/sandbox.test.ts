import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStage } from '../../src/exporter-suite/stage.ts'
import { World } from '../../src/simulator/world.ts'
import { installed } from '../installed.ts'
import { type PluginFolder, pluginFolder } from './plugin.ts'
import { delivering, inDeliver, innocent, plugin, runOf } from './run-of.ts'

describe('a door that Node leaves open is closed:', () => {
  const ways = [
    "import('node:v8')",
    "import('v8')",
    "process.getBuiltinModule('node:v8')",
    "(await import('node:module')).createRequire(import.meta.url)('v8')",
  ]
  test.each(ways)("V8's flags, by %s", async (way) => {
    const { said } = await runOf(delivering(`(await ${way}).setFlagsFromString('--trace-turbo')`))
    expect(said).toEqual([
      `${inDeliver}wanted to change the flags of V8, which it may not; "smugdl plugins allow bad all" would permit it`,
    ])
  })

  test("V8's flags, before the plugin's first line, and it cannot put the old function back", async () => {
    const code = `import v8, { setFlagsFromString } from 'node:v8'
      let said = ''
      try { setFlagsFromString('--trace-turbo') } catch (error) { said = error.code }
      try { Object.defineProperty(v8, 'setFlagsFromString', { value: () => {} }); said += ' replaced' } catch { said += ' fixed' }
      export default { name: 'bad', apiVersion: 1, keeps: 'nothing', create: () => ({ deliver() { throw new Error(said) } }) }`
    expect((await runOf(code)).said).toEqual([`${inDeliver}ERR_ACCESS_DENIED fixed`])
  })

  test('a trace of the compiler writes no file anywhere, not even while the plugin is only looked at', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'smugdl-outside-'))
    await using folder = await pluginFolder()
    const file = join(outside, 'bashrc')
    await folder.write(
      'bad.mjs',
      `import v8 from 'node:v8'
       try {
         v8.setFlagsFromString('--trace-turbo-path=${outside}'); v8.setFlagsFromString('--trace-turbo-cfg-file=${file}'); v8.setFlagsFromString('--trace-turbo')
       } catch {}
       const f = (a) => { let s = 0; for (let i = 0; i < a; i++) s += (i * 3) ^ s; return s }
       for (let i = 0; i < 3000; i++) f(2000)
       export default { name: 'bad', apiVersion: 1, keeps: 'nothing', create: () => ({ deliver() {} }) }`,
    )
    await using bad = await folder.load('bad.mjs')
    expect(bad.name).toBe('bad')
    expect(existsSync(file)).toBe(false)
    await rm(outside, { recursive: true })
  })

  test('cpSync, which copies a link as a link where making one is refused', async () => {
    const body = "fs.cpSync(import.meta.dirname, context.output + '/w', { recursive: true })"
    const { said } = await runOf(delivering(body))
    expect(said[0]).toMatch(/^Exporter "bad" failed in deliver: wanted to copy a folder with cpSync, /)
  })

  test('a file at a time is still copied', async () => {
    const body =
      "fs.mkdirSync(context.output, { recursive: true }); fs.writeFileSync(context.output + '/a', 'x'); fs.cpSync(context.output + '/a', context.output + '/b'); return { path: 'b' }"
    const { said } = await runOf(delivering(body))
    expect(said.filter((line) => line.includes('may not'))).toEqual([])
  })

  test('the priority of smugdl', async () => {
    const { said } = await runOf(delivering("(await import('node:os')).setPriority(process.ppid, 19)"))
    expect(said[0]).toContain('wanted to change the priority of a process, which it may not')
  })
})

describe('a plugin that comes with links', () => {
  /** A folder plugin `bad` with this link in it. */
  const withLink = (target: string) => async (folder: PluginFolder) => {
    await folder.write('bad/package.json', '{ "main": "index.mjs" }')
    await folder.write('bad/index.mjs', delivering(''))
    await symlink(target, join(folder.path, 'bad/link'))
    return 'bad'
  }

  test.each(['/', '/etc/passwd', '../elsewhere', '/nowhere/at/all'])('to %s is refused by name', async (target) => {
    await using folder = await pluginFolder()
    await mkdir(join(folder.path, 'elsewhere'))
    await withLink(target)(folder)
    expect((await folder.found('bad')).refusal?.what).toMatch(/bad\/link is a link that leads out of the plugin/)
  })

  test('within itself, as node_modules has them, may be used', async () => {
    const { said } = await runOf('', { around: withLink('index.mjs') })
    expect(said.filter((line) => line.includes('link'))).toEqual([])
  })

  test('is not loaded for helper files, package folders or ancestors that others can change', async () => {
    await using folder = await pluginFolder()
    await folder.write('open/mine/package.json', '{ "main": "index.mjs" }')
    await folder.write('open/mine/index.mjs', delivering(''))
    const helper = await folder.write('open/mine/node_modules/x/h.mjs', '')
    expect((await folder.found('open/mine')).refusal).toBeUndefined()
    await chmod(helper, 0o666)
    expect((await folder.found('open/mine')).refusal?.what).toBe(`Everybody on this computer can change ${helper}`)
    await chmod(helper, 0o644)
    await chmod(join(folder.path, 'open'), 0o777)
    expect((await folder.found('open/mine')).refusal?.what).toBe(
      `Everybody on this computer can change ${join(folder.path, 'open')}`,
    )
    await chmod(join(folder.path, 'open'), 0o1777)
    expect((await folder.found('open/mine')).refusal).toBeUndefined()
  })
})

describe("a link in a plugin's folder", () => {
  async function linked(target: string) {
    const world = new World()
    world.addImage(world.addAlbum({ name: 'One' }), { fileName: 'a.jpg' })
    const stage = await openStage(world, installed)
    const folder = await pluginFolder()
    return {
      stage,
      async run(code: string) {
        await folder.write('bad.mjs', delivering(''))
        await using first = await folder.load('bad.mjs')
        await stage.run([first])
        await folder.write('bad.mjs', code)
        await using bad = await folder.load('bad.mjs')
        await mkdir(join(stage.output, 'bad'), { recursive: true })
        await symlink(target, join(stage.output, 'bad/link'))
        return stage.run([bad, innocent])
      },
      async [Symbol.asyncDispose]() {
        await folder[Symbol.asyncDispose]()
        await stage[Symbol.asyncDispose]()
      },
    }
  }

  test('stops the plugin before anything is written through it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'smugdl-outside-'))
    await using scene = await linked(outside)
    const { error } = await scene.run(delivering("return context.place(file, ['link', 'a.jpg'])"))
    expect(error).toMatchObject({
      kind: 'usage',
      message: expect.stringContaining("A symbolic link stands in a plugin's folder"),
    })
    expect(existsSync(join(outside, 'a.jpg'))).toBe(false)
    await rm(outside, { recursive: true })
  })
})

describe('what a plugin says is bounded:', () => {
  test.each([
    [
      'a delivery',
      "return { path: 'a', x: 'y'.repeat(30_000) }",
      /returned a delivery of 30,\d+ bytes, where 8,192 are allowed/,
    ],
    ['its path', "return { path: 'p/'.repeat(4000) + 'a' }", /returned a path of more than 4,096 characters/],
    [
      'its depth',
      "return { path: 'a', x: JSON.parse('['.repeat(3000) + ']'.repeat(3000)) }",
      /nested more than 50 deep/,
    ],
    [
      'a state value',
      "await context.state.set('k', 'z'.repeat(1e6))",
      /set a state value of 1,000,002 bytes, where 262,144 are allowed/,
    ],
    [
      'a key of the state',
      "await context.state.set('k'.repeat(2000), 1)",
      /a key of the state has at most 1,000 characters/,
    ],
    [
      'all of its state',
      "for (let i = 0; i < 100; i++) await context.state.set('k' + i, 'z'.repeat(250_000))",
      /the state of a plugin has at most 16 MB in all/,
    ],
    ['a path to place', "await context.place(file, Array(3000).fill('ab'))", /a path has at most 4,096 characters/],
    ['an error', "throw new Error('E'.repeat(25e6))", /^.{1,2100}$/],
  ])('%s', async (_, body, sentence) => {
    const { said } = await runOf(delivering(body))
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(sentence)
    expect(said[0]?.length).toBeLessThan(2200)
  })

  test('calls under way: many that it awaits are answered, those that it writes to the line by itself end it or wait', async () => {
    const many = delivering(
      "await Promise.all(Array.from({ length: 5000 }, (_, i) => context.state.set('k' + (i % 10), i)))",
    )
    expect((await runOf(many)).said).toEqual([])
    const flood = delivering(
      `await context.state.set('k', 'z'.repeat(2e5))
       for (let i = 0; i < 400; i++) fs.writeSync(1, JSON.stringify({ call: 1e6 + i, method: 'getState', args: ['k'] }) + '\\n')
       for (;;) {}`,
    ).replace('apiVersion: 1,', 'apiVersion: 1, hookMinutes: 0.2,')
    const before = process.memoryUsage().rss
    const { said } = await runOf(flood)
    // Whichever comes first: too many calls, or answers that nobody reads until its time is up.
    expect(said[0]).toMatch(/more than 64 calls at once|did not end within 0\.2 minutes/)
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6)
  })
})

describe('a plugin cannot hang smugdl', () => {
  test('with an object of hooks that is a promise', async () => {
    const code = `export default { name: 'bad', apiVersion: 1, keeps: 'nothing', create: () => ({
      deliver() {}, get then() { globalThis.c = (globalThis.c ?? 0) + 1; return globalThis.c > 1 ? () => {} : undefined } }) }`
    const { error, summary } = await runOf(code)
    expect(error ?? summary).toBeDefined()
  })

  test('with a create that never ends', async () => {
    const code = `export default { name: 'bad', apiVersion: 1, keeps: 'nothing', create: () => new Promise(() => {}) }`
    const { error } = await runOf(code)
    expect(error).toMatchObject({ kind: 'usage', message: expect.stringContaining('never ends') })
  })

  test('with hooks that smugdl does not know', async () => {
    const code = plugin('constructor: () => {}, toString: () => "x", then: undefined, __proto__: null')
    expect((await runOf(code)).said).toEqual([])
  })

  test('with a list of hooks that is no list', async () => {
    const code = `import * as fs from 'node:fs'
      export default { name: 'bad', apiVersion: 1, keeps: 'nothing', create: () => ({ get deliver() { fs.writeSync(1, '{"answer":2,"value":"deliver then"}\\n'); return () => {} } }) }`
    const { error } = await runOf(code)
    expect(String(error)).toContain('deliver')
  })
})
