import { readFileSync } from 'node:fs'

/** Set by scripts/build.ts: src/exporter/types.ts. */
declare const __SMUGDL_EXPORTER_TYPES__: string | undefined

/** The types of the contract as one file that needs no other, not even Node's own types. */
export function declarations(): string {
  const source =
    typeof __SMUGDL_EXPORTER_TYPES__ === 'string'
      ? __SMUGDL_EXPORTER_TYPES__
      : readFileSync(new URL('./types.ts', import.meta.url), 'utf8')
  return `// The contract of smugdl's exporters. Written by \`smugdl plugins new\`; a newer smugdl writes a newer one.\n\n${source.replaceAll(
    'NodeJS.ReadableStream',
    'AsyncIterable<Uint8Array>',
  )}`
}
