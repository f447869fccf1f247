import { knownExporters } from '../src/app/exporter-registry.ts'
import { builtInExporter, type InstalledExporter, pluginExporter } from '../src/engine/exporters/installed.ts'
import type { Exporter } from '../src/exporter/types.ts'

/** As the program installs it: by the name of one of ours it shares the output, by any other it is a plugin. */
export function installed(exporter: Exporter): InstalledExporter {
  return knownExporters().some(({ name }) => name === exporter.name)
    ? builtInExporter(exporter)
    : pluginExporter(exporter)
}
