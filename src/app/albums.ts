import type { RunEvent } from '../engine/events.ts'
import { connectAs } from './connection.ts'
import { interruptOf, type Surroundings } from './environment.ts'
import { type AccountChoice, loggedIn } from './logged-in.ts'
import { waitsTo } from './run-event-of.ts'

/** An album as the account lists it. */
export interface AccountAlbum {
  key: string
  /** `folder/…/album` in display names: what `--album` and `--exclude` match. */
  path: string
  /** The display names of its folders and its own. */
  names: string[]
  /** What SmugMug announces; absent where it does not. */
  images: number | undefined
  /** Bytes of its originals; absent where SmugMug does not count them. */
  bytes: number | undefined
  webUri: string | undefined
  /** Absent where SmugMug does not say. */
  privacy: 'public' | 'unlisted' | 'private' | undefined
  /** Who looks at it must know a password. */
  password: boolean
  /** Slugs from the root. */
  urlPath: string
}

export interface AlbumsOptions extends AccountChoice {
  /** Globs on `folder/…/album`. */
  album?: readonly string[]
  exclude?: readonly string[]
}

const kinds = ['public', 'unlisted', 'private'] as const

/**
 * The albums of the account that are chosen, by path. Remembers nothing: what a run knows stays as it is.
 * Throws `usage` for an `album` that matches none.
 */
export async function albums(options: AlbumsOptions, use: Surroundings<RunEvent>): Promise<AccountAlbum[]> {
  const { albumFilter, requireMatches } = await import('../engine/account/album-filter.ts')
  const choice = { albums: options.album ?? [], exclude: options.exclude ?? [] }
  const all = await accountAlbums(options, use)
  const nameOf = ({ names, urlPath }: AccountAlbum) => ({ path: names.slice(0, -1), name: names.at(-1) ?? '', urlPath })
  const named = all.map(nameOf)
  requireMatches(named, choice)
  const isChosen = albumFilter(named, choice)
  return all.filter((album) => isChosen(nameOf(album)))
}

async function accountAlbums(options: AlbumsOptions, use: Surroundings<RunEvent>): Promise<AccountAlbum[]> {
  const { credentials, connection } = await loggedIn(options, use)
  const [{ Catalog }, { walk }, { albumPath }, { authUser }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../engine/account/walk.ts'),
    import('../engine/account/album-filter.ts'),
    import('../smugmug/api/user.ts'),
  ])
  await using smugmug = await connectAs(credentials, connection, {
    signal: interruptOf(use).signal,
    onEvent: waitsTo(use),
  })
  using catalog = Catalog.open(':memory:')
  await walk(await authUser(smugmug.api), {
    api: smugmug.api,
    catalog,
    now: use.now(),
    reserved: [],
    full: true,
    relistAfterMs: 0,
    notice: (text) => use.events({ type: 'notice', text }),
    detail() {},
  })
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const around = (id: string | undefined): string[] => {
    const folder = id === undefined ? undefined : folders.get(id)
    return folder === undefined ? [] : [...around(folder.parent), folder.name]
  }
  const albums = Array.from(catalog.albums.all(), ({ key, folder, name, urlPath, imageCount, raw }) => {
    const path = around(folder)
    const { OriginalSizes: size, WebUri: webUri, Privacy: privacy, SecurityType: security } = raw
    return {
      key,
      path: albumPath({ path, name }),
      names: [...path, name],
      images: imageCount,
      // SmugMug says 0 of albums that it has not counted (smugmug-api 4.3).
      bytes: typeof size === 'number' && (size > 0 || imageCount === 0) ? size : undefined,
      webUri: typeof webUri === 'string' ? webUri : undefined,
      privacy: typeof privacy === 'string' ? kinds.find((kind) => kind === privacy.toLowerCase()) : undefined,
      password: security === 'Password',
      urlPath,
    }
  })
  const order = new Intl.Collator('en', { numeric: true })
  return albums.sort((a, b) => order.compare(a.path, b.path))
}
