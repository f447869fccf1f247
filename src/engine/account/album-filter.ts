import { SmugdlError } from '../../error.ts'
import { didYouMean } from '../../nearest.ts'
import { matchesGlob } from './glob.ts'

export interface AlbumChoice {
  readonly albums: readonly string[]
  readonly exclude: readonly string[]
}

/** The name by which a person chooses an album: `folder/…/album` in display names. A `/` within a name is shown as it is. */
export function albumPath(album: { path: readonly string[]; name: string }): string {
  return [...album.path, album.name].join('/')
}

/** Whether an album comes home: one of `albums` matches (or there is none) and none of `exclude`. Case does not count, `**` crosses `/`. */
export function isChosen(path: string, { albums, exclude }: AlbumChoice): boolean {
  return (
    (albums.length === 0 || albums.some((glob) => matchesGlob(path, glob))) &&
    !exclude.some((glob) => matchesGlob(path, glob))
  )
}

/** Throws `usage` for an `--album` that no album's path matches: nobody means that. */
export function requireMatches(paths: readonly string[], { albums }: AlbumChoice): void {
  for (const glob of albums) {
    if (paths.some((path) => matchesGlob(path, glob))) continue
    const lastNames = paths.map((path) => path.slice(path.lastIndexOf('/') + 1))
    throw new SmugdlError('usage', {
      what: 'No album matches',
      item: `--album ${JSON.stringify(glob)}`,
      next: `${didYouMean(glob, [...paths, ...lastNames])}An album is named by its folders and its own name, "folder/…/album"; "smugdl albums" lists all`,
    })
  }
}
