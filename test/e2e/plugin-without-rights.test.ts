import { spawnSync } from 'node:child_process'
import { chown, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../src/engine/events.ts'
import { World } from '../../src/simulator/world.ts'
import { start } from './program.ts'
import { type Scenario, scenario } from './scenario.ts'

const isRoot = process.getuid?.() === 0
const uid = isRoot ? 54321 : (process.getuid?.() ?? 0)
/** Root may do everything, so that it takes an ordinary user. */
const asUser = isRoot ? ['setpriv', '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'] : []

/** Why it cannot be tried here; undefined where it can. */
const reason =
  process.platform === 'win32'
    ? 'Windows has no modes'
    : isRoot && spawnSync('setpriv', ['--reuid', '54321', 'true']).status !== 0
      ? 'it takes setpriv(1), or an ordinary user'
      : undefined

const images = 20

async function account(body: string): Promise<Scenario> {
  const world = new World()
  for (const name of ['One', 'Two']) {
    const album = world.addAlbum({ name })
    for (let n = 0; n < images / 2; n++) world.addImage(album, { fileName: `${n}.jpg`, size: 1000 })
  }
  const scene = await scenario(world)
  const plugin = join(scene.folder, 'odd.mjs')
  await writeFile(
    plugin,
    `import * as fs from 'node:fs'
    export default { name: 'odd', apiVersion: 1, create: (context) => ({ deliver(image, file) { ${body} } }) }`,
  )
  for (const path of [scene.folder, plugin]) await chown(path, uid, uid)
  return scene
}

async function run(scene: Scenario) {
  const { folder, output, smugmug } = scene
  const env = { HOME: folder, SMUGDL_CONFIG_DIR: join(folder, 'config'), ...smugmug.environment }
  const args = ['--json', '-o', output, '-e', 'folder,odd', '--plugin-dir', folder]
  const { code, stdout, stderr } = await start(args, env, folder, asUser).ended
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const summary: RunSummary | undefined = events.find(({ type }) => type === 'run.finished')
  return { code, stderr, summary }
}

describe.skipIf(reason !== undefined)(
  `a plugin that takes rights away${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    it.each([
      [
        'from its file fails that delivery',
        `const to = context.output + '/' + image.key; fs.rmSync(to, { force: true }); fs.writeFileSync(to, 'x', { mode: 0 }); return { path: image.key }`,
      ],
      [
        'from its folder fails what it delivers',
        `fs.chmodSync(context.output, 0o500); return context.place(file, [image.key])`,
      ],
      [
        'from its folder altogether fails what it delivers',
        `fs.chmodSync(context.output, 0); return context.place(file, [image.key])`,
      ],
    ])('%s, and every other exporter gets every picture', async (_, body) => {
      await using scene = await account(body)
      for (const counts of [{ new: images }, { unchanged: images }]) {
        const { code, stderr, summary } = await run(scene)
        expect([code, summary?.exporters.folder], stderr).toMatchObject([1, { listed: images, failed: 0, ...counts }])
        expect(summary?.exporters.odd).toMatchObject({ failed: images })
        expect(JSON.stringify(summary?.failed)).toMatch(/does not permit/)
      }
      for (const album of ['One', 'Two'])
        expect((await readdir(join(scene.output, album))).filter((name) => name.endsWith('.jpg'))).toHaveLength(
          images / 2,
        )
      expect(await readdir(join(scene.output, '.smugdl/staging'))).toEqual([])
    })
  },
)
