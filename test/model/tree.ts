import { join } from 'node:path'
import { type FileAtHome, readHome } from '../e2e/home.ts'
import { archiveContents } from '../plugins/archive-contents.ts'
import { claim } from './claim.ts'

/** A file at home; of an archive also what is in it. */
export interface File extends FileAtHome {
  archived?: ReadonlySet<string>
}

/** Home as it stands, by path. */
export type Tree = ReadonlyMap<string, File | 'empty folder' | 'link'>

export async function readTree(output: string): Promise<Tree> {
  const tree = new Map<string, File | 'empty folder' | 'link'>(await readHome(output))
  for (const [path, file] of tree) {
    if (typeof file !== 'object' || !path.endsWith('.zip')) continue
    // What a user made of it need not be an archive.
    const contents = await archiveContents(join(output, path)).catch(() => [])
    tree.set(path, { ...file, archived: new Set(contents.map(([, md5]) => md5)) })
  }
  return tree
}

export function fileAt(tree: Tree, path: string): File | undefined {
  const file = tree.get(path)
  return typeof file === 'object' ? file : undefined
}

/** Whether these bytes are at `path`, by themselves or in an archive. */
export function holds(tree: Tree, path: string, md5: string): boolean {
  const file = fileAt(tree, path)
  return file?.md5 === md5 || file?.archived?.has(md5) === true
}

export function isSameFile(a: File | undefined, b: File | undefined): boolean {
  return a !== undefined && b !== undefined && a.md5 === b.md5 && a.mtimeMs === b.mtimeMs && a.inode === b.inode
}

/** Every file with its time and inode, and every folder. */
export function nothingChanged(before: Tree, after: Tree, promise: string): void {
  const told = (tree: Tree) => JSON.stringify([...tree])
  claim(told(before) === told(after), `${promise}: ${told(before)} became ${told(after)}`)
}
