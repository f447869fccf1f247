import { dirname } from 'node:path'
import { type InstalledExporter, pluginExporter } from '../engine/exporters/installed.ts'
import { stagingOf } from '../engine/files/staging.ts'
import type { FoundPlugin } from '../plugin-host/find.ts'
import type { Plugin } from '../plugin-host/parent/plugin.ts'
import type { Grants } from '../plugin-host/permissions.ts'
import type { Environment } from './environment.ts'
import type { Asking } from './plugin-permissions.ts'

/**
 * A plugin as an exporter of a run; its processes end when `plugin` is disposed of. Throws `usage` for one that does not load, or wants more
 * than it is allowed; for `asking` `undefined` it is only looked at.
 */
export async function loadInstalledPlugin(
  found: FoundPlugin,
  oneOff: Grants,
  asking: Asking | undefined,
  environment: Environment,
): Promise<{ plugin: Plugin; installed: InstalledExporter }> {
  const [{ loadPlugin }, { grantsFor, permitted }] = await Promise.all([
    import('../plugin-host/parent/plugin.ts'),
    import('./plugin-permissions.ts'),
  ])
  const { program, env } = environment
  const given = asking === undefined ? oneOff : await grantsFor(found, oneOff, asking, environment)
  const plugin = await loadPlugin(found, {
    program,
    env,
    grants: given,
    staging: (folder) => stagingOf(dirname(folder)),
    ...(asking && { permit: (wants) => permitted(found, wants, given, asking, environment) }),
  })
  return { plugin, installed: pluginExporter(plugin) }
}
