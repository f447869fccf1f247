import { join, sep } from 'node:path'

/** Whether a path that was kept leads to something below `root`; a catalog may be somebody else's. */
export function isBelow(root: string, path: string): boolean {
  return join(root, path).startsWith(join(root, sep))
}
