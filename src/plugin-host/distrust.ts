import type { Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { shellQuoted } from '../shell-quote.ts'

/** Why a plugin must not or cannot be loaded, and the fix: sentences. */
export interface Refusal {
  readonly what: string
  readonly next: string
}

/**
 * Why the code of a plugin, a file or a folder, is not its user's own; undefined if it is. Code that somebody else can change is somebody
 * else's code: every file and folder of it, and every folder around it, must belong to us or to root and be writable by nobody else; only
 * around it may a folder be everybody's that is sticky, as /tmp is. No link in it may lead out of it: a plugin may read its own folder, and Node
 * follows links. That the plugin itself is a link is its developer's way of working. Windows keeps such rights elsewhere, and nothing is looked at there.
 */
export async function distrust(path: string): Promise<Refusal | undefined> {
  if (process.getuid === undefined) return undefined
  const own = await realpath(path)
  for (const around of new Set([...foldersAround(own), ...foldersAround(path)])) {
    const refusal = ofRights(around, await stat(around), true)
    if (refusal !== undefined) return refusal
  }
  return ofTree(own)
}

async function ofTree(root: string): Promise<Refusal | undefined> {
  const left = [root]
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const there = await lstat(path)
    const refusal = there.isSymbolicLink() ? await ofLink(path, root) : ofRights(path, there, false)
    if (refusal !== undefined) return refusal
    if (!there.isDirectory()) continue
    for (const name of await readdir(path)) left.push(join(path, name))
  }
  return undefined
}

async function ofLink(path: string, root: string): Promise<Refusal | undefined> {
  const target = await realpath(path).catch(() => undefined)
  if (target === root || target?.startsWith(`${root}${sep}`)) return undefined
  return {
    what: `${path} is a link that leads out of the plugin${target === undefined ? '' : `, to ${target}`}`,
    next: `A plugin may read what its links lead to: rm ${shellQuoted(path)}, or put a copy there`,
  }
}

function ofRights(path: string, { mode, uid, gid }: Stats, isAround: boolean): Refusal | undefined {
  if (isAround && (mode & 0o1000) !== 0) return undefined
  if ((mode & 0o002) !== 0)
    return {
      what: `Everybody on this computer can change ${path}`,
      next: `If you trust what is in it: chmod o-w ${shellQuoted(path)}`,
    }
  // A group of the same number as its owner is the owner's private one, as Debian, Fedora and others make it. Root's may be changed by nobody else.
  if ((mode & 0o020) !== 0 && gid !== uid)
    return {
      what: `The group ${gid} can change ${path}`,
      next: `If you trust what is in it: chmod g-w ${shellQuoted(path)}`,
    }
  if (uid !== process.getuid?.() && uid !== 0)
    return {
      what: `${path} belongs to another user (${uid})`,
      next: `If you trust what is in it: chown ${process.getuid?.()} ${shellQuoted(path)}`,
    }
  return undefined
}

/** From the nearest up to the root. */
function* foldersAround(path: string): Generator<string> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    yield folder
    if (folder === dirname(folder)) return
  }
}
