import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { allowedTo } from '../../app/allowed-plugins.ts'
import { type KnownExporter, knownExporters } from '../../app/exporter-registry.ts'
import { findPluginsFor, ownPluginFolder, type PlaceValues } from '../../app/plugin-folders.ts'
import { printable } from '../../app/text/printable.ts'
import { rightsOf } from '../../plugin-host/permissions.ts'
import { asWord } from '../../shell-quote.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import { table } from '../table.ts'
import { permissionsIn } from './permissions.ts'
import { isArchive } from './unpack.ts'

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
export async function list(values: PlaceValues & { json: boolean }, io: Io): Promise<0> {
  const known = knownExporters(await findPluginsFor(values, io))
  const rows = await Promise.all(known.map((one) => rowOf(one, known, io)))
  if (values.json) {
    for (const row of rows) io.stdout.write(jsonLine({ ...row }))
    return 0
  }
  io.stdout.write(
    table(
      rows.map(({ name, place, version, permissions, problem }) => [
        name,
        version ?? '',
        place ?? 'built in',
        problem === undefined ? permissions.join(', ') : `cannot be used: ${problem}`,
      ]),
      {},
    ),
  )
  for (const archive of await archivesIn(ownPluginFolder(io)))
    io.stderr.write(`${printable(`An archive is no plugin yet: smugdl plugins add ${asWord(archive, io.platform)}`)}\n`)
  return 0
}

async function archivesIn(folder: string | undefined): Promise<string[]> {
  if (folder === undefined) return []
  const names = await readdir(folder).catch(() => [])
  return names.filter(isArchive).map((name) => join(folder, name))
}

async function rowOf(one: KnownExporter, known: readonly KnownExporter[], io: Io): Promise<Row> {
  const { name, plugin } = one
  if (plugin === undefined) return { name, permissions: ['comes with smugdl'] }
  const others = known
    .filter((each) => each.name === name && each !== one)
    .map((each) => each.plugin?.path ?? 'built in')
  const { path, version, refusal } = plugin
  const { grants, isChanged } = await allowedTo(plugin, io)
  const problem =
    refusal?.what ??
    (others.length > 0
      ? `another has its name (${others.join(', ')})`
      : isChanged
        ? `it was changed since it was allowed ${rightsOf(grants).join(', ')}`
        : undefined)
  return {
    name,
    place: path,
    ...(version !== undefined && { version }),
    permissions: permissionsIn(grants),
    ...(problem !== undefined && { problem }),
  }
}
