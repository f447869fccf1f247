import { type Album, albumFacts, type Image } from '../../src/exporter/index.ts'

/** Which parts of the account may be shown. */
export interface Choice {
  readonly places: boolean
  readonly hidden: boolean
}

/** The restriction of an album's visibility, as shown on a page; undefined if it is public. */
export function privacyOf(album: Album): 'private' | 'unlisted' | 'password' | undefined {
  const { privacy, security } = albumFacts(album)
  if (privacy === 'Private') return 'private'
  if (security === 'Password' || security === 'GrantAccess') return 'password'
  return privacy === 'Unlisted' ? 'unlisted' : undefined
}

export function isShownAlbum(album: Album, { hidden }: Choice): boolean {
  return hidden || privacyOf(album) === undefined
}

/** A picture once, whatever else SmugMug keeps with it. */
export function isShown(image: Image, { hidden }: Choice): boolean {
  return image.component === '' && (hidden || !image.hidden)
}
