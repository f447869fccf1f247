import { builtInExporter, type InstalledExporter } from '../engine/exporters/installed.ts'
import { SmugdlError } from '../error.ts'
import type { Exporter } from '../exporter/types.ts'
import { didYouMean } from '../nearest.ts'
import type { FoundPlugin } from '../plugin-host/find.ts'

/** The exporters that come with smugdl, in the order in which they are listed: to add one is to add its line. */
const builtIn: Readonly<Record<string, () => Promise<Exporter>>> = {
  folder: async () => (await import('../../plugins/folder/index.ts')).default,
  zip: async () => (await import('../../plugins/zip/index.ts')).default,
  manifest: async () => (await import('../../plugins/manifest/index.ts')).default,
  gallery: async () => (await import('../../plugins/gallery/index.ts')).default,
  s3: async () => (await import('../../plugins/s3/index.ts')).default,
}

/** An exporter that can be chosen; nothing of it is loaded yet. */
export interface KnownExporter {
  readonly name: string
  /** Absent for one that comes with smugdl. */
  readonly plugin?: FoundPlugin
}

/** Those that come with smugdl, and then these plugins. A name may be there twice. */
export function knownExporters(found: readonly FoundPlugin[] = []): KnownExporter[] {
  return [...Object.keys(builtIn).map((name) => ({ name })), ...found.map((plugin) => ({ name: plugin.name, plugin }))]
}

/** Built-in exporters by name, in this order. Throws `usage` for a name that none has. */
export function loadExporters(names: readonly string[]): Promise<InstalledExporter[]> {
  return Promise.all(
    names.map(async (name) => {
      const installed = await exporterNamed(name)
      if (installed !== undefined) return installed
      const known = Object.keys(builtIn)
      throw new SmugdlError('usage', {
        what: 'There is no such exporter',
        item: name,
        next: `${didYouMean(name, known)}There is ${known.join(', ')}`,
      })
    }),
  )
}

/** A built-in exporter, also of an earlier run; what plugins hold is fetched again. */
export async function exporterNamed(name: string): Promise<InstalledExporter | undefined> {
  const load = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined
  return load && builtInExporter(await load())
}
