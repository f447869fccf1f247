import type { Album, Image } from '../../exporter/types.ts'

const privacies = ['public', 'unlisted', 'private', 'password'] as const
export type Privacy = (typeof privacies)[number]

/** Which pictures of the albums that are chosen come home; what is absent or empty leaves nothing out. */
export interface PictureChoice {
  /** The first year, month or day, `2023`, `2023-05`, `2023-05-17`. */
  readonly since?: string
  /** The last one. */
  readonly until?: string
  readonly types: readonly ('photo' | 'video')[]
  /** One of these is among its keywords; upper and lower case are the same. */
  readonly keywords: readonly string[]
  /** Its album is one of these. */
  readonly privacy: readonly Privacy[]
}

/**
 * Whether a picture is chosen. Its date is the camera's own clock; without one it is when it was uploaded, and what has neither is not left
 * out by a date.
 */
export function pictureFilter(choice: PictureChoice | undefined): (image: Image) => boolean {
  if (choice === undefined) return () => true
  const { since = '', until = '', types, keywords } = choice
  const wanted = new Set(keywords.map((word) => word.trim().toLowerCase()))
  return ({ capturedAt, uploadedAt, isVideo, keywords: own }) => {
    const date = capturedAt ?? uploadedAt
    // Of texts that begin with the year, the first are the earliest.
    if (date !== undefined && date.slice(0, since.length) < since) return false
    if (date !== undefined && until !== '' && date.slice(0, until.length) > until) return false
    if (types.length > 0 && !types.includes(isVideo ? 'video' : 'photo')) return false
    return wanted.size === 0 || own.some((word) => wanted.has(word.trim().toLowerCase()))
  }
}

/** Whether an album is of a kind that is chosen; one of which SmugMug does not say it is never left out. */
export function privacyFilter(choice: PictureChoice | undefined): (album: Pick<Album, 'raw'>) => boolean {
  const { privacy = [] } = choice ?? {}
  return ({ raw }) => {
    const own = privacyOf(raw)
    return privacy.length === 0 || own.length === 0 || own.some((kind) => privacy.includes(kind))
  }
}

/** By its record: an unlisted album may have a password, too. Empty where SmugMug does not say. */
export function privacyOf({ Privacy: privacy, SecurityType: security }: Album['raw']): Privacy[] {
  const kind = typeof privacy === 'string' ? privacies.find((known) => known === privacy.toLowerCase()) : undefined
  const isOpen = kind === 'public' || kind === undefined
  return [
    ...(kind !== undefined && !(isOpen && security === 'Password') ? [kind] : []),
    ...(security === 'Password' ? (['password'] as const) : []),
  ]
}
