import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAsWritten } from '../../exporter/describe/own-digest.ts'
import { type FileProof, proofOf } from './proof.ts'
import { statOf } from './same-file.ts'

/** More than anything holds that has a digest in it; a list of a whole account is not read for one. */
const mostBytes = 16 * 1024 * 1024

/** A file that no catalog knows, and that its own digest shows to be as smugdl wrote it; undefined for all others. */
export async function selfProven(root: string, path: string): Promise<FileProof | undefined> {
  if (!/\.(xmp|json)$/.test(path)) return undefined
  const there = await statOf(join(root, path))
  if (there?.isFile() !== true || there.size > mostBytes) return undefined
  const bytes = await readFile(join(root, path))
  if (!isAsWritten(bytes.toString())) return undefined
  return proofOf(root, path, createHash('sha256').update(bytes).digest('hex'))
}
