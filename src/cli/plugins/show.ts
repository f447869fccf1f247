import { chosenExporters } from '../../app/chosen-exporters.ts'
import { findPluginsFor, type PlaceValues } from '../../app/plugin-folders.ts'
import { type GrantValues, grantsOf } from '../../app/plugin-permissions.ts'
import { printable } from '../../app/text/printable.ts'
import type { Exporter, OptionDefinition } from '../../exporter/types.ts'
import type { Io } from '../io.ts'
import { permissionsIn } from './list.ts'

/** What an exporter says of itself. Loads a plugin's code. */
export async function show(name: string, values: PlaceValues & GrantValues, io: Io): Promise<0> {
  await using chosen = await chosenExporters([name], values, io)
  const exporter = chosen.exporters[0]?.exporter
  if (exporter === undefined) throw new Error('nothing was chosen')
  const plugin = (await findPluginsFor(values, io)).find((each) => each.name === name)
  const facts: [string, string][] = [
    ['place', plugin?.path ?? 'built in'],
    ...(plugin?.version === undefined ? [] : [['version', plugin.version] as [string, string]]),
    ['API', String(exporter.apiVersion)],
    ['keeps', keptBy(exporter)],
    ['wants', exporter.needs === 'listing' ? 'what SmugMug tells of each image; no bytes' : 'the bytes of each image'],
    ...(plugin === undefined
      ? []
      : [['permitted', permissionsIn(grantsOf(values, [name], io)(name)).join(', ')] as [string, string]]),
  ]
  const lines = [
    `${name}: ${exporter.description ?? 'says nothing of itself'}`,
    ...facts.map(([what, fact]) => `  ${what.padEnd(9)}  ${fact}`),
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
