import type { Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { shellQuoted } from '../shell-quote.ts'

/** Why a plugin must not or cannot be loaded, and how to fix it, in sentences. */
export interface Refusal {
  readonly what: string
  readonly next: string
}

/**
 * Why a plugin, a file or a folder, is not under the user's sole control; undefined if it is. Code that another user can change is not
 * trusted: each of its files and folders, and every folder around it, must belong to the user or root and be writable by no other user. Only a
 * folder around it may be writable by all if it is sticky, like /tmp. No link in the plugin may lead out of it, because a plugin may read its
 * own folder and Node follows links. The plugin itself may be a link, as developers use. Windows stores such rights elsewhere; nothing is checked there.
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
  // A group with the same number as the owner is the owner's private group, as on Debian, Fedora and others. Only root may change root's files.
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
