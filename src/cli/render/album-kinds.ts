import { count, counted } from '../../app/text/quantities.ts'
import type { HiddenAlbums } from '../../engine/check/certificate.ts'

/** `15 albums (3 private, 2 unlisted, 1 with a password)`: an unlisted album may have a password, too. */
export function albumsOfKinds(albums: number, { private: ours, unlisted, password }: HiddenAlbums): string {
  const kinds = [
    [ours, 'private'],
    [unlisted, 'unlisted'],
    [password, 'with a password'],
  ] as const
  const among = kinds.filter(([number]) => number > 0).map(([number, kind]) => `${count(number)} ${kind}`)
  return `${counted(albums, 'album')}${among.length === 0 ? '' : ` (${among.join(', ')})`}`
}
