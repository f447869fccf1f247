import { type Answer, htmlAnswer } from './answer.ts'
import { contentOf, slice } from './content.ts'
import { companionOf, originalOf, renditionOf, type StoredFile, stillOf, transcodeOf } from './files.ts'
import { readPhotoPath } from './photo-url.ts'
import { effectivePrivacy, type Image, type World } from './world.ts'

export interface PhotoRequest {
  path: string
  /** Signed by a token with access to the whole account. */
  isOwner: boolean
  range: string | undefined
  ifRange: string | undefined
}

export interface PhotoOptions {
  /** Whether `Range` is honoured, as SmugMug does although it does not say so, or passed over. */
  ranges: 'yes' | 'ignored'
  /** Whether originals and videos come with `ETag` and `Last-Modified`. */
  validators: boolean
}

/** Answers what is asked of the photo host (smugmug-api 8, real-answers 4.5). What cannot be guessed in an address is not looked at. */
export function photo(world: World, request: PhotoRequest, options: PhotoOptions): Answer {
  const asked = readPhotoPath(request.path)
  const image = asked && world.images.get(asked.key)
  if (!image || asked.serial !== image.serial) return notFound()
  if (isPrivate(image) && !request.isOwner) return loginPage()
  const file = fileFor(image, asked.code)
  return file ? delivered(file, headersOf(image, asked.code, file, options), request, options) : refused()
}

/** `D` is the upload, numbers are videos, `C0` and so on what was uploaded with it, everything else is a rendition. */
function fileFor(image: Image, code: string): StoredFile | undefined {
  if (code === 'D' && image.isVideo) return stillOf(image)
  if (code === 'D') return image.rights === 'original' && !image.processing ? originalOf(image) : undefined
  const companion = /^C(\d+)$/.exec(code)?.[1]
  if (companion !== undefined) {
    const kept = image.companions[Number(companion)]
    return kept && companionOf(kept)
  }
  if (/^\d+$/.test(code)) return image.video && transcodeOf(image.video)
  return image.rights === 'none' || (code === 'O' && image.rights === 'largest') ? undefined : renditionOf(image)
}

function headersOf(image: Image, code: string, file: StoredFile, { validators }: PhotoOptions): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': file.mediaType }
  const isVideo = /^\d+$/.test(code)
  if (code !== 'D' && !isVideo && !/^C\d/.test(code)) return { ...headers, 'Cache-Control': 'public, max-age=31536000' }
  headers['Cache-Control'] = isVideo ? 'public, max-age=31536000' : 'private, max-age=31536000, s-maxage=0'
  if (!isVideo) headers['Content-Disposition'] = 'attachment'
  if (!validators) return headers
  return { ...headers, ETag: `"${file.md5()}"`, 'Last-Modified': new Date(image.uploadedAt).toUTCString() }
}

function delivered(
  { content }: StoredFile,
  headers: Record<string, string>,
  request: PhotoRequest,
  { ranges }: PhotoOptions,
): Answer {
  const range = ranges === 'ignored' ? undefined : readRange(request.range, content.size)
  const { ifRange } = request
  if (!range || (ifRange !== undefined && ifRange !== headers.ETag && ifRange !== headers['Last-Modified']))
    return { status: 200, headers, body: content }
  if (range === 'unsatisfiable') {
    const described = { ...headers, 'Content-Range': `bytes */${content.size}` }
    return { status: 416, headers: described, body: contentOf('') }
  }
  const { start, end } = range
  const described = { ...headers, 'Content-Range': `bytes ${start}-${end - 1}/${content.size}` }
  return { status: 206, headers: described, body: slice(content, start, end) }
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

/** Only pictures in no open album check the caller; the address of a picture behind a password opens to everyone (real-answers 4.1). */
function isPrivate(image: Image): boolean {
  return image.albums.every((album) => effectivePrivacy(album) === 'Private')
}

/** What a stranger gets instead of a private picture: a page, with status 200 (smugmug-api 0.10). */
function loginPage(): Answer {
  return htmlAnswer(200, 'Log in', '<h1>This photo is private</h1><p>Log in to SmugMug to see it.</p>')
}

function notFound(): Answer {
  const answer = htmlAnswer(404, 'Not found', '<h1>This photo does not exist</h1>')
  return { ...answer, headers: { ...answer.headers, 'Cache-Control': 'no-store' } }
}

function refused(): Answer {
  return htmlAnswer(403, 'Forbidden', '<h1>Forbidden</h1>')
}
