import { splitExtension } from '../../exporter/safe-name.ts'

/** Where a picture goes whose path another file has: ` [ImageKey]` before the extension. */
export function besidePath(path: string, key: string): string {
  const slash = path.lastIndexOf('/') + 1
  const { stem, extension } = splitExtension(path.slice(slash))
  return `${path.slice(0, slash)}${stem} [${key}]${extension}`
}
