import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { basename } from 'node:path'
import { getRawAsset, isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'

/**
 * A stack that names source files and lines where it names places in the bundle. Source maps are read only now, when something
 * broke; a place without one stays as it is.
 */
export function sourceStack(stack: string): string {
  return stack.replace(frame, (text, before: string, path: string, line: string, column: string) => {
    const entry = sourceMapOf(path)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (entry === undefined || !('originalSource' in entry)) return text
    return `${before}${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  })
}

/** `at f (file:///…/run-ABC.mjs:2:120)`, `at async chunk-ABC.cjs:2:120` */
const frame = /^( +at (?:.*? \(|async )?)(.+\.[cm]js):(\d+):(\d+)(?=\)?$)/gm

/** In an executable the maps are compressed assets, else files beside the bundle. Every start would pay for an import of zlib. */
function sourceMapOf(path: string): SourceMap | undefined {
  try {
    const map = isSea()
      ? process
          .getBuiltinModule('node:zlib')
          .brotliDecompressSync(getRawAsset(`${basename(path)}.map.br`))
          .toString()
      : readFileSync(`${path.startsWith('file:') ? fileURLToPath(path) : path}.map`, 'utf8')
    return new SourceMap(JSON.parse(map))
  } catch {
    return undefined // an asset that is not there throws
  }
}
