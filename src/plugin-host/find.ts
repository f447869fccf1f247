import type { Stats } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { isInside, isOneName } from '../exporter/safe-path.ts'
import { distrust, type Refusal } from './distrust.ts'

/** An exporter on disk, as far as it can be described without executing any of it. */
export interface FoundPlugin {
  /** The name of the file without its extension, or of the folder. */
  readonly name: string
  /** Absolute. A file, or a folder with a package.json. */
  readonly path: string
  readonly isFolder: boolean
  /** The file to load. */
  readonly entry: string
  /** What a folder's package.json says. */
  readonly version?: string
  readonly packageName?: string
  /** Why it must not or cannot be loaded, and how to fix it, in sentences. */
  readonly refusal?: Refusal
}

const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts']

/** Every plugin in these folders, grouped by name. A folder that does not exist or is not readable contains none. */
export async function findPlugins(folders: Iterable<string>): Promise<FoundPlugin[]> {
  const found: FoundPlugin[] = []
  for (const folder of new Set(folders)) {
    for (const name of await entriesOf(folder)) {
      const plugin = await pluginAt(join(folder, name))
      if (plugin !== undefined) found.push(plugin)
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** The plugin at an absolute path; undefined if it does not look like one: tests, types, dot files and other folders do not. */
export async function pluginAt(path: string): Promise<FoundPlugin | undefined> {
  const there = await statOf(path)
  if (there === undefined || basename(path).startsWith('.')) return undefined
  if (there.isDirectory()) return folderPlugin(path)
  const extension = extname(path)
  const name = basename(path, extension)
  if (!there.isFile() || !extensions.includes(extension) || name.includes('.')) return undefined
  return { name, path, isFolder: false, entry: path, ...refusalIn(nameRefusal(name), await distrust(path)) }
}

async function folderPlugin(path: string): Promise<FoundPlugin | undefined> {
  const description = join(path, 'package.json')
  if (basename(path) === 'node_modules' || (await statOf(description)) === undefined) return undefined
  const name = basename(path)
  let entry = path
  let version: string | undefined
  let packageName: string | undefined
  let broken: Refusal | undefined
  try {
    const said = JSON.parse(await readFile(description, 'utf8'))
    if (typeof said?.version === 'string') version = said.version
    if (typeof said?.name === 'string') packageName = said.name
    entry = await entryOf(path, said?.main)
  } catch (error) {
    broken = {
      what: `The plugin ${name} cannot be found in its folder: ${error instanceof Error ? error.message : String(error)}`,
      next: `"main" in ${description} names the file to load; without it that is index${extensions.join(', index')}`,
    }
  }
  return {
    name,
    path,
    isFolder: true,
    entry,
    ...(version !== undefined && { version }),
    ...(packageName !== undefined && { packageName }),
    ...refusalIn(nameRefusal(name), broken, await distrust(path)),
  }
}

async function entryOf(folder: string, main: unknown): Promise<string> {
  const candidates = typeof main === 'string' ? [main] : extensions.map((extension) => `index${extension}`)
  for (const candidate of candidates) {
    const path = candidate.replace(/^\.\//, '')
    if (isInside(path) && (await statOf(join(folder, path)))?.isFile()) return join(folder, path)
  }
  throw new Error(`there is no ${candidates.join(', ')}`)
}

/** Why a plugin cannot have this name. */
export function nameRefusal(name: string): Refusal | undefined {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name) && isOneName(name)) return undefined
  return {
    what: `A plugin cannot be called ${JSON.stringify(name)}`,
    next: 'Lower-case letters, digits and hyphens make a name, which is also that of its folder in the output',
  }
}

function refusalIn(...refusals: (Refusal | undefined)[]): { refusal?: Refusal } {
  const refusal = refusals.find((each) => each !== undefined)
  return refusal === undefined ? {} : { refusal }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    // The home of a service is often no folder, or owned by another user.
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return []
    throw error
  }
}

/** Follows links: developers link their plugin into the folder. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
