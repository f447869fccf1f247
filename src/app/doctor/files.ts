import { constants, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AccountRow } from '../../catalog/account.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { isOfThisBoot } from '../../catalog/lock/owner.ts'
import { isBusy } from '../../catalog/sqlite-error.ts'
import { SmugdlError } from '../../error.ts'
import { configDirIfAny } from '../config-dir.ts'
import { type Settings, settingsOf } from '../config-file.ts'
import type { Environment } from '../environment.ts'
import { catalogPath } from '../output.ts'
import { findPluginsFor, ownPluginFolder, type PlaceValues } from '../plugin-folders.ts'
import { counted, dateAndTime } from '../text/quantities.ts'
import { diskFindings, spaceFinding } from './disk.ts'
import { type Finding, fail, failure, ok, warn } from './finding.ts'

/** The folder with settings, login and plugins. */
export async function* configFindings(environment: Environment): AsyncGenerator<Finding> {
  const folder = configDirIfAny(environment)
  if (folder === undefined) {
    yield warn(
      'config',
      'This user has no home folder',
      'Name a folder for the login and settings with SMUGDL_CONFIG_DIR',
    )
    return
  }
  const there = await statOf(folder)
  if (there === undefined) yield ok('config', `${folder} is not there yet`)
  else if (!there.isDirectory())
    yield fail('config', `${folder} is not a folder`, 'Move it away, or choose another one with SMUGDL_CONFIG_DIR')
  else if (environment.platform === 'win32') yield ok('config', folder)
  else if ((there.mode & 0o022) !== 0)
    yield warn('config', `Others on this computer may change ${folder} (mode ${modeOf(there)})`, 'Run chmod go-w on it')
  else yield ok('config', `${folder} (mode ${modeOf(there)})`)
}

/** The file of settings, where there is one. */
export async function* settingsFindings(
  environment: Environment,
  checkSettings: (settings: Settings) => void,
): AsyncGenerator<Finding> {
  try {
    const settings = await settingsOf(environment)
    checkSettings(settings)
    const names = Object.keys(settings.values)
    if (names.length > 0) yield ok('config', `${settings.path} sets ${names.join(', ')}`)
  } catch (error) {
    yield failure('config', error)
  }
}

/** Where everything goes, and how much more can. */
export async function* outputFindings(output: string): AsyncGenerator<Finding> {
  const there = await statOf(output)
  if (there !== undefined && !there.isDirectory()) {
    yield fail('output', `${output} is not a folder`, 'Name another one with --output')
    return
  }
  const folder = await nearestFolder(output)
  try {
    await access(folder, constants.W_OK)
    yield ok('output', there === undefined ? `${output} is not there yet and can be made` : output)
  } catch {
    yield fail('output', `${folder} cannot be written to`, 'Make it writable, or name another folder with --output')
  }
  yield await spaceFinding(folder)
  yield* diskFindings(folder)
}

/** What the output's catalog holds, and who holds the output. Changes neither. */
export async function* catalogFindings(output: string): AsyncGenerator<Finding> {
  const [{ Catalog }, { lockOwner }] = await Promise.all([
    import('../../catalog/catalog.ts'),
    import('../../catalog/lock/lock.ts'),
  ])
  const path = catalogPath(output)
  if ((await statOf(path)) === undefined) yield ok('catalog', 'No run was made in the output yet')
  else
    try {
      using catalog = Catalog.openToRead(path, { waitMs: 0 })
      yield catalogFinding(catalog)
    } catch (error) {
      if (isBusy(error)) yield ok('catalog', 'A run is using it')
      else yield failure('catalog', error)
    }
  try {
    const owner = lockOwner(output)
    if (owner === undefined) yield ok('lock', 'Nobody holds the output')
    else {
      const who = `"${owner.command}", process ${owner.pid}, since ${dateAndTime(owner.since)}`
      yield isOfThisBoot(owner)
        ? ok('lock', `A run on this machine holds the output, or was killed and the next one takes over: ${who}`)
        : warn(
            'lock',
            `A run on another machine, or from before this one was last started, has not released the output: ${who}`,
            'If it is no longer alive: smugdl runs --unlock',
          )
    }
  } catch (error) {
    yield failure('lock', error)
  }
}

/** The account whose home this is; undefined if there is none, or it cannot be known now. */
export async function accountAt(output: string): Promise<AccountRow | undefined> {
  const { Catalog } = await import('../../catalog/catalog.ts')
  if ((await statOf(catalogPath(output))) === undefined) return undefined
  try {
    using catalog = Catalog.openToRead(catalogPath(output), { waitMs: 0 })
    return catalog.account.get()
  } catch (error) {
    // Why is told of the catalog.
    if (isBusy(error) || error instanceof SmugdlError) return undefined
    throw error
  }
}

function catalogFinding(catalog: Catalog): Finding {
  const [wrong] = catalog.integrity()
  if (wrong !== undefined)
    return fail('catalog', `The catalog is broken: ${wrong}`, 'Run smugdl adopt on the output: it rebuilds the catalog')
  const files = catalog.deliveries
    .exporters()
    .map((exporter) => `${exporter} ${counted(catalog.deliveries.totals(exporter).files, 'file')}`)
  const [last] = catalog.runs.newest(1)
  const run = last && `; last run ${dateAndTime(last.startedAt)}, ${last.ended ?? 'killed'}`
  return ok('catalog', `In order: ${files.join(', ') || 'no files'}${run ?? ''}`)
}

/** The plugins that would be found; none is executed. */
export async function* pluginFindings(values: PlaceValues, environment: Environment): AsyncGenerator<Finding> {
  try {
    const found = await findPluginsFor(values, environment)
    if (found.length === 0)
      yield ok('plugins', values.plugins ? `None in ${ownPluginFolder(environment) ?? 'any folder'}` : 'Not looked for')
    for (const { name, path, version, refusal } of found) {
      if (refusal === undefined) yield ok('plugin', `${name}${version === undefined ? '' : ` ${version}`}: ${path}`)
      else yield warn('plugin', `${name} cannot be used: ${refusal.what}`, refusal.next)
    }
  } catch (error) {
    yield failure('plugins', error)
  }
}

async function nearestFolder(path: string): Promise<string> {
  const there = await statOf(path)
  return there?.isDirectory() || dirname(path) === path ? path : nearestFolder(dirname(path))
}

async function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined)
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o777).toString(8).padStart(4, '0')
}
