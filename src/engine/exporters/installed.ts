import type { Exporter } from '../../exporter/types.ts'

/** An exporter as it stands in this program: what it does, where it may do so, and how far it is trusted. */
export interface InstalledExporter {
  readonly exporter: Exporter
  /** Its folder, relative to the output; empty if it shares the output itself. */
  readonly folder: string
  /** Our own code. What others deliver is made durable by the engine, and staged files are compared after they had them. */
  readonly trusted: boolean
  /** As `Exporter.reserves`, of the whole output. */
  readonly reserves: readonly string[]
}

export function wantsBytes({ exporter }: InstalledExporter): boolean {
  return exporter.needs !== 'listing'
}

/** Whether the pictures stay on this disk. One that keeps them elsewhere needs room for the few that are on their way. */
export function staysHere(installed: InstalledExporter): boolean {
  return wantsBytes(installed) && (installed.exporter.keeps ?? 'here') === 'here'
}

/** One of ours: it shares the output with the others. */
export function builtInExporter(exporter: Exporter): InstalledExporter {
  return { exporter, folder: '', trusted: true, reserves: exporter.reserves ?? [] }
}

/** One from outside: it has a folder of its own name in the output, and nothing to say about the rest. */
export function pluginExporter(exporter: Exporter): InstalledExporter {
  return { exporter, folder: exporter.name, trusted: false, reserves: [exporter.name] }
}
