import { SmugdlError } from '../error.ts'
import { type BuiltIn, isBuiltIn } from '../exporter/built-in.ts'
import type { Exporter } from '../exporter/types.ts'
import { didYouMean } from '../nearest.ts'

const builtIn = {
  folder: async () => (await import('../../plugins/folder/index.ts')).default,
  manifest: async () => (await import('../../plugins/manifest/index.ts')).default,
  zip: async () => (await import('../../plugins/zip/index.ts')).default,
} as const satisfies Record<BuiltIn, () => Promise<Exporter>>

/** Built-in exporters by name, in this order. Throws `usage` for a name that none has. */
export async function loadExporters(names: readonly string[]): Promise<Exporter[]> {
  return Promise.all(
    names.map((name) => {
      const known = Object.keys(builtIn)
      if (isBuiltIn(name)) return builtIn[name]()
      throw new SmugdlError('usage', {
        what: 'There is no such exporter',
        item: name,
        next: `${didYouMean(name, known)}There is ${known.join(', ')}`,
      })
    }),
  )
}

/** A built-in exporter of an earlier run; what plugins hold is fetched again. */
export async function exporterNamed(name: string): Promise<Exporter | undefined> {
  return isBuiltIn(name) ? builtIn[name]() : undefined
}
