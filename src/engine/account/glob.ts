import { posix } from 'node:path'

/** Whether a path or a name is meant by a glob: upper or lower case, `*` within a name, `**` across `/`. */
export function matchesGlob(text: string, glob: string): boolean {
  return posix.matchesGlob(text.toLowerCase(), glob.toLowerCase())
}
