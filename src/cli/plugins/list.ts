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
  /** It comes with smugdl, and may do everything. */
  readonly builtIn: boolean
  /** Absolute; absent for what comes with smugdl. */
  readonly place?: string
  readonly version?: string
  /** What it is allowed beside a folder of its own, as `smugdl plugins allow` takes it: `net`, `run`, `read=PATH`, `write=PATH`, `all`. */
  readonly permissions: readonly string[]
  /** Why it cannot be used. */
  readonly problem?: string
}

/** Every exporter that there is, without running any. */
export async function list(values: PlaceValues & { json: boolean }, io: Io): Promise<0> {
  const known = knownExporters(await findPluginsFor(values, io))
  const rows = await Promise.all(known.map((one) => rowOf(one, known, io)))
  if (values.json) {
    for (const { row } of rows) io.stdout.write(jsonLine({ ...row }))
    return 0
  }
  io.stdout.write(
    table(
      rows.map(({ row: { name, place, version, problem }, allowed }) => [
        name,
        version ?? '',
        place ?? 'built in',
        problem === undefined ? allowed : `cannot be used: ${problem}`,
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

/** `allowed`: its permissions in words. */
async function rowOf(
  one: KnownExporter,
  known: readonly KnownExporter[],
  io: Io,
): Promise<{ row: Row; allowed: string }> {
  const { name, plugin } = one
  if (plugin === undefined) return { row: { name, builtIn: true, permissions: ['all'] }, allowed: 'comes with smugdl' }
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
  const row = {
    name,
    builtIn: false,
    place: path,
    ...(version !== undefined && { version }),
    permissions: rightsOf(grants),
    ...(problem !== undefined && { problem }),
  }
  return { row, allowed: permissionsIn(grants).join(', ') }
}
