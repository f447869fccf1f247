import type { Surroundings } from './environment.ts'
import { catalogPath } from './output.ts'
import { chosenHome } from './remembered-homes.ts'

/** More than that nobody reads. */
const most = 100

/**
 * Paths of albums that begin with `begun`, upper or lower case, as the last run in that output knew them: for a shell to offer. None where nothing
 * can be looked at now, also while a run has the catalog: nobody waits for a Tab.
 */
export async function albumsToOffer(
  { output, begun }: { output: string | undefined; begun: string },
  use: Pick<Surroundings, 'environment'>,
): Promise<string[]> {
  const [{ Catalog }, { albumFor }, { albumPath }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../engine/account/describe.ts'),
    import('../engine/account/album-filter.ts'),
  ])
  const wanted = begun.toLowerCase()
  const paths = new Set<string>()
  try {
    const home = await chosenHome(output, use)
    using catalog = Catalog.openToRead(catalogPath(home.output), { waitMs: 0 })
    const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
    for (const album of catalog.albums.all()) {
      const path = albumPath(albumFor(album, folders))
      // A line is an album, and no terminal is told anything else by it.
      const isOffered = album.goneAt === undefined && path.toLowerCase().startsWith(wanted) && !/\p{Cc}/u.test(path)
      if (isOffered && paths.add(path).size >= most) break
    }
  } catch {
    return []
  }
  return [...paths].sort()
}
