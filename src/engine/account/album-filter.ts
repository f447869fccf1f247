import { SmugdlError } from '../../error.ts'
import { didYouMean, nearest } from '../../nearest.ts'
import { globMatcher, literal } from './glob.ts'
import { isOnPage, pageAddress } from './page-address.ts'

/** Patterns on `folder/…/album` in display names, or addresses. */
export interface AlbumChoice {
  readonly albums: readonly string[]
  readonly exclude: readonly string[]
}

/** An album by its display names: those of its folders, outermost first, and its own. */
export interface AlbumName {
  readonly path: readonly string[]
  readonly name: string
  /** Slugs from the root, as in the address of its page. */
  readonly urlPath?: string
}

/** The name by which a user chooses an album: `folder/…/album` in display names. A `/` within a name is shown as it is. */
export function albumPath({ path, name }: AlbumName): string {
  return [...path, name].join('/')
}

/**
 * Whether an album is selected: a pattern of `albums` matches it (or there are none) and no pattern of `exclude` does. Matching ignores case,
 * and in a glob `**` crosses `/`. A pattern that equals the path of an album matches only that album, whatever characters it contains; so
 * does a part between slashes that equals the name of a folder or album. A `/` within a name is written `\/`, and `*` matches it. The address
 * of a page on SmugMug matches the album, or all albums in the folder. Needs all albums of the account.
 */
export function albumFilter(
  account: Iterable<AlbumName>,
  { albums, exclude }: AlbumChoice,
): (album: AlbumName) => boolean {
  const meaning = meaningIn(account)
  const wanted = albums.map(meaning)
  const unwanted = exclude.map(meaning)
  return (album) =>
    (wanted.length === 0 || wanted.some((means) => means(album))) && !unwanted.some((means) => means(album))
}

/** Throws `usage` for an `--album` that matches no album of the account, which must be a mistake. */
export function requireMatches(account: readonly AlbumName[], { albums }: AlbumChoice): void {
  const meaning = meaningIn(account)
  for (const pattern of albums) {
    if (account.some(meaning(pattern))) continue
    throw new SmugdlError('usage', {
      what: 'No album matches',
      item: `--album ${JSON.stringify(pattern)}`,
      next: `${suggestion(pattern, account, meaning)}An album is named by its folders and its own name, "folder/…/album"; "smugdl albums" lists all`,
    })
  }
}

type Meaning = (pattern: string) => (album: AlbumName) => boolean

function meaningIn(account: Iterable<AlbumName>): Meaning {
  const paths = new Set<string>()
  const names = new Set<string>()
  for (const album of account) {
    paths.add(albumPath(album).toLowerCase())
    for (const name of [...album.path, album.name]) names.add(name.toLowerCase())
  }
  const shownPaths = new Set(Array.from(paths, (path) => path.trim()))
  return (pattern) => {
    const page = pageAddress(pattern)
    if (page !== undefined) return (album) => isOnPage(album, page)
    const lower = pattern.toLowerCase()
    if (paths.has(lower)) return (album) => albumPath(album).toLowerCase() === lower
    // A blank at the end of a name is invisible to the user.
    const shown = lower.trim()
    if (shownPaths.has(shown)) return (album) => albumPath(album).toLowerCase().trim() === shown
    const isMeant = globMatcher(
      lower
        .replaceAll('\\/', slash)
        .split('/')
        .map((part) => (names.has(part) ? literal(part) : part))
        .join('/'),
    )
    // With escaped slashes, or with the slashes as shown.
    return ({ path, name }) => {
      const own = [...path, name]
      return (
        isMeant(own.map((each) => each.replaceAll('/', slash)).join('/')) ||
        (own.some((each) => each.includes('/')) && isMeant(own.join('/')))
      )
    }
  }
}

/** Placeholder for a slash within a name; from Unicode's private use area, so it occurs in no name. */
const slash = '\uf02f'

/** Suggests what was probably meant: a name without its folders, a folder with its contents, or a corrected typo. */
function suggestion(pattern: string, account: readonly AlbumName[], meaning: Meaning): string {
  for (const wider of [`**/${pattern}`, `**/${pattern}/**`]) {
    const count = account.filter(meaning(wider)).length
    if (count > 0) return `Did you mean --album '${wider}' (${count} ${count === 1 ? 'album' : 'albums'})? `
  }
  const [, stem = pattern] = /^(.*?)(?:\/\*\*?)?$/s.exec(pattern) ?? []
  const inside = new Map(account.flatMap(({ path }) => path.map((_, depth) => folderWithin(path, depth))))
  const folder = nearest(stem, inside.keys())
  if (folder !== undefined && stem !== pattern) return `Did you mean --album '${inside.get(folder)}'? `
  const similar = didYouMean(pattern, [...account.map(albumPath), ...account.map(({ name }) => name)])
  return similar === '' && folder !== undefined ? `Did you mean --album '${inside.get(folder)}'? ` : similar
}

/** A folder's path in display names, and the pattern for all albums in it. */
function folderWithin(path: readonly string[], depth: number): [folder: string, pattern: string] {
  const folder = path.slice(0, depth + 1).join('/')
  return [folder, `${folder}/**`]
}
