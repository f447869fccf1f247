import { hash } from 'node:crypto'
import { type Answer, htmlAnswer } from './answer.ts'
import { contentOf, slice } from './content.ts'
import { originalOf, renditionOf, type StoredFile, transcodeOf } from './files.ts'
import { readPhotoPath, tokenOf } from './photo-url.ts'
import { effectivePrivacy, type Image, type World } from './world.ts'

export interface PhotoRequest {
  path: string
  /** Signed by somebody with access to all of the account. */
  isOwner: boolean
  range: string | undefined
  ifRange: string | undefined
}

export interface PhotoOptions {
  /** Whether `Range` is honoured or passed over; nobody knows what SmugMug does (smugmug-api 8). */
  ranges: 'yes' | 'ignored'
  etags: boolean
}

/** Answers what is asked of the photo host (smugmug-api 8). */
export function photo(world: World, request: PhotoRequest, options: PhotoOptions): Answer {
  const asked = readPhotoPath(request.path)
  const image = asked && world.images.get(asked.key)
  if (!image || asked.serial !== image.serial || asked.token !== tokenOf(image, asked.code)) return notFound()
  if (isPrivate(image) && !request.isOwner) return loginPage()
  const file = fileFor(image, asked.code)
  return file
    ? delivered(file, `${image.key} ${image.serial} ${image.seed} ${asked.code}`, request, options)
    : refused()
}

/** `D` is the upload, numbers are videos, everything else is a rendition. */
function fileFor(image: Image, code: string): StoredFile | undefined {
  if (code === 'D') return image.rights === 'original' && !image.processing ? originalOf(image) : undefined
  if (/^\d+$/.test(code)) return image.video && transcodeOf(image.video)
  return image.rights === 'none' || (code === 'O' && image.rights === 'largest') ? undefined : renditionOf(image)
}

function delivered(file: StoredFile, identity: string, request: PhotoRequest, { ranges, etags }: PhotoOptions): Answer {
  const { content, mediaType } = file
  const headers: Record<string, string> = { 'Content-Type': mediaType }
  const etag = `"${hash('sha1', identity)}"`
  if (etags) headers.ETag = etag
  if (ranges === 'ignored') return { status: 200, headers, body: content }
  headers['Accept-Ranges'] = 'bytes'
  const range = readRange(request.range, content.size)
  if (!range || (request.ifRange !== undefined && request.ifRange !== etag))
    return { status: 200, headers, body: content }
  if (range === 'unsatisfiable') {
    const described = { ...headers, 'Content-Range': `bytes */${content.size}` }
    return { status: 416, headers: described, body: contentOf('') }
  }
  const { start, end } = range
  headers['Content-Range'] = `bytes ${start}-${end - 1}/${content.size}`
  return { status: 206, headers, body: slice(content, start, end) }
}

/** One range of bytes (RFC 9110 §14.1.2), `end` excluded. Undefined for what is to be passed over, several ranges included. */
function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [first, last] = [match[1], match[2]]
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size }
  }
  const start = Number(first)
  const end = last === '' ? size : Math.min(Number(last) + 1, size)
  if (start >= size) return 'unsatisfiable'
  return end <= start ? undefined : { start, end }
}

/** No album that holds it is open to strangers. */
function isPrivate(image: Image): boolean {
  return image.albums.every((album) => effectivePrivacy(album) === 'Private' || album.password)
}

/** What a stranger gets instead of a private picture: a page, with status 200 (smugmug-api 0.10). */
function loginPage(): Answer {
  return htmlAnswer(200, 'Log in', '<h1>This photo is private</h1><p>Log in to SmugMug to see it.</p>')
}

function notFound(): Answer {
  return htmlAnswer(404, 'Not found', '<h1>This photo does not exist</h1>')
}

function refused(): Answer {
  return htmlAnswer(403, 'Forbidden', '<h1>Forbidden</h1>')
}
