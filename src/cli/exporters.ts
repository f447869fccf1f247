import { SmugdlError } from '../error.ts'
import type { Exporter } from '../exporter/types.ts'
import { didYouMean } from '../nearest.ts'

const builtIn = {
  folder: async () => (await import('../../plugins/folder.ts')).default,
  manifest: async () => (await import('../../plugins/manifest.ts')).default,
  zip: async () => (await import('../../plugins/zip.ts')).default,
} as const satisfies Record<string, () => Promise<Exporter>>

/** The exporters of these names, in this order. Throws `usage` for a name that none has. */
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

function isBuiltIn(name: string): name is keyof typeof builtIn {
  return Object.hasOwn(builtIn, name)
}
