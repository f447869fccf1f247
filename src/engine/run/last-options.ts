import type { Catalog } from '../../catalog/catalog.ts'
import type { Json } from '../../catalog/row.ts'
import { optionOfToday } from '../exporters/renamed-options.ts'
import type { RunPlan } from './plan.ts'

/**
 * With what exporters an output was made, and with which options: a command that mends it must use the same, or it would move things
 * about. Kept by every run.
 */
export function storeOptions({ exporters, exporterOptions }: RunPlan, wantsBytes: boolean, { state }: Catalog): void {
  state.set(ofRuns, 'exporters', [...exporters])
  if (wantsBytes) state.set(ofRuns, 'exporters of home', [...exporters])
  for (const name of exporters) state.set(ofRuns, `options of ${name}`, { ...exporterOptions[name] })
}

/** Names of the exporters of the last run; undefined before the first. */
export function lastExporters(catalog: Catalog): string[] | undefined {
  return exportersAt('exporters', catalog)
}

/**
 * Names of the exporters of the last run that wanted pictures; undefined before the first. A run that only lists is never what an account
 * comes home by from then on.
 */
export function homeExporters(catalog: Catalog): string[] | undefined {
  return exportersAt('exporters of home', catalog)
}

function exportersAt(key: string, { state }: Catalog): string[] | undefined {
  const names = state.get(ofRuns, key)
  return Array.isArray(names) ? names.map(String) : undefined
}

/** The options that an exporter had when it was last used, as they are called today; some may be unknown by now. */
export function lastOptions(exporter: string, { state }: Catalog): Readonly<Record<string, Json | undefined>> {
  const options = state.get(ofRuns, `options of ${exporter}`)
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return {}
  const today = Object.entries(options).flatMap(([option, value]) => {
    const said = typeof value === 'string' ? optionOfToday(exporter, option, value) : undefined
    return said === undefined ? [] : [said]
  })
  return { ...Object.fromEntries(today), ...(options as Record<string, Json>) }
}

/** No exporter's name is empty. */
const ofRuns = ''
