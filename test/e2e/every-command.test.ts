import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ZipArchive } from 'archiver'
import { describe, expect, it } from 'vitest'
import { plugins } from '../../src/cli/commands/plugins.ts'
import { type CommandName, commands } from '../../src/cli/commands.ts'
import { readAll } from '../../src/simulator/content.ts'
import { originalOf } from '../../src/simulator/files.ts'
import { World } from '../../src/simulator/world.ts'
import { logIn } from './log-in.ts'
import { start } from './program.ts'
import { type Scenario, scenario, until } from './scenario.ts'

/*
 * Each command does once what it is for, in the program that is tested: the built one, or the packed one (`npm run test:exe`), where
 * a module may be another than in the sources.
 */

/** `Travel/Rome` with two pictures, and a video that SmugMug still processes. */
function account(): World {
  const world = new World()
  const rome = world.addAlbum({ name: 'Rome', in: world.addFolder({ name: 'Travel' }) })
  world.addImage(rome, { fileName: 'a.jpg', size: 3000 })
  world.addImage(rome, { fileName: 'b.jpg', size: 3000 })
  world.addVideo(rome, { fileName: 'dance.mov', processing: true, key: 'Dance42' })
  return world
}

type Use = (scene: Scenario) => Promise<void>

/** Everything at home but the video. */
const afterRun = (use: Use): Use => {
  return async (scene) => {
    expect((await scene.download()).code).toBe(1)
    await use(scene)
  }
}

/** Code and output of a command line about the home of the scene. */
async function said(scene: Scenario, ...args: string[]): Promise<[code: number | undefined, stdout: string]> {
  const { code, stdout, stderr } = await scene.smugdl(args)
  return [code, stdout + stderr]
}

const uses: Record<CommandName, Use> = {
  async download(scene) {
    const { code, stderr } = await scene.download('-e', 'folder,zip,manifest')
    expect([code, stderr]).toEqual([1, ''])
    const pictures = ['Travel/Rome.zip', 'Travel/Rome/a.jpg', 'Travel/Rome/b.jpg']
    expect([...(await scene.home()).keys()]).toEqual(expect.arrayContaining([...pictures, 'manifest.json']))
  },
  verify: afterRun(async (scene) => {
    expect(await said(scene, 'verify', '-o', 'home')).toEqual([0, expect.stringContaining('4 ok')])
    await rm(join(scene.output, 'Travel/Rome/a.jpg'))
    expect(await said(scene, 'verify', '-o', 'home')).toEqual([1, expect.stringContaining('1 missing')])
    expect((await scene.smugdl(['verify', '--repair', '-o', 'home'])).code).toBe(0)
    expect(await said(scene, 'verify', '-o', 'home')).toEqual([0, expect.stringContaining('4 ok')])
  }),
  check: afterRun(async (scene) => {
    const { code } = await scene.smugdl(['check', '-o', 'home', '--read', '--certificate', 'proof.html'])
    expect([code, await readFile(join(scene.folder, 'proof.html'), 'utf8')]).toEqual([
      1,
      expect.stringContaining('Not complete'),
    ])
  }),
  async adopt(scene) {
    const old = join(scene.folder, 'old')
    await mkdir(old)
    const archive = new ZipArchive({ zlib: { level: 9 } })
    for (const image of scene.smugmug.world.images.values())
      if (!image.isVideo) archive.append(Buffer.from(readAll(originalOf(image).content)), { name: `${image.key}.jpg` })
    const [bytes] = await Promise.all([buffer(archive), archive.finalize()])
    await writeFile(join(old, 'Rome.zip'), bytes)
    expect(await said(scene, 'adopt', 'old', '-o', 'home')).toEqual([0, expect.stringContaining('2 placed')])
    expect(scene.smugmug.counts.media).toBe(0)
  },
  retry: afterRun(async (scene) => {
    expect(await said(scene, 'retry', '-o', 'home')).toEqual([1, expect.stringContaining('dance')])
  }),
  accept: afterRun(async (scene) => {
    expect((await scene.smugdl(['accept', 'Dance42', '--reason', 'never mind', '-o', 'home'])).code).toBe(0)
    expect((await scene.download()).code).toBe(0)
  }),
  runs: afterRun(async (scene) => {
    expect(await said(scene, 'runs', '-o', 'home')).toEqual([0, expect.stringContaining('exit 1')])
    expect(await said(scene, 'runs', 'show', '-o', 'home')).toEqual([0, expect.stringContaining('dance')])
  }),
  status: afterRun(async (scene) => {
    expect(await said(scene, 'status', '-o', 'home')).toEqual([1, expect.stringContaining('1 item not safe')])
  }),
  find: afterRun(async (scene) => {
    expect(await said(scene, 'find', '**/a*', '-o', 'home')).toEqual([0, expect.stringContaining('Travel/Rome/a.jpg')])
  }),
  fields: afterRun(async (scene) => {
    expect(await said(scene, 'fields', '-o', 'home')).toEqual([0, expect.stringContaining('{album.path}')])
  }),
  async albums(scene) {
    expect(await said(scene, 'albums')).toEqual([0, expect.stringContaining('Travel/Rome')])
  },
  async login(scene) {
    expect(await logIn(scene)).toEqual({ code: 0, said: expect.stringContaining('you are logged in as janedoe') })
  },
  async logout(scene) {
    await logIn(scene)
    expect((await scene.smugdl(['logout'], withoutVariables)).code).toBe(0)
    expect((await scene.smugdl(['whoami'], withoutVariables)).code).toBe(3)
  },
  async whoami(scene) {
    expect(await said(scene, 'whoami')).toEqual([0, expect.stringContaining('janedoe')])
  },
  async plugins(scene) {
    expect(Object.keys(actions).sort()).toEqual([...(plugins.positionals?.action?.choices ?? [])].sort())
    for (const use of Object.values(actions)) await use(scene)
  },
  async doctor(scene) {
    expect(await said(scene, 'doctor', '-o', 'home')).toEqual([0, expect.stringContaining('SmugMug takes it')])
  },
  async demo(scene) {
    expect(await said(scene, 'demo')).toEqual([0, expect.stringContaining('303 listed')])
    expect(await readdir(scene.folder)).toContain('smugmug_demo')
  },
  async completion(scene) {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      expect(await said(scene, 'completion', shell)).toEqual([0, expect.stringContaining('smugdl')])
  },
}

