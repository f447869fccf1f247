import { type KnownExporter, knownExporters } from '../../app/exporter-registry.ts'
import { findPluginsFor, type PlaceValues } from '../../app/plugin-folders.ts'
import { type GrantValues, grantsOf } from '../../app/plugin-permissions.ts'
import { printable } from '../../app/text/printable.ts'
import type { Grants } from '../../plugin-host/permissions.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import { table } from '../table.ts'

interface Row {
  readonly name: string
  /** Absolute; absent for what comes with smugdl. */
  readonly place?: string
  readonly version?: string
  readonly permissions: readonly string[]
  /** Why it cannot be used. */
  readonly problem?: string
}

/** Every exporter that there is, without running any. */
export async function list(values: PlaceValues & GrantValues & { json: boolean }, io: Io): Promise<0> {
  const found = await findPluginsFor(values, io)
  const grants = grantsOf(
    values,
    found.map(({ name }) => name),
    io,
  )
  const known = knownExporters(found)
  const rows = known.map((one) => rowOf(one, known, grants))
  if (values.json) {
    for (const row of rows) io.stdout.write(jsonLine({ ...row }))
    return 0
  }
  io.stdout.write(
    table(
      rows.map(({ name, place, version, permissions, problem }) => [
        name,
        version ?? '',
        printable(place ?? 'built in'),
        printable(problem === undefined ? permissions.join(', ') : `cannot be used: ${problem}`),
      ]),
      {},
    ),
  )
  return 0
}

function rowOf(one: KnownExporter, known: readonly KnownExporter[], grants: (plugin: string) => Grants): Row {
  const { name, plugin } = one
  if (plugin === undefined) return { name, permissions: ['comes with smugdl'] }
  const others = known
    .filter((each) => each.name === name && each !== one)
    .map((each) => each.plugin?.path ?? 'built in')
  const { path, version, refusal } = plugin
  const problem = refusal?.what ?? (others.length === 0 ? undefined : `another has its name (${others.join(', ')})`)
  return {
    name,
    place: path,
    ...(version !== undefined && { version }),
    permissions: permissionsIn(grants(name)),
    ...(problem !== undefined && { problem }),
  }
}

/** What a plugin may do, in words. */
export function permissionsIn({ all, net, run, read, write }: Grants): string[] {
  if (all) return ['everything']
  return [
    'a folder of its own',
    ...(net ? ['the network'] : []),
    ...(run ? ['starting programs'] : []),
    ...read.map((path) => `reading ${path}`),
    ...write.map((path) => `writing ${path}`),
  ]
}
