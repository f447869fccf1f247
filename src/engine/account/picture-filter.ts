import type { Album, Image } from '../../exporter/types.ts'

const privacies = ['public', 'unlisted', 'private', 'password'] as const
export type Privacy = (typeof privacies)[number]

/** Which pictures of the chosen albums are downloaded; an absent or empty field excludes nothing. */
export interface PictureChoice {
  /** The first year, month or day, `2023`, `2023-05`, `2023-05-17`. */
  readonly since?: string
  /** The last one. */
  readonly until?: string
  readonly types: readonly ('photo' | 'video')[]
  /** The picture has one of these keywords; case is ignored. */
  readonly keywords: readonly string[]
  /** Its album is one of these. */
  readonly privacy: readonly Privacy[]
}

/**
 * Whether a picture is chosen. Its date is the capture time by the camera's own clock, else the upload time; a picture with neither is not
 * excluded by a date.
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

/** Whether an album's kind is chosen; an album whose kind SmugMug does not state is never excluded. */
export function privacyFilter(choice: PictureChoice | undefined): (album: Pick<Album, 'raw'>) => boolean {
  const { privacy = [] } = choice ?? {}
  return ({ raw }) => {
    const own = privacyOf(raw)
    return privacy.length === 0 || own.length === 0 || own.some((kind) => privacy.includes(kind))
  }
}

/** The kinds of an album by its record: an unlisted album may also have a password. Empty if SmugMug does not say. */
export function privacyOf({ Privacy: privacy, SecurityType: security }: Album['raw']): Privacy[] {
  const kind = typeof privacy === 'string' ? privacies.find((known) => known === privacy.toLowerCase()) : undefined
  const isOpen = kind === 'public' || kind === undefined
  return [
    ...(kind !== undefined && !(isOpen && security === 'Password') ? [kind] : []),
    ...(security === 'Password' ? (['password'] as const) : []),
  ]
}
