import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stagingOf } from '../../src/engine/files/staging.ts'
import { type FoundPlugin, pluginAt } from '../../src/plugin-host/find.ts'
import { loadPlugin, type Plugin } from '../../src/plugin-host/parent/plugin.ts'
import { type Grants, noGrants } from '../../src/plugin-host/permissions.ts'

const built = process.env.SMUGDL_TEST_PROGRAM ?? join(import.meta.dirname, '../../dist/smugdl.mjs')

/** How smugdl starts its hosts here: as built by `npm run build`, or the executable that `npm run test:exe` names. */
const program = /\.[cm]js$/.test(built) ? [process.execPath, built] : [built]

export interface PluginFolder extends AsyncDisposable {
  /** Absolute, with a space and an umlaut in it. */
  readonly path: string
  /** Writes a file below it, and its folders. */
  write(path: string, text: string): Promise<string>
  /** The plugin in the file or folder of this name. */
  found(name: string): Promise<FoundPlugin>
  /** The same, loaded. */
  load(name: string, grants?: Partial<Grants>, env?: Record<string, string>): Promise<Plugin>
}

export async function pluginFolder(): Promise<PluginFolder> {
  const path = join(await mkdtemp(join(tmpdir(), 'smugdl-plugins-')), 'Plug ïns')
  await mkdir(path)
  const found = async (name: string) => {
    const plugin = await pluginAt(join(path, name))
    if (plugin === undefined) throw new Error(`${name} is no plugin`)
    return plugin
  }
  return {
    path,
    async write(name, text) {
      await mkdir(dirname(join(path, name)), { recursive: true })
      await writeFile(join(path, name), text)
      return join(path, name)
    },
    found,
    load: async (name, grants = {}, env = {}) =>
      loadPlugin(await found(name), {
        program,
        env: { ...process.env, ...env },
        grants: { ...noGrants, ...grants },
        staging: (folder) => stagingOf(dirname(folder)),
      }),
    [Symbol.asyncDispose]: () => rm(dirname(path), { recursive: true, force: true }),
  }
}
