import { join } from 'node:path'

/** The exporters that come with smugdl and share its output. Every other one is a plugin from outside. */
export const builtIn = ['folder', 'zip', 'manifest'] as const

export type BuiltIn = (typeof builtIn)[number]

export function isBuiltIn(exporter: string): exporter is BuiltIn {
  return (builtIn as readonly string[]).includes(exporter)
}

/** Where the files of an output wait until every exporter has had them. */
export function stagingOf(output: string): string {
  return join(output, '.smugdl', 'staging')
}

/** Where it is noted that a folder in the output is a plugin's, so that no album's is ever taken for one. */
export function claimOf(output: string, plugin: string): string {
  return join(output, '.smugdl', 'plugins', plugin)
}

/** The folder that belongs to an exporter: a plugin has one of its own name in the output, where nothing of anybody else's is. */
export function outputOf(output: string, exporter: string): string {
  return isBuiltIn(exporter) ? output : join(output, exporter)
}
