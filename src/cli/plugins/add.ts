import { cp, mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { configDir } from '../../app/config-dir.ts'
import { knownExporters } from '../../app/exporter-registry.ts'
import { loadInstalledPlugin } from '../../app/load-plugin.ts'
import { pathGiven } from '../../app/path-given.ts'
import { findPluginsFor, type PlaceValues } from '../../app/plugin-folders.ts'
import { printable } from '../../app/text/printable.ts'
import { SmugdlError } from '../../error.ts'
import { type FoundPlugin, findPlugins, nameRefusal, pluginAt } from '../../plugin-host/find.ts'
import { noGrants } from '../../plugin-host/permissions.ts'
import type { Io } from '../io.ts'
import { pluginAtPath } from './check.ts'
import { isArchive, unpack } from './unpack.ts'

/**
 * Copies a plugin that loads, a file, a folder or an archive of either, to where it is always found, and says what it wants. Its code runs
 * without any right. Throws `usage` for an archive that holds none or more than files, and where there is an exporter of its name already.
 */
export async function add(path: string, values: PlaceValues, io: Io): Promise<0> {
  const folder = join(configDir(io), 'plugins')
  const made = await mkdir(folder, { recursive: true })
  // Nothing is found under a name with a dot in front: half a copy is no plugin.
  const staging = await mkdtemp(join(folder, '.adding-'))
  await using _removed = {
    [Symbol.asyncDispose]: async () => {
      await rm(staging, { recursive: true, force: true })
      // Of a plugin that is refused nothing stays, nor a folder for it.
      if (made !== undefined) await rmdir(folder).catch(() => {})
    },
  }
  const found = isArchive(path) ? await pluginInArchive(path, staging, io) : await pluginAtPath(path, io)
  const { name } = found
  const other = knownExporters(await findPluginsFor(values, io)).find((known) => known.name === name)
  if (other !== undefined)
    throw new SmugdlError('usage', {
      what: `There is an exporter ${name} already`,
      item: other.plugin?.path ?? 'it comes with smugdl',
      next: other.plugin === undefined ? 'Give this one another name' : 'Remove that one first',
    })
  await using plugin = (await loadInstalledPlugin(found, noGrants, undefined, io)).plugin
  const place = join(folder, basename(found.path))
  const copy = join(staging, 'copy')
  await cp(found.path, copy, { recursive: true, verbatimSymlinks: true })
  await rename(copy, place)
  const { wants = [] } = plugin
  const lines = [
    `${name} is in ${place}. Next:`,
    ...(wants.length > 0 ? [`  smugdl plugins allow ${name} ${wants.join(' ')}   gives it what it asks for`] : []),
    `  smugdl download -e folder,${name}   uses it`,
  ]
  io.stdout.write(lines.map((line) => `${printable(line)}\n`).join(''))
  return 0
}

/** The one plugin that an archive holds, unpacked below `staging`. */
async function pluginInArchive(path: string, staging: string, io: Io): Promise<FoundPlugin> {
  const stem = basename(path).replace(/\.(?:tar\.gz|\w+)$/i, '')
  const folder = join(staging, stem)
  await mkdir(folder)
  await unpack(pathGiven(path, io), folder).catch((error: unknown) => {
    throw new SmugdlError('usage', {
      what: 'The archive cannot be used',
      item: path,
      next: `${error instanceof Error ? error.message : String(error)}. Nothing of it was kept`,
      cause: error,
    })
  })
  const plugins = await pluginsIn(folder)
  const [only] = plugins
  if (only !== undefined && plugins.length === 1) return called(only)
  throw new SmugdlError('usage', {
    what: plugins.length === 0 ? 'There is no plugin in the archive' : 'There are several plugins in the archive',
    item: path,
    next:
      plugins.length === 0
        ? 'A plugin is a .js, .mjs, .cjs, .ts or .mts file, or a folder with a package.json'
        : `Unpack it, and add one: ${plugins.map(({ name }) => name).join(', ')}`,
  })
}

/** Packers put everything into one folder, or not. */
async function pluginsIn(folder: string): Promise<FoundPlugin[]> {
  const whole = await pluginAt(folder)
  if (whole !== undefined) return [whole]
  const plugins = await findPlugins([folder])
  const [inner, ...others] = await readdir(folder, { withFileTypes: true })
  if (plugins.length > 0 || others.length > 0 || inner?.isDirectory() !== true) return plugins
  return pluginsIn(join(folder, inner.name))
}

/** As its own package.json calls it: "npm pack" packs a folder called package, and GitHub one with the branch in its name. */
async function called(plugin: FoundPlugin): Promise<FoundPlugin> {
  const { path, isFolder, packageName } = plugin
  if (!isFolder || packageName === undefined || packageName === basename(path) || nameRefusal(packageName))
    return plugin
  const place = join(dirname(path), packageName)
  await rename(path, place)
  return (await pluginAt(place)) ?? plugin
}
