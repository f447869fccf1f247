import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { World } from '../../src/simulator/world.ts'
import { Inside } from './inside.ts'

/** An account of one picture, and what `config.json` says. */
async function settled(settings: unknown): Promise<Inside> {
  const world = new World()
  world.addImage(world.addAlbum({ name: 'One' }), { fileName: 'a.jpg' })
  const scene = await Inside.of(world)
  const text = typeof settings === 'string' ? settings : JSON.stringify(settings)
  await writeFile(join(scene.folder, 'config.json'), text)
  return scene
}

const noVariable = { SMUGDL_OUTPUT: undefined }

describe('config.json', () => {
  it('is below the environment, which is below the flags', async () => {
    await using scene = await settled({ output: '/set', exporter: ['manifest'] })
    const output = async (args: string[], env: Record<string, string | undefined>) => {
      const { rows } = await scene.smugdl(['--json', '--dry-run', ...args], env)
      const { output, exporters } = rows()[0] ?? {}
      return [output, exporters]
    }
    expect(await output([], noVariable)).toEqual(['/set', ['manifest']])
    expect(await output([], { SMUGDL_OUTPUT: '/env' })).toEqual(['/env', ['manifest']])
    expect(await output(['-o', '/flag', '-e', 'zip'], { SMUGDL_OUTPUT: '/env' })).toEqual(['/flag', ['zip']])
  })

  it('holds for the commands that have the flag, and passes the others by', async () => {
    await using scene = await settled({ concurrency: 2, subset: '1/7' })
    expect((await scene.smugdl(['whoami'])).code).toBe(0)
    expect((await scene.smugdl([])).code).toBe(0)
  })

  it.each([
    ['a name that is none', { concurency: 4 }, 'There is no setting "concurency" in ', 'Did you mean concurrency?'],
    ['a number in place of a text', { output: 4 }, '"output" in ', 'must be a text: 4'],
    ['a text in place of a switch', { dryRun: 'yes' }, '"dryRun" in ', 'must be true or false: "yes"'],
    ['a number out of range', { concurrency: 1000 }, '"concurrency" in ', 'must be a whole number from 1 to'],
    ['a right for a plugin', { allowAll: ['mine'] }, '"allowAll" in ', 'smugdl plugins allow NAME'],
    ['what only a program asks for', { json: true }, '"json" in ', 'as a flag or in the environment'],
    ['no object', ['folder'], 'The settings cannot be read', 'It is a JSON object such as'],
    ['no JSON', '{output: 1}', 'The settings cannot be read', 'It is a JSON object such as'],
  ])('with %s is refused with what to do', async (_, settings, what, next) => {
    await using scene = await settled(settings)
    const { code, err } = await scene.smugdl([], noVariable)
    expect([code, err]).toEqual([2, expect.stringContaining(what)])
    expect(err).toContain(next)
    expect(err).toContain(join(scene.folder, 'config.json'))
    expect((await scene.smugdl(['--help'])).code).toBe(0)
    expect((await scene.smugdl(['verify', '--help'])).code).toBe(0)
  })

  it('says nothing to the demo, whose pictures must not come to where the real ones belong', async () => {
    await using scene = await settled({ output: '/dev/null/photos' })
    scene.cwd = scene.folder
    expect(await scene.smugdl(['demo'], noVariable)).toMatchObject({
      code: 0,
      out: expect.stringContaining('303 listed'),
    })
  })

  it('is named by the doctor, who says what is wrong with it and goes on', async () => {
    await using scene = await settled({ concurrency: 4, exporter: 'folder' })
    const path = join(scene.folder, 'config.json')
    expect((await scene.smugdl(['doctor'])).out).toContain(`${path} sets concurrency, exporter\n`)
    await writeFile(path, '{"concurency": 4}')
    const { code, out } = await scene.smugdl(['doctor'])
    expect(code).toBe(1)
    expect(out).toMatch(/^fail {2}config .*There is no setting "concurency" in .*Did you mean concurrency\?/m)
    expect(out).toMatch(/^ok {4}output /m)
  })
})
