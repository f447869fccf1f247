import { createReadStream } from 'node:fs'
import type { FileFacts, VerifiedFile } from '../../exporter/types.ts'

/** A staged file as it crosses the border, with what a plugin reads it by. */
export function readable(file: FileFacts & { readonly path: string }): VerifiedFile {
  return { ...file, stream: () => createReadStream(file.path) }
}
