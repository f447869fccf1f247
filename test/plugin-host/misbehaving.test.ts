import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStage } from '../../src/exporter-suite/stage.ts'
import type { Grants } from '../../src/plugin-host/permissions.ts'
import { World } from '../../src/simulator/world.ts'
import { installed } from '../installed.ts'
import { pluginFolder } from './plugin.ts'
import { delivering, inDeliver, innocent, plugin, runOf } from './run-of.ts'

describe('a plugin that throws', () => {
  test.each([
    ['create', 'Exporter "bad" failed in create: no luck'],
    ['prepare', 'Exporter "bad" failed in prepare: no luck. Nothing was downloaded'],
  ])('in %s ends the run before the first byte', async (hook, sentence) => {
    const code =
      hook === 'create'
        ? plugin(`...context.no.luck`).replace('context.no.luck', '(() => { throw new Error("no luck") })()')
        : plugin(`${hook}() { throw new Error('no luck') }`)
    const { said, downloads, error } = await runOf(code)
    expect(said).toEqual([sentence])
    expect(error).toMatchObject({ kind: 'usage' })
    expect(downloads).toBe(0)
  })

  test.each(['beginAlbum', 'deliver', 'endAlbum', 'finish'])(
    'in %s fails there, and the others get theirs',
    async (hook) => {
      const { said } = await runOf(plugin(`async ${hook}() { throw new Error('no luck') }`))
      expect(said.join()).toContain(`Exporter "bad" failed in ${hook}: no luck`)
    },
  )

  test('that is a DestinationError ends the run once', async () => {
    const gone = "Object.assign(new Error('The server is gone'), { name: 'DestinationError', next: 'Start it' })"
    const { error } = await runOf(delivering(`throw ${gone}`), { images: 3 })
    expect(error).toMatchObject({ kind: 'destination', what: 'bad: The server is gone', next: 'Start it' })
  })

  test('where no hook waits for it fails what was under way', async () => {
    const { said } = await runOf(
      delivering(
        "setTimeout(() => { throw new Error('stray') }); await new Promise(() => setTimeout(() => {}, 60_000))",
      ),
    )
    expect(said[0]).toBe(`${inDeliver}threw where no hook waits for it: stray`)
  })
})

describe('a plugin that', () => {
  test.each([
    ['never ends', 'await new Promise(() => {})', 'never ends: nothing is left that could bring what it waits for'],
    ['ends its process', 'process.exit(7)', 'its process ended with code 7'],
    ['crashes its process', 'process.abort()', 'its process was ended by SIGABRT'],
    [
      'returns cycles',
      "const a = { path: 'a' }; a.a = a; return a",
      'returned something that JSON cannot hold: Converting circular structure to JSON',
    ],
    ['returns what is no delivery', 'return 5', 'returned something that is no delivery ({ path, … } or nothing)'],
    [
      'returns a path outside',
      "return { path: '../folder/1.jpg' }",
      'returned a path that leads out of the output: ../folder/1.jpg',
    ],
    [
      'floods the log',
      "for (;;) context.log.info('x')",
      'its process was ended, for it wrote more than 10000 lines to the log at once',
    ],
    [
      'floods what it prints',
      "for (;;) console.log('x')",
      'its process was ended, for it wrote more than 10000 lines to the log at once',
    ],
    [
      'changes what all objects are',
      'JSON.stringify = () => "nonsense"',
      'its process sent what smugdl cannot read (Unexpected token \'o\', "nonsense" is not valid JSON)',
    ],
    [
      'writes what is not for it',
      "fs.writeSync(1, 'nonsense\\n')",
      'its process sent what smugdl cannot read (Unexpected token \'o\', "nonsense" is not valid JSON)',
    ],
    [
      'closes the line',
      'process.stdin.destroy(); fs.closeSync(1); await new Promise((done) => setTimeout(done, 60_000))',
      'its process closed its line to smugdl',
    ],
    [
      'places what it was not given',
      "await context.place({ ...file, path: context.output + '/x' }, ['x'])",
      'place() was given a file that is not being delivered',
    ],
    [
      'moves what is not its own',
      "await context.move({ path: '../1.jpg', size: file.size, sha256: file.sha256, modifiedMs: 1 }, ['x'])",
      '../1.jpg leads out of the output',
    ],
  ])('%s fails that delivery and nothing else', async (_what, body, sentence) => {
    const { said } = await runOf(delivering(body))
    expect(said).toEqual([inDeliver + sentence])
  })

  test('takes all memory fails, and the run does not', { timeout: 120_000 }, async () => {
    const { said } = await runOf(delivering('const all = []; for (;;) all.push(new Array(100_000).fill({}))'))
    expect(said).toEqual([`${inDeliver}its process ran out of memory (it may use 512 MB)`])
  })

  test('hangs is ended when its time is up, and the run goes on', async () => {
    const hanging = delivering('for (;;);').replace('apiVersion: 1,', 'apiVersion: 1, hookMinutes: 0.02,')
    const { said } = await runOf(hanging, { images: 2 })
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/^Exporter "bad" failed in deliver: did not end within 0.02 minutes/)
  })

  test('replaces a method of all objects does not reach smugdl', async () => {
    const { said } = await runOf(
      delivering(
        "Object.prototype.toString = () => 'mine'; Array.prototype.includes = () => true; return { path: 'a' }",
      ),
    )
    expect(said).toEqual([])
    expect(String({})).toBe('[object Object]')
  })

  test('dies fails for the rest of the run', async () => {
    const { said } = await runOf(delivering('process.exit(1)'), { images: 3 })
    expect(said).toEqual(Array(3).fill(`${inDeliver}its process ended with code 1`))
  })
})

