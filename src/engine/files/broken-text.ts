import { readFile } from 'node:fs/promises'

/** What is longer is not read for this: no sidecar is, nor any album's file. */
const mostBytes = 16 * 1024 * 1024

/**
 * Whether a file that was XMP or JSON is neither any more, but empty, cut short or full of zeros: no program and nobody leaves one so, a disk or
 * a power cut does. Of other files, false. A slip of whoever edited JSON is theirs: only its end is looked at.
 */
export async function isBrokenText(path: string, size: number): Promise<boolean> {
  if (size === 0) return isText.test(path)
  if (!isText.test(path) || size > mostBytes) return false
  const text = await readFile(path, 'utf8')
  if (text.includes('\0')) return true
  return path.endsWith('.xmp') ? !isWholeXmp(text) : !text.trimEnd().endsWith('}')
}

const isText = /\.(?:xmp|json)$/

function isWholeXmp(text: string): boolean {
  const ends = /<\/(?:\w+:)?(?:xmpmeta|RDF)\s*>/.test(text)
  return ends && (!text.includes('<?xpacket begin') || text.includes('<?xpacket end'))
}
