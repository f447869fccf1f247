import { allowedTo } from '../../app/allowed-plugins.ts'
import { theOne } from '../../app/chosen-exporters.ts'
import { exporterNamed, knownExporters } from '../../app/exporter-registry.ts'
import { loadInstalledPlugin } from '../../app/load-plugin.ts'
import { findPluginsFor, type PlaceValues } from '../../app/plugin-folders.ts'
import { printable } from '../../app/text/printable.ts'
import type { Exporter, OptionDefinition } from '../../exporter/types.ts'
import type { FoundPlugin } from '../../plugin-host/find.ts'
import { noGrants } from '../../plugin-host/permissions.ts'
import type { Io } from '../io.ts'
import { permissionsIn } from './permissions.ts'

/** What an exporter says of itself, wants and may do. Loads a plugin's code, without any right. */
export async function show(name: string, values: PlaceValues, io: Io): Promise<0> {
  const known = theOne(name, knownExporters(await findPluginsFor(values, io)), values)
  const { plugin: found } = known
  await using loaded = found && (await loadInstalledPlugin(found, noGrants, undefined, io)).plugin
  const exporter = loaded ?? (await exporterNamed(name))?.exporter
  if (exporter === undefined) throw new Error('nothing was chosen')
  const lines = [
    `${name}: ${exporter.description ?? 'says nothing of itself'}`,
    `  place      ${found?.path ?? 'built in'}`,
    ...(found?.version === undefined ? [] : [`  version    ${found.version}`]),
    `  API        ${exporter.apiVersion}`,
    `  keeps      ${keptBy(exporter)}`,
    `  wants      ${wantsIn(exporter)}`,
    ...(found === undefined ? [] : [`  permitted  ${await permittedTo(found, io)}`]),
    ...optionLines(exporter),
  ]
  io.stdout.write(lines.map((line) => `${printable(line)}\n`).join(''))
  return 0
}

function keptBy({ keeps = 'here', alters = false, needs }: Exporter): string {
  if (needs === 'listing') return 'no pictures'
  if (keeps === 'nothing') return 'nothing: never a copy'
  if (keeps === 'elsewhere') return 'pictures elsewhere, where only it can look'
  return alters ? 'files that it makes of the pictures: no copies' : 'pictures'
}

function wantsIn({ needs, wants = [] }: Exporter): string {
  const more = { net: 'the network', run: 'starting programs' }
  return [
    needs === 'listing'
      ? 'what SmugMug says about each picture and video; no bytes'
      : 'the bytes of each picture and video',
    ...wants.map((want) => more[want]),
  ].join(', ')
}

async function permittedTo(plugin: FoundPlugin, io: Io): Promise<string> {
  const { grants, isChanged } = await allowedTo(plugin, io)
  return `${permissionsIn(grants).join(', ')}${isChanged ? '; but it was changed since, and has to be allowed again' : ''}`
}

function optionLines({ name, options = {} }: Exporter): string[] {
  const entries = Object.entries(options)
  if (entries.length === 0) return ['  It has no options.']
  return entries.flatMap(([option, definition]) => [
    '',
    `  --set ${name}.${option}=${valueHint(definition)}`,
    `      ${definition.help}${definition.default === undefined ? '' : ` [default ${String(definition.default)}]`}`,
  ])
}

function valueHint({ type, choices }: OptionDefinition): string {
  if (type === 'boolean') return 'true|false'
  return choices?.join('|') ?? (type === 'number' ? 'NUMBER' : 'TEXT')
}
