import { createHash } from 'node:crypto'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { ListedImage } from '../../src/simulator/listing.ts'

export interface FileAtHome {
  md5: string
  size: number
  mtimeMs: number
  inode: number
}

/** Whether a file says what SmugMug knows of a picture, an album or a folder. Most tests are about pictures. */
function isDescription(path: string): boolean {
  return /(\.xmp|\.smugmug\.json|(^|\/)(album|folder)\.json)$/.test(path)
}

/**
 * Every file under a folder by its path with `/`, less what `.smugdl` holds and, unless they are asked for, less descriptions. A folder without
 * files is one entry that ends in `/`.
 */
export async function readHome(
  output: string,
  { descriptions = false }: { descriptions?: boolean } = {},
): Promise<Map<string, FileAtHome | 'empty folder' | 'link'>> {
  const found = new Map<string, FileAtHome | 'empty folder' | 'link'>()
  for (const entry of await entriesOf(output)) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(output, path).replaceAll(sep, '/')
    if (name === '.smugdl' || name.startsWith('.smugdl/')) continue
    if (!descriptions && isDescription(name)) continue
    if (entry.isDirectory()) {
      const inside = await readdir(path)
      if (inside.every((each) => !descriptions && isDescription(each))) found.set(`${name}/`, 'empty folder')
    } else if (entry.isFile()) {
      const { size, mtimeMs, ino } = await lstat(path)
      const md5 = createHash('md5')
        .update(await readFile(path))
        .digest('hex')
      found.set(name, { md5, size, mtimeMs, inode: ino })
    } else found.set(name, 'link')
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What lies in the staging folder. */
export async function readStaging(output: string): Promise<string[]> {
  return (await entriesOf(join(output, '.smugdl', 'staging'))).map(({ name }) => name)
}

export interface Difference {
  /** `folder/…/album/file name` in display names, of what the account holds and home does not. */
  missing: string[]
  /** Paths at home with bytes that the account does not hold, or holds fewer times. */
  unexpected: string[]
}

/** Home against what the account can give, by MD5: how often each content is there. */
export function difference(
  listing: Iterable<ListedImage>,
  home: ReadonlyMap<string, FileAtHome | 'empty folder' | 'link'>,
): Difference {
  const wanted = Map.groupBy(
    [...listing].filter(({ available }) => available !== 'none'),
    ({ md5 }) => md5,
  )
  const unexpected: string[] = []
  for (const [path, file] of home) {
    if (file === 'empty folder') continue
    if (file === 'link' || wanted.get(file.md5)?.pop() === undefined) unexpected.push(path)
  }
  const missing = [...wanted.values()]
    .flat()
    .map(({ folders, album, fileName }) => [...folders, album, fileName].join('/'))
  return { missing: missing.sort(), unexpected }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true, recursive: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
