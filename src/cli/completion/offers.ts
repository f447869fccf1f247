import type { Offers } from './grammar.ts'

/** Completions for the built-in exporters only, because a plugin's options are known only by running its code. */
export async function offers(): Promise<Offers> {
  const { knownExporters, loadExporters } = await import('../../app/exporter-registry.ts')
  const exporters = await loadExporters(knownExporters().map(({ name }) => name))
  return {
    exporters: exporters.map(({ exporter }) => exporter.name),
    exporterOptions: exporters.flatMap(({ exporter: { name, options = {} } }) =>
      Object.keys(options).map((option) => `${name}.${option}=`),
    ),
  }
}