describe('a plugin may not', () => {
  const may = (flag: string) => `, which it may not; ${flag} would permit it`

  test.each([
    [
      'write beside its folder',
      "fs.writeFileSync(context.output + '/../evil', 'x')",
      `wanted to write <output>/bad/../evil${may('"smugdl plugins allow bad write=<output>/bad/../evil"')}`,
    ],
    [
      'change the staged file',
      "fs.appendFileSync(file.path, 'x')",
      /^wanted to write <output>\/\.smugdl\/staging\/\S+, which it may not; "smugdl plugins allow bad write=/,
    ],
    [
      'read the catalog',
      "fs.readFileSync(context.output + '/../.smugdl/catalog.sqlite')",
      /^wanted to read <output>\/bad\/\.\.\/\.smugdl\/catalog\.sqlite, which it may not; "smugdl plugins allow bad read=/,
    ],
    [
      'see what other exporters wrote',
      "fs.readdirSync(context.output + '/..')",
      /^wanted to read <output>\/bad\/\.\., which it may not; "smugdl plugins allow bad read=/,
    ],
    [
      'make a symbolic link',
      "fs.symlinkSync('../1.jpg', context.output + '/link')",
      `wanted to make a symbolic link${may('"smugdl plugins allow bad all"')}`,
    ],
    [
      'make a hard link to what it may not read',
      "fs.linkSync('/etc/passwd', context.output + '/link')",
      `wanted to read /etc/passwd${may('"smugdl plugins allow bad read=/etc/passwd"')}`,
    ],
    [
      'move its folder away',
      "fs.renameSync(context.output, context.output + '-2')",
      `wanted to write <output>/bad-2${may('"smugdl plugins allow bad write=<output>/bad-2"')}`,
    ],
    [
      'open a database outside',
      "const { DatabaseSync } = await import('node:sqlite'); new DatabaseSync('/tmp/x')",
      `wanted to open a database${may('"smugdl plugins allow bad all"')}`,
    ],
    [
      'spawn',
      "(await import('node:child_process')).execFileSync('true')",
      `wanted to start a program, true${may('"smugdl plugins allow bad run"')}`,
    ],
    [
      'signal its parent',
      "process.kill(process.ppid, 'SIGTERM')",
      `wanted to send a signal to another process${may('"smugdl plugins allow bad run"')}`,
    ],
    [
      'start a thread',
      "new (await import('node:worker_threads')).Worker('1', { eval: true })",
      `wanted to use WorkerThreads${may('"smugdl plugins allow bad all"')}`,
    ],
    [
      'load an addon',
      "process.dlopen({ exports: {} }, '/tmp/x.node')",
      `wanted to load a native addon${may('"smugdl plugins allow bad all"')}`,
    ],
    [
      'open an inspector',
      "(await import('node:inspector')).open(0)",
      `wanted to use Inspector${may('"smugdl plugins allow bad all"')}`,
    ],
    [
      'look up a name',
      "await (await import('node:dns')).promises.lookup('localhost')",
      `wanted to use the network${may('"smugdl plugins allow bad net"')}`,
    ],
    [
      'read the environment of smugdl',
      "fs.readFileSync('/proc/' + process.ppid + '/environ')",
      /^wanted to read \/proc\/\d+\/environ, which/,
    ],
    [
      'make anything durable itself',
      "fs.fsyncSync(fs.openSync(context.output + '/x', 'w'))",
      /^wanted fsync, which it may not: what deliver\(\) returns/,
    ],
  ])('%s', async (_what, body, sentence) => {
    const { said } = await runOf(delivering(body), { first: false })
    expect(said).toHaveLength(1)
    if (typeof sentence === 'string') expect(said[0]).toBe(inDeliver + sentence)
    else expect(said[0]?.slice(inDeliver.length)).toMatch(sentence)
  })

  test('open a socket, though somebody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const { said } = await runOf(delivering(`await fetch('http://127.0.0.1:${port}/')`))
      expect(said).toEqual([`${inDeliver}wanted to use the network${may('"smugdl plugins allow bad net"')}`])
    } finally {
      server.close()
    }
  })

  test('see a secret in its environment', async () => {
    const env = { SMUGDL_ACCESS_TOKEN_SECRET: 'hush', AWS_SECRET_ACCESS_KEY: 'hush', PATH: process.env.PATH ?? '' }
    const { said } = await runOf(delivering('throw new Error(JSON.stringify(process.env))'), { env })
    expect(said[0]).toContain('PATH')
    expect(said[0]).not.toContain('hush')
  })

  test('write in a dry run, nor while it is loaded', async () => {
    await using folder = await pluginFolder()
    await folder.write(
      'bad.mjs',
      delivering('').replace(
        'create: (context) =>',
        'create: (context) => fs.mkdirSync(context.output, { recursive: true }) &&',
      ),
    )
    await using stage = await openStage(new World())
    await using bad = await folder.load('bad.mjs')
    const { error } = await stage.run([bad], { dryRun: true })
    expect(String(error)).toContain(`wanted to write ${join(stage.output, 'bad')}`)
    expect(existsSync(join(stage.output, 'bad'))).toBe(false)
  })
})

