import { SmugdlError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import { type FieldType, type TemplateField, templateFields } from './template-fields.ts'

/** A `/`, text as it is, or a value with what stands in for it. */
export type Part = '/' | { readonly literal: string } | { readonly choices: readonly Choice[] }

export type Choice =
  | { readonly quoted: string }
  | { readonly field: TemplateField; readonly format: Format | undefined }

/** Text around one code, or, of a date, around many. */
interface Format {
  readonly text: string
  /** The column of its first character. */
  readonly column: number
}

/** The parts of a template; `known` are the fields that it may name. Throws `usage` with the column of what is wrong. */
export function parseTemplate(template: string, known: readonly string[]): Part[] {
  const parts: Part[] = []
  let literal = ''
  const endLiteral = () => {
    if (literal !== '') parts.push({ literal })
    literal = ''
  }
  if (template.trim() === '') wrong(template, 0, 'it is empty', 'The default is {album.path}/{name}')
  if (template.startsWith('/') || /^[a-z]:/i.test(template))
    wrong(template, 0, 'a path is below the output, not absolute', 'Leave out its beginning')
  for (let at = 0; at < template.length; ) {
    const two = template.slice(at, at + 2)
    const one = template[at]
    if (two === '{{' || two === '}}') {
      literal += one
      at += 2
    } else if (one === '{') {
      endLiteral()
      const { choices, end } = parseValue(template, at + 1, known)
      parts.push({ choices })
      at = end
    } else if (one === '}') wrong(template, at, 'this brace closes nothing', 'Write }} for a brace')
    else if (one === '\\') wrong(template, at, 'folders are separated by /', 'Write / instead of \\')
    else if (one === '/') {
      endLiteral()
      parts.push('/')
      at += 1
    } else {
      literal += one
      at += 1
    }
  }
  endLiteral()
  refuseUpwards(template)
  return parts
}

/** Segments that are dots and nothing else: whoever writes them means another folder. */
function refuseUpwards(template: string): void {
  let column = 0
  for (const segment of template.split('/')) {
    if (/^\s*\.+\s*$/.test(segment)) wrong(template, column, `${segment.trim()} would leave the output`, 'Leave it out')
    column += segment.length + 1
  }
}

/** From behind the opening brace to behind the closing one. */
function parseValue(template: string, start: number, known: readonly string[]): { choices: Choice[]; end: number } {
  const choices: Choice[] = []
  for (let at = start; ; ) {
    if (template[at] === '"') {
      const close = template.indexOf('"', at + 1)
      if (close === -1) wrong(template, at, 'this quotation mark is never closed', 'Write {captured:%Y|"undated"}')
      choices.push({ quoted: template.slice(at + 1, close) })
      at = close + 1
    } else {
      const name = /^[^:|{}"/]*/.exec(template.slice(at))?.[0] ?? ''
      const field = fieldNamed(template, at, name, known)
      at += name.length
      let format: Format | undefined
      if (template[at] === ':') {
        const text = /^[^|{}]*/.exec(template.slice(at + 1))?.[0] ?? ''
        format = { text, column: at + 1 }
        at += 1 + text.length
      }
      choices.push({ field, format })
    }
    if (template[at] === '}') return { choices: shared(template, choices), end: at + 1 }
    if (template[at] !== '|')
      wrong(template, at, 'a } is missing', 'A value is {field}, {field:format} or {field|field}')
    at += 1
  }
}

function fieldNamed(template: string, at: number, name: string, known: readonly string[]): TemplateField {
  if (known.includes(name)) return name as TemplateField
  if (Object.hasOwn(templateFields, name))
    wrong(
      template,
      at,
      `${name} is of a picture, and this is the path of a whole album`,
      `Here it can be ${known.join(', ')}`,
    )
  const said = name === '' ? 'the name of a field is missing' : `there is no field ${name}`
  return wrong(template, at, said, `${didYouMean(name, known)}"smugdl fields" shows all`)
}

/** A format that is given once, at the end, serves all dates before it. */
function shared(template: string, choices: readonly Choice[]): Choice[] {
  const fields = choices.filter((choice) => 'field' in choice)
  const last = fields.at(-1)
  const serves =
    last?.format !== undefined && fields.every(({ format }) => format === undefined || format === last.format)
  return choices.map((choice) => {
    if ('quoted' in choice) return choice
    const { type } = templateFields[choice.field]
    const inherits = serves && choice.format === undefined && type === 'date' && last !== undefined
    const format = inherits ? last.format : choice.format
    if (format !== undefined) checkFormat(template, format, type)
    return { field: choice.field, format }
  })
}

function checkFormat(template: string, { text, column }: Format, type: FieldType): void {
  const { allowed, help } = codesOf[type]
  const codes = [...text.matchAll(/%/g)]
  let checked = 0
  for (const { index } of codes) {
    if (index < checked) continue
    const code = allowed.exec(text.slice(index))?.[0]
    if (code === undefined)
      wrong(
        template,
        column + index,
        `${text.slice(index, index + 2)} is no code of this field`,
        `Here it can be ${help}`,
      )
    checked = index + code.length
  }
  if (type !== 'names' && codes.length === 0)
    wrong(template, column, 'this format has no % code', `Here it can be ${help}`)
  if (type !== 'date' && text.includes('/'))
    wrong(template, column + text.indexOf('/'), 'a / here makes no folder', 'Write / outside of the braces')
  if (text.includes('\\'))
    wrong(template, column + text.indexOf('\\'), 'folders are separated by /', 'Write / instead of \\')
}

function wrong(template: string, at: number, what: string, next: string): never {
  throw new SmugdlError('usage', {
    what: `The template has a fault in column ${at + 1}: ${what}`,
    item: template,
    next,
  })
}

const codesOf: Readonly<Record<FieldType, { readonly allowed: RegExp; readonly help: string }>> = {
  date: { allowed: /^%[YymdHMSjBbAaVG%]/, help: '%Y %y %m %d %H %M %S %j %B %b %A %a %V %G' },
  number: { allowed: /^%(?:0\d{1,2})?d|^%%/, help: '%d or %04d' },
  text: { allowed: /^%(?:\.\d{1,3})?s|^%%/, help: '%s or %.40s' },
  names: { allowed: /^(?!)/, help: 'text that joins the names, without %' },
}
