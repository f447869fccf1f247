import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { configDir } from '../../app/config-dir.ts'
import { knownExporters } from '../../app/exporter-registry.ts'
import { loadInstalledPlugin } from '../../app/load-plugin.ts'
import { findPluginsFor, type PlaceValues } from '../../app/plugin-folders.ts'
import { printable } from '../../app/text/printable.ts'
import { SmugdlError } from '../../error.ts'
import { noGrants } from '../../plugin-host/permissions.ts'
import type { Io } from '../io.ts'
import { pluginAtPath } from './check.ts'

/**
 * Copies a plugin that loads, a file or a folder, to where it is always found, and says what it wants. Its code runs without any right.
 * Throws `usage` for an archive, and where there is an exporter of its name already.
 */
export async function add(path: string, values: PlaceValues, io: Io): Promise<0> {
  if (/\.(?:tgz|tar|tar\.\w+|zip)$/i.test(path))
    throw new SmugdlError('usage', {
      what: 'An archive is no plugin yet',
      item: path,
      next: 'Unpack it, and add the folder that comes out',
    })
  const found = await pluginAtPath(path, io)
  const { name } = found
  const other = knownExporters(await findPluginsFor(values, io)).find((known) => known.name === name)
  if (other !== undefined)
    throw new SmugdlError('usage', {
      what: `There is an exporter ${name} already`,
      item: other.plugin?.path ?? 'it comes with smugdl',
      next: other.plugin === undefined ? 'Give this one another name' : 'Remove that one first',
    })
  await using plugin = (await loadInstalledPlugin(found, noGrants, undefined, io)).plugin
  const folder = join(configDir(io), 'plugins')
  const place = join(folder, basename(found.path))
  // Nothing is found under a name with a dot in front: half a copy is no plugin.
  const copy = join(folder, `.adding-${basename(found.path)}`)
  await mkdir(folder, { recursive: true })
  await rm(copy, { recursive: true, force: true })
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
