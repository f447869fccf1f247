import type { Exporter } from '../exporter/types.ts'

/** The newest version of the exporter contract that this smugdl supports. */
const apiVersion = 1

/** The fault in an exporter's description, as the end of a sentence that begins with its name; undefined if it is valid. */
export function problemOf(facts: { readonly [field: string]: unknown }, name: string): string | undefined {
  if (typeof facts.name !== 'string') return 'has no name'
  if (facts.name !== name)
    return `calls itself ${JSON.stringify(facts.name)}, but its file or folder ${JSON.stringify(name)}: they must be the same`
  if (facts.apiVersion === undefined)
    return `says for which plugin API it is made nowhere: add apiVersion: ${apiVersion}`
  if (typeof facts.apiVersion !== 'number' || !Number.isInteger(facts.apiVersion) || facts.apiVersion < 1)
    return `has ${JSON.stringify(facts.apiVersion)} for apiVersion, which is a whole number`
  if (facts.apiVersion > apiVersion) return `needs plugin API ${facts.apiVersion}, this smugdl knows ${apiVersion}`
  if (!['undefined', 'string'].includes(typeof facts.description)) return 'has a description that is no text'
  if (facts.needs !== undefined && facts.needs !== 'files' && facts.needs !== 'listing')
    return "needs something that is neither 'files' nor 'listing'"
  if (facts.keeps !== undefined && !['here', 'elsewhere', 'nothing'].includes(String(facts.keeps)))
    return "keeps something that is neither 'here', 'elsewhere' nor 'nothing'"
  if (facts.alters !== undefined && typeof facts.alters !== 'boolean')
    return 'has an alters that is neither true nor false'
  if (facts.wants !== undefined && !isListOfWants(facts.wants)) return "wants something that is neither 'net' nor 'run'"
  if (facts.hookMinutes !== undefined && !(Number(facts.hookMinutes) > 0 && Number(facts.hookMinutes) <= 24 * 60))
    return 'has hookMinutes that are no number up to 1440'
  if (facts.concurrency !== undefined && !(Number.isInteger(facts.concurrency) && Number(facts.concurrency) >= 1))
    return 'has a concurrency that is no whole number from 1'
  return problemOfOptions(facts.options)
}

function problemOfOptions(options: unknown): string | undefined {
  if (options === undefined) return undefined
  if (!isObject(options)) return 'has options that are no object'
  for (const [name, option] of Object.entries(options)) {
    const problem = isObject(option) ? problemOfOption(option) : 'is no object'
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name))
      return `has an option ${JSON.stringify(name)}; a letter begins, letters, digits and hyphens follow`
    if (problem !== undefined) return `has an option ${name} that ${problem}`
  }
  return undefined
}

function problemOfOption({
  type,
  help,
  default: preset,
  choices,
  template,
}: Record<string, unknown>): string | undefined {
  if (type !== 'string' && type !== 'number' && type !== 'boolean')
    return "has no type: 'string', 'number' or 'boolean'"
  if (typeof help !== 'string') return 'has no help text'
  if (preset !== undefined && typeof preset !== type) return `has a default that is no ${type}`
  if (template !== undefined && (type !== 'string' || (template !== 'image' && template !== 'album')))
    return "has a template that is neither 'image' nor 'album', or is no text"
  if (choices === undefined) return undefined
  if (!Array.isArray(choices) || choices.length === 0 || !choices.every((choice) => typeof choice === 'string'))
    return 'has choices that are no list of texts'
  if (typeof preset === 'string' && !choices.includes(preset)) return 'has a default that is none of its choices'
  return undefined
}

function isListOfWants(wants: unknown): boolean {
  return Array.isArray(wants) && wants.every((want) => want === 'net' || want === 'run')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** For a valid description. */
export type Facts = Omit<Exporter, 'create'>
