import { fileIdOf } from './file-id.ts'
import type { PathTemplate } from './path-template.ts'
import { splitExtension } from './safe-name.ts'
import type { Album, ExporterContext, Image } from './types.ts'
import { uniquePaths, type WantedPath } from './unique-paths.ts'

/** Albums are compared again when more than this many are under way. */
const albumsAtOnce = 64

/**
 * Where a template has the pictures of an account: unique paths within each album (`uniquePaths`), by the album as it was last listed. Names
 * of a template that keeps those of the album are unique as they are.
 */
export function albumPaths(
  template: PathTemplate,
  { account, images }: Pick<ExporterContext, 'account' | 'images'>,
): { of(image: Image, album: Album): Promise<readonly string[]>; forget(album: Album): void } {
  const compared = new Map<string, Promise<ReadonlyMap<string, string[]>>>()
  const pathOf = (image: Image, album: Album) => template.pathOf({ image, album, account: { nickName: account } })

  async function compare(album: Album): Promise<ReadonlyMap<string, string[]>> {
    const wanted = new Map<string, WantedPath>()
    const companions: { picture: string; key: string; path: string[] }[] = []
    for await (const { image } of images(album)) {
      const file = { key: fileIdOf(image), path: pathOf(image, album) }
      if (image.component) companions.push({ ...file, picture: image.key })
      else wanted.set(file.key, file)
    }
    const unique = uniquePaths(wanted.values())
    if (companions.length === 0) return unique
    const beside = companions.map(({ picture, key, path }) => ({
      key,
      path: besidePicture(path, wanted.get(picture)?.path, unique.get(picture)),
    }))
    return uniquePaths([...Array.from(unique, ([key, path]) => ({ key, path })), ...beside])
  }

  return {
    async of(image, album) {
      if (template.keepsNames) return pathOf(image, album)
      const known = compared.get(album.key) ?? compare(album)
      compared.set(album.key, known)
      const [oldest] = compared.keys()
      if (compared.size > albumsAtOnce && oldest !== undefined) compared.delete(oldest)
      return (await known).get(fileIdOf(image)) ?? pathOf(image, album)
    },
    /** Before the album is looked through: it may have been listed again. */
    forget: ({ key }) => void compared.delete(key),
  }
}

/** A further file of a picture is found by the picture's stem: where that got a key, so does its own. */
function besidePicture(
  path: string[],
  wanted: readonly string[] | undefined,
  given: readonly string[] | undefined,
): string[] {
  const stemOf = (names: readonly string[] = []) =>
    [...names.slice(0, -1), splitExtension(names.at(-1) ?? '').stem].join('/')
  if (given === undefined || stemOf(wanted) !== stemOf(path)) return path
  const { extension } = splitExtension(path.at(-1) ?? '')
  return [...given.slice(0, -1), splitExtension(given.at(-1) ?? '').stem + extension]
}
