import {
  type Album,
  albumPaths,
  type ExporterContext,
  fileIdOf,
  type Image,
  pathTemplate,
  shortened,
  splitExtension,
} from '../../src/exporter/index.ts'

/** Maximum bytes of a key that every store accepts. */
const longestKey = 1024
/** Bytes reserved for additions to a path: a sidecar's suffix, and the trash folder. */
const spared = 64

/** Where pictures go: paths below the prefix, `/` between names. */
export function keysFor(
  template: string,
  prefix: string,
  context: Pick<ExporterContext, 'account' | 'images' | 'log'>,
) {
  const paths = albumPaths(pathTemplate(template), context)
  const most = longestKey - spared - Buffer.byteLength(prefix)
  return {
    forget: paths.forget,

    async of(image: Image, album: Album): Promise<string> {
      return fitted(await paths.of(image, album), most, markOf(image))
    },

    /** The wanted path, and alternatives beside it if another object is there. */
    async candidates(image: Image, album: Album): Promise<string[]> {
      const names = await paths.of(image, album)
      const own = markOf(image)
      const file = names.at(-1) ?? own
      const { stem, extension } = splitExtension(file)
      const marked = (mark: string) => fitted([...names.slice(0, -1), `${stem} [${mark}]${extension}`], most, mark)
      return [fitted(names, most, own), marked(own), marked(`${own} ${album.key}`)]
    },
  }
}

/** Distinguishes a file from all others of its album. A RAW file belongs to the same picture as what SmugMug shows of it. */
function markOf(image: Image): string {
  return fileIdOf(image).replace(/[^\w .-]+/g, '-')
}

/** Shortens a path of more than `most` bytes by its longest names; the file's name then contains its key and keeps its extension. */
function fitted(names: readonly string[], most: number, key: string): string {
  const whole = names.join('/')
  if (Buffer.byteLength(whole) <= most) return whole
  const { stem, extension } = splitExtension(names.at(-1) ?? '')
  const tail = ` [${key}]${extension}`
  const left = [...names.slice(0, -1), stem.replace(` [${key}]`, '')]
  for (;;) {
    const path = `${left.join('/')}${tail}`
    const over = Buffer.byteLength(path) - most
    if (over <= 0) return path
    const longest = left.reduce((at, name, index) => (size(name) > size(left[at] ?? '') ? index : at), 0)
    const name = left[longest] ?? ''
    if (size(name) <= 8)
      throw new Error(`the path has more than ${most} bytes whatever is cut: ${whole.slice(0, 100)}…`)
    left[longest] = shortened(name, Math.max(8, size(name) - over)) || '_'
  }
}

const size = Buffer.byteLength
