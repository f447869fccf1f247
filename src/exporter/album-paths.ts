import type { PathTemplate } from './path-template.ts'
import type { Album, ExporterContext, Image } from './types.ts'
import { uniquePaths } from './unique-paths.ts'

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
    const wanted: { key: string; path: string[] }[] = []
    for await (const { image } of images(album)) wanted.push({ key: image.key, path: pathOf(image, album) })
    return uniquePaths(wanted)
  }

  return {
    async of(image, album) {
      if (template.keepsNames) return pathOf(image, album)
      const known = compared.get(album.key) ?? compare(album)
      compared.set(album.key, known)
      const [oldest] = compared.keys()
      if (compared.size > albumsAtOnce && oldest !== undefined) compared.delete(oldest)
      return (await known).get(image.key) ?? pathOf(image, album)
    },
    /** Before the album is looked through: it may have been listed again. */
    forget: ({ key }) => void compared.delete(key),
  }
}
