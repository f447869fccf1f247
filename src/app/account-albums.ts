import type { ApiEvent } from '../smugmug/event.ts'
import { connectAs } from './connection.ts'
import type { Io } from './io.ts'
import type { LoggedIn } from './logged-in.ts'
import { runEventOf } from './run-event-of.ts'
import { printable } from './text/printable.ts'

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
}

/**
 * The albums of the account that are chosen, by path. Remembers nothing: what a run knows stays as it is.
 * Throws `usage` for an `--album` that matches none.
 */
export async function chosenAlbums(
  choice: { albums: readonly string[]; exclude: readonly string[] },
  account: LoggedIn,
  io: Io,
): Promise<AccountAlbum[]> {
  const { albumFilter, requireMatches } = await import('../engine/account/album-filter.ts')
  const albums = await accountAlbums(account, io)
  const nameOf = ({ names }: AccountAlbum) => ({ path: names.slice(0, -1), name: names.at(-1) ?? '' })
  const named = albums.map(nameOf)
  requireMatches(named, choice)
  const isChosen = albumFilter(named, choice)
  return albums.filter((album) => isChosen(nameOf(album)))
}

async function accountAlbums({ credentials, connection }: LoggedIn, io: Io): Promise<AccountAlbum[]> {
  const [{ Catalog }, { walk }, { albumPath }, { authUser }, { narrate }] = await Promise.all([
    import('../catalog/catalog.ts'),
    import('../engine/account/walk.ts'),
    import('../engine/account/album-filter.ts'),
    import('../smugmug/api/user.ts'),
    import('./text/narrate.ts'),
  ])
  const { signal } = new AbortController()
  const tell = (text: string) => io.stderr.write(`${text}\n`)
  // Whoever waits wants to know for what; the single requests are of no interest.
  const onEvent = (event: ApiEvent) => {
    const sentence = event.type === 'request' || event.type === 'rateLimit' ? undefined : narrate(runEventOf(event))
    if (sentence !== undefined) tell(sentence.text)
  }
  await using smugmug = await connectAs(credentials, connection, { signal, onEvent })
  using catalog = Catalog.open(':memory:')
  await walk(await authUser(smugmug.api), {
    api: smugmug.api,
    catalog,
    now: io.now(),
    reserved: [],
    full: true,
    relistAfterMs: 0,
    notice: (text) => tell(printable(text)),
    detail() {},
  })
  const folders = new Map(catalog.folders.all().map((folder) => [folder.id, folder]))
  const around = (id: string | undefined): string[] => {
    const folder = id === undefined ? undefined : folders.get(id)
    return folder === undefined ? [] : [...around(folder.parent), folder.name]
  }
  const albums = Array.from(catalog.albums.all(), ({ key, folder, name, imageCount, raw }) => {
    const path = around(folder)
    const { OriginalSizes: size, WebUri: webUri } = raw
    return {
      key,
      path: albumPath({ path, name }),
      names: [...path, name],
      images: imageCount,
      // SmugMug says 0 of albums that it has not counted (smugmug-api 4.3).
      bytes: typeof size === 'number' && (size > 0 || imageCount === 0) ? size : undefined,
      webUri: typeof webUri === 'string' ? webUri : undefined,
    }
  })
  const order = new Intl.Collator('en', { numeric: true })
  return albums.sort((a, b) => order.compare(a.path, b.path))
}
