import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { SmugdlError } from '../error.ts'
import { type FoundPlugin, findPlugins } from '../plugin-host/find.ts'
import { configDir } from './config-dir.ts'
import type { Io } from './io.ts'

/** What `pluginPlaceFlags` say. */
export interface PlaceValues {
  readonly pluginDir: readonly string[]
  readonly plugins: boolean
}

/** The folder for a person's own plugins; it need not be there. */
export function ownPluginFolder(io: Io): string {
  return join(configDir(io), 'plugins')
}

/**
 * The plugins in the person's own folder, beside the executable and in each `--plugin-dir`; none with `--no-plugins`. Nothing of them is
 * executed. Throws `usage` for a `--plugin-dir` that is no folder.
 */
export async function findPluginsFor(values: PlaceValues, io: Io): Promise<FoundPlugin[]> {
  if (!values.plugins) return []
  const [executable = '', script] = io.program
  const named = values.pluginDir.map((folder) => resolve(io.cwd, folder))
  for (const folder of named) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) continue
    throw new SmugdlError('usage', { what: 'There is no such folder for plugins', item: `--plugin-dir ${folder}` })
  }
  const beside = script === undefined ? [join(dirname(executable), 'plugins')] : []
  return findPlugins([ownPluginFolder(io), ...beside, ...named])
}