const withoutVariables = {
  SMUGDL_API_KEY: undefined,
  SMUGDL_API_SECRET: undefined,
  SMUGDL_ACCESS_TOKEN: undefined,
  SMUGDL_ACCESS_TOKEN_SECRET: undefined,
}

/** In this order: what is begun is then shown, checked and used. */
const actions: Record<string, Use> = {
  async dir(scene) {
    expect(await said(scene, 'plugins', 'dir')).toEqual([0, expect.stringContaining('config/plugins')])
  },
  async new(scene) {
    expect((await scene.smugdl(['plugins', 'new', 'mine'])).code).toBe(0)
  },
  async add(scene) {
    expect((await scene.smugdl(['plugins', 'add', 'mine'])).code).toBe(0)
  },
  async list(scene) {
    expect(await said(scene, 'plugins', 'list')).toEqual([0, expect.stringMatching(/folder[\s\S]*mine/)])
  },
  async show(scene) {
    expect(await said(scene, 'plugins', 'show', 'mine')).toEqual([0, expect.stringContaining('mine')])
  },
  async check(scene) {
    expect((await scene.smugdl(['plugins', 'check', 'config/plugins/mine'])).code).toBe(0)
    const quick = await scene.smugdl(['plugins', 'check', 'config/plugins/mine', '--quick'])
    expect(quick.stdout.match(/^ok /gm)).toHaveLength(5)
    expect(quick.stdout).toMatch(/does what the first 5 of \d+ checks ask for/)
    expect((await scene.download('-e', 'folder,mine')).summary?.exporters.mine?.new).toBe(2)
  },
  async allow(scene) {
    const { code, stdout } = await scene.smugdl(['plugins', 'allow', 'mine', 'net'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('the network')])
  },
  async deny(scene) {
    const { code, stdout } = await scene.smugdl(['plugins', 'deny', 'mine'])
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('the network')])
  },
  async dev(scene) {
    const env = { HOME: scene.folder, SMUGDL_CONFIG_DIR: join(scene.folder, 'config') }
    await writeFile(join(scene.folder, 'begun.mjs'), 'export default { name: "begun" }')
    const running = start(['plugins', 'dev', 'begun.mjs'], env, scene.folder)
    await until(() => running.said.includes('begun'))
    running.kill('SIGINT')
    expect(await running.ended).toMatchObject({ code: 0 })
  },
}

describe('the program itself', () => {
  it.each(Object.keys(commands) as CommandName[])('does what "smugdl %s" is for', async (name) => {
    await using scene = await scenario(account())
    await uses[name](scene)
  })
})
