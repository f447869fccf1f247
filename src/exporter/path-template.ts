import { dateText } from './date-text.ts'
import { type Choice, type Part, parseTemplate } from './parse-template.ts'
import { safeName, splitExtension } from './safe-name.ts'
import { type FieldType, type TemplateField, type TemplateValues, templateFields } from './template-fields.ts'

/** A parsed template of the paths of pictures, `folder.path`. */
export interface PathTemplate {
  readonly text: string
  /** It names each file by `{name}` and nothing else, which is unique in its album. */
  readonly keepsNames: boolean
  /** Names from the output down, each safe; the last is the file's, with its extension. The same values give the same path. */
  pathOf(values: TemplateValues): string[]
  /** The folders that all pictures of an album are in, as far as the album alone says which; may be none. */
  folderOf(values: AlbumValues): string[]
}

/** A parsed template of what there is once an album, `zip.path`. */
export interface AlbumTemplate {
  readonly text: string
  /** Names from the output down, each safe; the last ends in `extension`, and is the album's key where nothing else is left of it. */
  pathOf(values: AlbumValues, extension: string): string[]
}

/**
 * Parses a template of paths: segments separated by `/`, in which braces hold a value, a colon its format, a bar what to do without it:
 * `{album.path}/{captured:%Y-%m-%d }{title|stem}{ext}`, `{captured|uploaded:%Y/%m/%d}/{name}`, `{captured:%Y|"undated"}/{name}`. `{{` and `}}`
 * are braces. Text around a format's `%` code belongs to the value and goes with it. Folders come from a `/` of the template or of a date's
 * format, and from the parts of `album.path` and `album.url`; no other value makes any. Throws `usage` with the column of what is wrong.
 */
export function pathTemplate(text: string): PathTemplate {
  const parts = parseTemplate(text, Object.keys(templateFields))
  const ofAlbum = parts.slice(
    0,
    parts.findIndex((part) => fieldsOf(part).some((field) => !isOfAlbum(field))),
  )
  return {
    text,
    keepsNames: /(^|\/)\{name\}$/.test(text),
    pathOf(values) {
      const segments = segmentsOf(parts, values)
      const file = segments.pop() ?? ''
      return [...foldersOf(segments), fileName(file, values)]
    },
    folderOf: (values) => foldersOf(segmentsOf(ofAlbum, { ...values, image: ofNoImage }).slice(0, -1)),
  }
}

/** As `pathTemplate`, of the fields of an album and the account. */
export function albumTemplate(text: string): AlbumTemplate {
  const parts = parseTemplate(text, Object.keys(templateFields).filter(isOfAlbum))
  return {
    text,
    pathOf(values, extension) {
      const segments = segmentsOf(parts, { ...values, image: ofNoImage })
      const name = segments.pop() ?? ''
      const stem = name.toLowerCase().endsWith(extension) ? name.slice(0, -extension.length) : name
      return [
        ...foldersOf(segments),
        safeName((stem.trim() === '' ? values.album.key : stem) + extension, values.album.key),
      ]
    },
  }
}

type AlbumValues = Omit<TemplateValues, 'image'>

/** Where no field of an image is asked for. */
const ofNoImage = {} as TemplateValues['image']

function isOfAlbum(field: string): boolean {
  return /^(album|account)/.test(field)
}

function fieldsOf(part: Part): TemplateField[] {
  if (part === '/' || 'literal' in part) return []
  return part.choices.flatMap((choice) => ('field' in choice ? [choice.field] : []))
}

/** Names between the slashes, not safe yet, and empty where there is nothing to say. */
function segmentsOf(parts: readonly Part[], values: TemplateValues): string[] {
  const segments = ['']
  for (const part of parts) {
    const names = part === '/' ? ['', ''] : 'literal' in part ? [part.literal] : valueNames(part.choices, values)
    for (const [index, name] of names.entries()) {
      if (index > 0) segments.push('')
      segments.push(segments.pop() + name)
    }
  }
  return segments
}

function foldersOf(segments: readonly string[]): string[] {
  return segments.filter((segment) => segment.trim() !== '').map((segment) => safeName(segment, '_'))
}

/** With the extension of what is delivered; the key where nothing else is left. */
function fileName(name: string, { image }: TemplateValues): string {
  const { extension } = splitExtension(image.name)
  const stem = name.toLowerCase().endsWith(extension.toLowerCase())
    ? name.slice(0, name.length - extension.length)
    : name
  return safeName((stem.trim() === '' ? image.key : stem) + extension, image.key)
}

/** What the first choice that has a value says, in as many names as it makes folders; nothing if none has. */
function valueNames(choices: readonly Choice[], values: TemplateValues): string[] {
  for (const choice of choices) {
    if ('quoted' in choice) return [choice.quoted]
    const value = templateFields[choice.field].of(values)
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue
    return formatted(value, templateFields[choice.field].type, choice.format?.text)
  }
  return ['']
}

function formatted(value: string | number | readonly string[], type: FieldType, format: string | undefined): string[] {
  if (typeof value === 'object') return format === undefined ? [...value] : [value.join(format)]
  if (type === 'date') return dateText(String(value), format ?? '%Y-%m-%d').split('/')
  if (format === undefined) return [String(value)]
  return [
    format.replace(anyCode, (code, _, width = '', length = '') => {
      if (code === '%%') return '%'
      if (type === 'number') return String(value).padStart(Number(width), '0')
      return length === '' ? String(value) : Array.from(String(value)).slice(0, Number(length)).join('')
    }),
  ]
}

/** `%d`, `%04d`, `%s`, `%.40s`, `%%`. */
const anyCode = /%(?:(0(\d{1,2}))?d|(?:\.(\d{1,3}))?s|%)/g
