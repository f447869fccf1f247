import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import { isSystemError } from '../../disk-error.ts'
import { SmugdlError } from '../../error.ts'
import { clashKey } from '../../exporter/clash-key.ts'
import { statOf } from '../files/same-file.ts'
import type { InstalledExporter } from './installed.ts'

/**
 * Creates and records the folders of plugins, each claimed before it exists. A claim lasts as long as the output, whichever exporters a run
 * has, so that no album is taken for a plugin's folder. Throws `destination` if something else is there: a non-empty folder is a plugin's
 * only if an earlier run claimed it, because it may belong to an album or the user.
 */
export async function claimFolders(
  installed: readonly InstalledExporter[],
  { output, dryRun }: { output: string; dryRun: boolean },
  { state }: Catalog,
): Promise<void> {
  for (const { exporter, folder } of installed) {
    const { name } = exporter
    const claim = join(claimsIn(output), name)
    const isClaimed = (await statOf(claim)) !== undefined || typeof state.get(folders, name) === 'string'
    if (folder === '') {
      if (isClaimed) throw taken(`In this output ${name} is a plugin from outside, with a folder of its own`, output)
      continue
    }
    const path = join(output, folder)
    const there = await statOf(path)
    if (there !== undefined && !(there.isDirectory() && (isClaimed || (await readdir(path)).length === 0)))
      throw taken(`The plugin ${name} would get a folder to itself, but what is there is not its own`, path)
    if (dryRun) continue
    await mkdir(claim, { recursive: true })
    state.set(folders, name, folder)
    await mkdir(path, { recursive: true })
  }
}

/** The folder of any exporter that ever delivered to this output, relative to it, whether it is installed or not; empty for the output itself. */
export function folderOf(exporter: string, { state }: Catalog): string {
  const folder = state.get(folders, exporter)
  return typeof folder === 'string' ? folder : ''
}

/** The folders ever claimed by plugins in this output: from the disk, in case the catalog was lost, and from the catalog, because copies omit empty folders. */
export async function claimedFolders(output: string, { state }: Catalog): Promise<string[]> {
  const onDisk = await readdir(claimsIn(output)).catch((error) => {
    if (isSystemError(error, 'ENOENT')) return []
    throw error
  })
  return [...new Set([...onDisk, ...Array.from(state.all(folders), ([, folder]) => String(folder))])]
}

/** Throws `item` if the first name of a path belongs to another exporter. */
export function requireFree(path: string, reserved: readonly string[]): void {
  const [first = ''] = path.split('/')
  if (!reserved.some((name) => clashKey(name) === clashKey(first))) return
  throw new SmugdlError('item', {
    what: `"${first}" is reserved in this output: it belongs to a plugin or to another exporter`,
    item: path,
    next: 'Rename the album or folder on SmugMug, or choose paths that give it another name',
  })
}

function taken(what: string, item: string): SmugdlError {
  return new SmugdlError('destination', {
    what,
    item,
    next: 'Move it away, or give the plugin (its file, and the name in it) another name',
  })
}

function claimsIn(output: string): string {
  return join(output, '.smugdl', 'plugins')
}

/** Key of the state; no exporter's name contains a colon. */
const folders = ':folders'
