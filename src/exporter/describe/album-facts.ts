import type { Album } from '../types.ts'
import { plainText } from './plain-text.ts'

/** What SmugMug knows of an album beside its name, out of its record; what it does not say is absent. */
export interface AlbumFacts {
  /** As text. */
  readonly description: string
  /** As it was typed, where that holds HTML. */
  readonly descriptionHtml?: string
  readonly keywords: readonly string[]
  /** `Public`, `Unlisted` or `Private`, with what its folders demand (smugmug-api 4.3; the owner sees it). */
  readonly privacy?: string
  /** `None`, `Password` or `GrantAccess`. */
  readonly security?: string
  readonly sort?: { readonly method: string; readonly direction?: string }
  /** Its place among the folders and albums of its folder, from 0, where those were put into an order by hand. */
  readonly position?: number
  /** ImageKey of its cover, which may be a picture of another album. */
  readonly cover?: string
  /** ISO 8601, UTC. */
  readonly createdAt?: string
}

export function albumFacts({ description, raw }: Album): AlbumFacts {
  const text = plainText(description)
  const method = named(raw.SortMethod)
  const direction = named(raw.SortDirection)
  return {
    description: text,
    ...(text !== description && { descriptionHtml: description }),
    keywords: keywordsOf(raw.Keywords),
    ...present('privacy', named(raw.Privacy)),
    ...present('security', named(raw.SecurityType)),
    ...(method !== undefined && { sort: { method, ...present('direction', direction) } }),
    ...(typeof raw.SortIndex === 'number' && { position: raw.SortIndex }),
    ...present('cover', coverOf(raw)),
    ...present('createdAt', named(raw.Date)),
  }
}

/** Of an album one text, `Italy; "New York"`; of a folder's node a list. */
function keywordsOf(keywords: unknown): string[] {
  const each = typeof keywords === 'string' ? keywords.split(';') : Array.isArray(keywords) ? keywords : []
  const texts = each.filter((keyword) => typeof keyword === 'string')
  return texts.map((keyword) => keyword.replaceAll('"', '').trim()).filter((keyword) => keyword !== '')
}

/** ImageKey of the cover of an album or a folder: in `/api/v2/album/KEY/image/IMAGEKEY-0` or `/api/v2/highlight/…/image/IMAGEKEY-0`. */
export function coverOf({
  HighlightAlbumImageUri: albums,
  HighlightImageUri: image,
}: Album['raw']): string | undefined {
  return /\/image\/([^/-]+)/.exec(named(albums) ?? named(image) ?? '')?.[1]
}

function named(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function present<Name extends string>(name: Name, value: string | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: string }
}
