import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SmugdlError } from '../error.ts'
import { type FoundPlugin, findPlugins } from '../plugin-host/find.ts'
import { configDirIfAny } from './config-dir.ts'
import type { Environment } from './environment.ts'
import { pathGiven } from './path-given.ts'

/** What `pluginPlaceFlags` say. */
export interface PlaceValues {
  readonly pluginDir: readonly string[]
  readonly plugins: boolean
}

/** The folder for a user's own plugins; it need not be there. Undefined for a user without a home folder. */
export function ownPluginFolder(io: Environment): string | undefined {
  const folder = configDirIfAny(io)
  return folder && join(folder, 'plugins')
}

/** Where plugins are always found: the user's own folder, and beside the executable. */
export function alwaysSearched(io: Environment): string[] {
  const [executable = '', script] = io.program
  const own = ownPluginFolder(io)
  return [...(own === undefined ? [] : [own]), ...(script === undefined ? [join(dirname(executable), 'plugins')] : [])]
}

/**
 * The plugins in the user's own folder, beside the executable and in each `--plugin-dir`; none with `--no-plugins`. Nothing of them is
 * executed. Throws `usage` for a `--plugin-dir` that is no folder.
 */
export async function findPluginsFor(
  { plugins = true, pluginDir = [] }: Partial<PlaceValues>,
  io: Environment,
): Promise<FoundPlugin[]> {
  if (!plugins) return []
  const named = pluginDir.map((folder) => pathGiven(folder, io))
  for (const folder of named) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) continue
    throw new SmugdlError('usage', { what: 'There is no such folder for plugins', item: `--plugin-dir ${folder}` })
  }
  return findPlugins([...alwaysSearched(io), ...named])
}
