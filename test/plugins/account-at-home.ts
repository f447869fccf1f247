import { exporterOptions } from '../../src/app/exporter-options.ts'
import { exporterNamed } from '../../src/app/exporter-registry.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { Exporter } from '../../src/exporter/index.ts'
import { openStage, type Ran, type RunOptions, type Stage } from '../../src/exporter-suite/stage.ts'
import type { World } from '../../src/simulator/world.ts'
import { installed } from '../installed.ts'

export interface AtHome extends Stage {
  /** As a stage's, with `--set`, and with the exporters of earlier runs at hand. */
  run(exporters: readonly Exporter[], how?: RunOptions & { set?: string[] }): Promise<Ran>
}

/** An account behind a simulator, and an empty folder for it, which the engine fills in this process. */
export async function accountAtHome(world: World): Promise<AtHome> {
  const stage = await openStage(world, installed)
  return {
    ...stage,
    run: (exporters, { set = [], ...how } = {}) =>
      stage.run(exporters, { exporterOptions: exporterOptions(set, exporters.map(installed)), exporterNamed, ...how }),
  }
}

/** What the catalog holds, between runs. */
export function look<T>(stage: Stage, at: (catalog: Catalog) => T): T {
  using catalog = stage.openCatalog()
  return at(catalog)
}