describe('a plugin may, when it is named,', () => {
  test('use the network, and nothing else', async () => {
    const server = createServer((_request, response) => void response.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const fetched = delivering(
        `if ((await (await fetch('http://127.0.0.1:${port}/')).text()) !== 'hello') throw new Error('no answer')`,
      )
      expect((await runOf(fetched, { grants: { net: true } })).said).toEqual([])
      const reading = delivering("fs.readFileSync('/etc/passwd')")
      expect((await runOf(reading, { grants: { net: true } })).said[0]).toContain('wanted to read /etc/passwd')
    } finally {
      server.close()
    }
  })

  test.each<[string, string, Partial<Grants>]>([
    ['start programs', "(await import('node:child_process')).execFileSync('true')", { run: true }],
    ['read a file', "fs.readFileSync('/etc/passwd')", { read: ['/etc/passwd'] }],
    ['read what is in a folder', "fs.readFileSync('/etc/passwd')", { read: ['/etc'] }],
    [
      'do everything',
      "fs.symlinkSync('/etc/passwd', context.output + '/link'); fs.unlinkSync(context.output + '/link'); process.kill(process.ppid, 0)",
      { all: true },
    ],
  ])('%s', async (_what, body, grants) => {
    expect((await runOf(delivering(body), { grants })).said).toEqual([])
  })

  test('write into a folder that is not there yet, and read it', async () => {
    await using folder = await pluginFolder()
    const path = join(folder.path, 'elsewhere')
    const body = `const path = ${JSON.stringify(path)}; fs.mkdirSync(path); fs.writeFileSync(path + '/a', 'b'); fs.readdirSync(path)`
    expect((await runOf(delivering(body), { grants: { write: [path] } })).said).toEqual([])
    expect(existsSync(join(path, 'a'))).toBe(true)
  })

  test('change the staged file, but nobody after it gets that', async () => {
    const world = new World()
    world.addImage(world.addAlbum({ name: 'One' }), { fileName: 'a.jpg' })
    await using folder = await pluginFolder()
    await folder.write('bad.mjs', delivering("fs.appendFileSync(file.path, 'x')"))
    await using stage = await openStage(world, installed)
    await using bad = await folder.load('bad.mjs', { all: true })
    const { summary } = await stage.run([bad, innocent])
    expect(summary?.exporters).toMatchObject({ bad: { new: 1 }, folder: { new: 0, failed: 1 } })
    expect(summary?.failed.map(({ reason }) => reason)).toEqual([
      'The exporter "bad" changed the staged file, which is not its own',
    ])
    expect(existsSync(join(stage.output, 'a.jpg'))).toBe(false)
    const next = await stage.run([innocent])
    expect(next.summary?.exporters.folder).toMatchObject({ new: 1, failed: 0 })
  })
})
