import type { Exporter } from '../../exporter/types.ts'

/** An installed exporter: what it does, where, and how far it is trusted. */
export interface InstalledExporter {
  readonly exporter: Exporter
  /** Its folder, relative to the output; empty if it shares the output itself. */
  readonly folder: string
  /** Built-in code. For other exporters the engine makes deliveries durable, and compares staged files after each use. */
  readonly trusted: boolean
  /** As `Exporter.reserves`, for the whole output. */
  readonly reserves: readonly string[]
}

export function wantsBytes({ exporter }: InstalledExporter): boolean {
  return exporter.needs !== 'listing'
}

/** Whether the pictures stay on this disk. An exporter that keeps them elsewhere needs space only for the few in transit. */
export function staysHere(installed: InstalledExporter): boolean {
  return wantsBytes(installed) && (installed.exporter.keeps ?? 'here') === 'here'
}

/** A built-in exporter, which shares the output with the others. */
export function builtInExporter(exporter: Exporter): InstalledExporter {
  return { exporter, folder: '', trusted: true, reserves: exporter.reserves ?? [] }
}

/** A plugin, which has a folder of its own name in the output and no access to the rest. */
export function pluginExporter(exporter: Exporter): InstalledExporter {
  return { exporter, folder: exporter.name, trusted: false, reserves: [exporter.name] }
}
