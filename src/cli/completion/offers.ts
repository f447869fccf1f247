import type { Offers } from './grammar.ts'

/** Of the exporters that come with smugdl: a plugin reveals its options only when its code is run. */
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
