import { createReadStream } from 'node:fs'
import type { FileFacts, VerifiedFile } from '../../exporter/types.ts'

/** A staged file as sent to the plugin's process, with the methods that read it. */
export function readable(file: FileFacts & { readonly path: string }): VerifiedFile {
  return { ...file, stream: () => createReadStream(file.path) }
}
