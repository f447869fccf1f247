import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { readAll } from '../../src/simulator/content.ts'
import { originalOf } from '../../src/simulator/files.ts'
import { World } from '../../src/simulator/world.ts'
import { readHome } from './home.ts'
import { expectAllHome, type Scenario, scenario } from './scenario.ts'

/** An account of twelve pictures in two albums, all of them in `old`, under numbers. */
async function twelve(): Promise<Scenario & { old: string }> {
  const world = new World()
  const albums = ['Oslo', 'Rome'].map((name) => world.addAlbum({ name }))
  const images = albums.flatMap((album) => Array.from({ length: 6 }, () => world.addImage(album, { size: 3000 })))
  const scene = await scenario(world)
  const old = join(scene.folder, 'old')
  await mkdir(old)
  for (const [index, image] of images.entries())
    await writeFile(join(old, `${10 + index}.jpg`), readAll(originalOf(image).content))
  return Object.assign(scene, { old })
}

/** `smugdl adopt` that dies at the system call that `inject` names (strace's words); whether it did. */
async function killedAdopt(scene: Scenario & { old: string }, trace: string[], ...args: string[]): Promise<boolean> {
  const program = join(import.meta.dirname, '../../dist/smugdl.mjs')
  const command = [process.execPath, program, 'adopt', 'old', '-o', 'home', '--concurrency', '1', ...args]
  const child = spawn('strace', ['-f', '-qq', '-o', '/dev/null', ...trace, ...command], {
    cwd: scene.folder,
    env: {
      PATH: process.env.PATH,
      TZ: 'UTC',
      // strace counts the calls of each thread for itself.
      UV_THREADPOOL_SIZE: '1',
      HOME: scene.folder,
      SMUGDL_CONFIG_DIR: join(scene.folder, 'config'),
      ...scene.smugmug.environment,
    },
    stdio: 'ignore',
  })
  const [code, signal] = await once(child, 'close')
  return signal === 'SIGKILL' || code === 137
}

describe('adopt that is killed', () => {
  it('in the middle of reading goes on there: what was read is not read again', async ({ expect, skip }) => {
    if (spawnSync('strace', ['-V']).status !== 0) skip('there is no strace')
    await using scene = await twelve()
    const fifth = ['-P', join(scene.old, '14.jpg'), '-e', 'trace=openat', '-e', 'inject=openat:signal=SIGKILL']
    expect(await killedAdopt(scene, fifth)).toBe(true)
    expect([...(await scene.home()).values()].filter((file) => typeof file === 'object')).toEqual([])
    const { code, stderr, stdout } = await scene.smugdl(['adopt', 'old', '-o', 'home', '-v'])
    expect([code, stderr]).toEqual([0, expect.stringContaining('8 files are to be read')])
    expect(stdout).toContain('pictures and videos: 12 = 0 in place + 12 placed')
    const run = await scene.download()
    await expectAllHome(scene, run, { unchanged: 12 })
    expect(run.requests.media).toBe(0)
  })

  it('while it moves loses no picture, and the next one finishes it', async ({ expect, skip }) => {
    if (spawnSync('strace', ['-V']).status !== 0) skip('there is no strace')
    await using scene = await twelve()
    const contents = async () => {
      const files = [...(await readHome(scene.old)).values(), ...(await scene.home()).values()]
      return new Set(files.flatMap((file) => (typeof file === 'object' ? [file.md5] : []))).size
    }
    // Each picture gets a name in staging and its own, then loses the one in staging and the one in the old backup.
    for (const [calls, number] of [
      ['link,linkat', 3],
      ['link,linkat', 4],
      ['unlink,unlinkat', 3],
      ['unlink,unlinkat', 4],
    ] as const) {
      const trace = ['-e', `trace=${calls}`, '-e', `inject=${calls}:signal=SIGKILL:when=${number}`]
      expect([calls, number, await killedAdopt(scene, trace, '--move')]).toEqual([calls, number, true])
      expect(await contents()).toBe(12)
    }
    const { code, stdout } = await scene.smugdl(['adopt', 'old', '-o', 'home', '--move'])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\+ 0 left /)])
    expect(await contents()).toBe(12)
    const run = await scene.download()
    await expectAllHome(scene, run, { new: 0, unchanged: 12 })
  })
})

describe('adopt onto another disk', () => {
  it('moves by copying, and when that disk is full ends with 4 and has lost nothing', async (context) => {
    const { expect } = context
    const world = new World()
    const album = world.addAlbum({ name: 'Large' })
    const images = Array.from({ length: 12 }, () => world.addImage(album, { size: 2_000_000 }))
    await using scene = await scenario(world)
    const old = join(scene.folder, 'old')
    await mkdir(old)
    for (const [index, image] of images.entries())
      await writeFile(join(old, `${index}.jpg`), readAll(originalOf(image).content))
    await mkdir(scene.output)
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', scene.output])
    if (mount.status !== 0) context.skip('needs root, and mount(8)')
    try {
      const { code, stderr } = await scene.smugdl(['adopt', 'old', '-o', 'home', '--move'])
      expect([code, stderr]).toEqual([4, expect.stringContaining('The disk is full')])
      const atHome = (await scene.home()).size
      const left = (await readHome(old)).size
      expect(atHome).toBeGreaterThan(0)
      expect(left).toBeGreaterThanOrEqual(12 - atHome)
      expect((await scene.difference()).unexpected).toEqual([])
      spawnSync('mount', ['-o', 'remount,size=64m', scene.output])
      expect((await scene.smugdl(['adopt', 'old', '-o', 'home', '--move'])).code).toBe(0)
      expect((await scene.home()).size).toBe(12)
      const run = await scene.download()
      await expectAllHome(scene, run, { unchanged: 12 })
    } finally {
      spawnSync('umount', [scene.output])
    }
  })
})
