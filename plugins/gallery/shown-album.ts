import { type Album, albumFacts } from '../../src/exporter/index.ts'
import { privacyOf } from './choice.ts'

/** An album as the pages show it; its counts grow while its pages are written. */
export interface ShownAlbum {
  readonly album: Album
  /** Its place in the columns. */
  readonly index: number
  readonly privacy: ReturnType<typeof privacyOf>
  readonly description: string
  readonly cover: string | undefined
  images: number
  videos: number
  /** Path of its cover, a small picture. */
  thumbnail: string | undefined
}

/** Pictures of an album that one page shows. */
export const pageSize = 1000

export function shownAlbum(album: Album, index: number): ShownAlbum {
  const { cover } = albumFacts(album)
  return {
    album,
    index,
    privacy: privacyOf(album),
    description: album.description,
    cover,
    images: 0,
    videos: 0,
    thumbnail: undefined,
  }
}

/** The page of an album that holds the picture at `position`, counted from 0 among those shown; relative to the output. */
export function pagePath(album: Album, position = 0): string {
  const number = Math.floor(position / pageSize) + 1
  return `gallery/a/${pathKey(album.key)}${number === 1 ? '' : `-${number}`}.html`
}

/** A key as part of a path or an address; keys are letters and digits, and any other character is replaced. */
export function pathKey(key: string): string {
  return key.replace(/[^A-Za-z0-9]/g, '_')
}

/** `12 pictures, 1 video`. */
export function countText({ images, videos }: Pick<ShownAlbum, 'images' | 'videos'>): string {
  const pictures = images - videos
  const parts = [
    ...(pictures > 0 || videos === 0
      ? [`${pictures.toLocaleString('en')} ${pictures === 1 ? 'picture' : 'pictures'}`]
      : []),
    ...(videos > 0 ? [`${videos.toLocaleString('en')} ${videos === 1 ? 'video' : 'videos'}`] : []),
  ]
  return parts.join(', ')
}
