import { readFile } from 'node:fs/promises'

/** What is longer is not read for this: no sidecar is, nor any album's file. */
const mostBytes = 16 * 1024 * 1024

/**
 * Whether a file that was XMP or JSON is neither any more, but empty, cut short or full of zeros: no program and nobody leaves one so, a disk or
 * a power cut does. Of other files, false. A slip of whoever edited it is theirs, and so is what they wrote instead of it: notes, or XMP in UTF-16.
 */
export async function isBrokenText(path: string, size: number): Promise<boolean> {
  if (size === 0) return isText.test(path)
  if (!isText.test(path) || size > mostBytes) return false
  const text = await readFile(path, 'utf8')
  if (startsWithZeros.test(text)) return true
  const isXmp = path.endsWith('.xmp')
  if (!text.trimStart().startsWith(isXmp ? '<' : '{')) return false
  return zeros.test(text) || !(isXmp ? isWholeXmp(text) : isWholeJson(text))
}

const isText = /\.(?:xmp|json)$/

/** More than text in any encoding has in a row. */
const zeros = /\0{8}/
const startsWithZeros = /^\0{8}|^\0+$/

function isWholeXmp(text: string): boolean {
  const ends = /<\/(?:\w+:)?(?:xmpmeta|RDF)\s*>/.test(text)
  return ends && (!text.includes('<?xpacket begin') || text.includes('<?xpacket end'))
}

/** The last line of ours is the bracket that closes it; somebody's note may follow. */
function isWholeJson(text: string): boolean {
  return /^\}/m.test(text) || text.trimEnd().endsWith('}')
}
