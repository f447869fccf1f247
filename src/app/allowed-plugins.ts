import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { SmugdlError } from '../error.ts'
import type { FoundPlugin } from '../plugin-host/find.ts'
import { fingerprintOf } from '../plugin-host/fingerprint.ts'
import { type Grants, noGrants } from '../plugin-host/permissions.ts'
import { configDir, configDirIfAny } from './config-dir.ts'
import type { Environment } from './environment.ts'
import { writePrivate } from './private-file.ts'

const Allowed = v.object({
  /** Real path of the plugin. */
  path: v.string(),
  sha256: v.string(),
  allow: v.object({
    all: v.boolean(),
    net: v.boolean(),
    run: v.boolean(),
    read: v.array(v.string()),
    write: v.array(v.string()),
  }),
})
const File = v.object({ plugins: v.array(Allowed) })

/** What the user allowed a plugin, and whether its files are still those that it was allowed to. */
export interface Standing {
  readonly grants: Grants
  readonly isChanged: boolean
}

/** What is kept for the plugin at this very place: for another one of its name nothing is. */
export async function allowedTo(plugin: FoundPlugin, environment: Environment): Promise<Standing> {
  const all = await readAllowed(environment)
  if (all.length === 0) return { grants: noGrants, isChanged: false }
  const { path, sha256 } = await fingerprintOf(plugin.path)
  const kept = all.find((each) => each.path === path)
  if (kept === undefined) return { grants: noGrants, isChanged: false }
  return { grants: kept.allow, isChanged: kept.sha256 !== sha256 }
}

/** From now on this plugin, as its files are now, may do this; nothing forgets it. */
export async function allow(plugin: FoundPlugin, grants: Grants, environment: Environment): Promise<void> {
  const { path, sha256 } = await fingerprintOf(plugin.path)
  const others = (await readAllowed(environment)).filter((each) => each.path !== path)
  const isNothing = !grants.all && !grants.net && !grants.run && grants.read.length + grants.write.length === 0
  const allow = { ...grants, read: [...grants.read], write: [...grants.write] }
  const plugins = [...others, ...(isNothing ? [] : [{ path, sha256, allow }])]
  const file = join(configDir(environment), fileName)
  await writePrivate(file, `${JSON.stringify({ plugins }, null, 2)}\n`).catch((cause) => {
    throw new SmugdlError('usage', {
      what: 'The rights of plugins cannot be written',
      item: file,
      next: 'Make the folder writable, or choose another one with SMUGDL_CONFIG_DIR',
      cause,
    })
  })
}

const fileName = 'plugin-permissions.json'

async function readAllowed(environment: Environment): Promise<v.InferOutput<typeof Allowed>[]> {
  const folder = configDirIfAny(environment)
  if (folder === undefined) return []
  const path = join(folder, fileName)
  const broken = (cause: unknown) =>
    new SmugdlError('usage', {
      what: 'The rights of plugins cannot be read',
      item: path,
      next: 'Correct the file, or remove it and allow plugins again',
      cause,
    })
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return []
    throw broken(cause)
  }
  try {
    return v.parse(File, JSON.parse(text)).plugins
  } catch (cause) {
    throw broken(cause)
  }
}
