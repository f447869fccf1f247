import type { InstalledExporter } from '../engine/exporters/installed.ts'
import { optionOfToday, optionsOfToday } from '../engine/exporters/renamed-options.ts'
import { SmugdlError } from '../error.ts'
import { albumTemplate, pathTemplate } from '../exporter/path-template.ts'
import type { Exporter, OptionDefinition } from '../exporter/types.ts'
import { didYouMean } from '../nearest.ts'

export type ExporterOptions = Record<string, Record<string, string | number | boolean>>

/**
 * The options of the chosen exporters by exporter name, complete: `EXPORTER.OPTION=VALUE` of `--set`, else what `before` says, else the
 * defaults. Throws `usage` for what no chosen exporter takes.
 */
export function exporterOptions(
  settings: readonly string[],
  exporters: readonly Pick<InstalledExporter, 'exporter'>[],
  before: (exporter: string) => Readonly<Record<string, unknown>> = () => ({}),
): ExporterOptions {
  const options: ExporterOptions = Object.fromEntries(
    exporters.map(({ exporter }) => [exporter.name, optionsBefore(exporter, before(exporter.name))]),
  )
  for (const setting of settings) {
    const [, name, option, text] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(setting) ?? []
    if (name === undefined || option === undefined || text === undefined)
      throw new SmugdlError('usage', {
        what: '--set takes EXPORTER.OPTION=VALUE',
        item: setting,
        next: meant(setting, exporters) ?? 'For instance --set folder.mtime=uploaded',
      })
    const exporter = exporters.find(({ exporter }) => exporter.name === name)?.exporter
    const own = options[name]
    if (exporter === undefined || own === undefined)
      throw new SmugdlError('usage', {
        what: '--set names an exporter that is not chosen',
        item: name,
        next: didYouMean(name, Object.keys(options)).trim() || `Choose it with --exporter ${name}`,
      })
    const [today = option, value = text] = optionOfToday(name, option, text) ?? []
    own[today] = optionValue(exporter, today, value)
  }
  return options
}

/** An exporter that has the option which is named without one. */
function meant(setting: string, exporters: readonly Pick<InstalledExporter, 'exporter'>[]): string | undefined {
  const option = /^([^.=]+)=/.exec(setting)?.[1] ?? ''
  const owner = exporters.find(({ exporter }) => Object.hasOwn(exporter.options ?? {}, option))
  if (owner !== undefined) return `Did you mean --set ${owner.exporter.name}.${setting}?`
  return exporters.map(({ exporter }) => asToday(exporter.name, option)).find((said) => said !== undefined)
}

/** How to say what was an option of an earlier version. */
function asToday(exporter: string, option: string): string | undefined {
  const settings = optionsOfToday(exporter, option)
  if (settings.length === 0) return undefined
  const each = settings.map(([then, setting]) => `--set '${setting}' for ${then}`)
  return `What was ${option} is a template today: ${each.join(', ')}; smugdl fields shows what else may stand in it`
}

function optionsBefore(
  { options = {} }: Exporter,
  before: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, definition]) => {
      const value = fits(before[name], definition) ? before[name] : definition.default
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** An option may have another type or other choices than when its value was kept. */
function fits(value: unknown, { type, choices }: OptionDefinition): value is string | number | boolean {
  return typeof value === type && (choices === undefined || choices.includes(String(value)))
}

function optionValue(exporter: Exporter, option: string, text: string): string | number | boolean {
  const definitions = exporter.options ?? {}
  const definition = Object.hasOwn(definitions, option) ? definitions[option] : undefined
  const source = `${exporter.name}.${option}`
  if (definition === undefined) {
    const today = asToday(exporter.name, option)
    const names = Object.keys(definitions)
    throw new SmugdlError('usage', {
      what: `The exporter ${exporter.name} has no option ${option}`,
      next: today ?? `${didYouMean(option, names)}${names.length === 0 ? 'It has none' : `It has ${names.join(', ')}`}`,
    })
  }
  return checked(definition, source, text)
}

function checked(
  { type, choices, template }: OptionDefinition,
  source: string,
  text: string,
): string | number | boolean {
  const wrong = (next: string) => new SmugdlError('usage', { what: `--set ${source} cannot be`, item: text, next })
  if (type === 'boolean') {
    if (['1', 'true', 'yes'].includes(text.toLowerCase())) return true
    if (['0', 'false', 'no'].includes(text.toLowerCase())) return false
    throw wrong('It is true or false')
  }
  if (type === 'number') {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isFinite(value)) return value
    throw wrong('It is a number')
  }
  if (choices !== undefined && !choices.includes(text))
    throw wrong(`${didYouMean(text, choices)}It is one of ${choices.join(', ')}`)
  if (template === 'image') pathTemplate(text)
  if (template === 'album') albumTemplate(text)
  return text
}
