import { SmugdlError } from '../../error.ts'
import { type Api, type Envelope, withoutQuery } from '../api.ts'
import { HttpError } from '../transport/http-error.ts'
import { pictureAddress } from '../transport/origin.ts'
import type { Image } from './image.ts'
import type { ImageKey } from './keys.ts'
import { type Rendering, renderingOf } from './rendering.ts'

/** The address of an image's bytes, with their expected size and checksum. */
export interface Source {
  /** The untouched upload; SmugMug's own conversion of a video; or a lesser copy, because a right is missing. */
  kind: 'original' | 'transcode' | 'rendition'
  url: string
  /** Bytes. */
  size: number | undefined
  md5: string | undefined
  /** Extension that fits the bytes, without a dot; undefined: that of the file's name. */
  ext: string | undefined
}

/**
 * - `processing`: not ready yet; usually heals, with videos sometimes never
 * - `processingFailed`: SmugMug could not process it; heals only by a new upload
 * - `noRight`: the account does not let us have any copy; heals when its settings change
 * - `gone`: listed, but no longer there; the next listing shows it
 * - `noFile`: a finished video for which no file is offered; no case is known that healed
 */
export type UnavailableReason = 'processing' | 'processingFailed' | 'noRight' | 'gone' | 'noFile'

/** SmugMug lists the image, but offers no bytes of it. */
export class Unavailable extends SmugdlError {
  readonly reason: UnavailableReason
  /** Whether a later run may get the image without any action by the user. */
  readonly mayHeal: boolean

  constructor(reason: UnavailableReason, image: ImageKey) {
    super('item', { ...UNAVAILABLE[reason], item: image })
    this.reason = reason
    this.mayHeal = reason === 'processing' || reason === 'gone'
  }
}

const UNAVAILABLE = {
  processing: { what: 'SmugMug is still processing it', next: 'Run again later' },
  processingFailed: { what: 'SmugMug failed to process it', next: 'Upload it again, or look at it on the web site' },
  noRight: { what: 'SmugMug gives no copy of it to this login', next: 'Look at the download settings of its album' },
  noFile: {
    what: 'SmugMug offers no file of this video',
    next: 'Download it on the web site or upload it again; "smugdl accept" lives without it',
  },
  gone: { what: 'SmugMug lists it but no longer has it', next: 'Run again' },
} satisfies Record<UnavailableReason, { what: string; next: string }>

/**
 * Finds an image's bytes: a photo's upload, a video's largest conversion, and for a photo without that right what the
 * web site would let us download. Costs requests only if the listing did not say. Throws `Unavailable`.
 */
export async function sourceOf(api: Api, image: Image): Promise<Source> {
  // An upload is complete from the start; only what SmugMug makes of it needs processing.
  const { archived } = image
  if (archived !== undefined)
    return { ...archived, kind: 'original', url: pictureAddress(archived.url, api.own), ext: undefined }
  if (image.subStatus === 'CanNotProcess') throw new Unavailable('processingFailed', image.key)
  if (image.processing) throw new Unavailable('processing', image.key)
  return image.isVideo ? videoSource(api, image) : lesserSource(api, image)
}

async function videoSource(api: Api, image: Image): Promise<Source> {
  const uri = image.uris.largestVideo ?? `/api/v2/image/${image.key}-${image.serial}!largestvideo`
  const video = image.largestVideo?.url === undefined ? await rendering(api, uri) : image.largestVideo
  if (video === 'missing' && image.status === 'Preprocess') throw new Unavailable('processing', image.key)
  if (video === 'missing' || video === 'notOffered') return otherVideoSource(api, image, uri)
  if (video === 'refused' || video.url === undefined) throw new Unavailable('noRight', image.key)
  return videoFrom(api, video, video.url)
}

/** Some finished videos have no LargestVideo (real-answers 3.5); other renditions are listed among the sizes. */
async function otherVideoSource(api: Api, image: Image, largest: string): Promise<Source> {
  const sizes = await answerOf(api, withoutQuery(largest).replace(/![^!]*$/, '!sizedetails'))
  if (sizes === 'missing') throw new Unavailable('gone', image.key)
  if (sizes === 'refused') throw new Unavailable('noRight', image.key)
  const offered = Object.entries(Object(sizes.payload))
    .map(([name, video]) => [Number(/^VideoSize(\d+)$/.exec(name)?.[1] ?? 0), video] as const)
    .filter(([size]) => size > 0)
    .sort(([a], [b]) => b - a)
    .map(([, video]) => renderingOf(video, image.key))
  const [best] = offered.flatMap((video) => (video.url === undefined ? [] : [videoFrom(api, video, video.url)]))
  if (best === undefined) throw new Unavailable('noFile', image.key)
  return best
}

function videoFrom(api: Api, video: Rendering, url: string): Source {
  return sourceFrom(api, video.watermarked ? 'rendition' : 'transcode', video, url)
}

async function lesserSource(api: Api, image: Image): Promise<Source> {
  const found: (Rendering | Without)[] = []
  for (const uri of [image.uris.imageDownload, image.uris.largestImage]) {
    if (uri === undefined) continue
    const copy = await rendering(api, uri)
    if (typeof copy === 'object' && copy.url !== undefined) return sourceFrom(api, 'rendition', copy, copy.url)
    found.push(copy)
  }
  const gone = found.length > 0 && found.every((copy) => copy === 'missing')
  throw new Unavailable(gone ? 'gone' : 'noRight', image.key)
}

/** `notOffered`: SmugMug knows the resource, but answers 200 without content. */
type Without = 'missing' | 'refused' | 'notOffered'

async function rendering(api: Api, uri: string): Promise<Rendering | Without> {
  const answer = await answerOf(api, uri)
  if (typeof answer === 'string') return answer
  return answer.payload === undefined ? 'notOffered' : renderingOf(answer.payload, answer.address)
}

async function answerOf(api: Api, uri: string): Promise<Envelope | 'missing' | 'refused'> {
  try {
    return await api.get(uri, { _verbosity: '1' })
  } catch (error) {
    // A login error at one address (nonce_used) says nothing about the picture.
    if (!(error instanceof HttpError) || error.kind !== 'item' || error.problem !== undefined) throw error
    if (error.status === 404 || error.status === 410) return 'missing'
    if (error.status === 401 || error.status === 403) return 'refused'
    throw error
  }
}

function sourceFrom(api: Api, kind: Source['kind'], { size, md5, ext }: Rendering, url: string): Source {
  return { kind, url: pictureAddress(url, api.own), size, md5, ext }
}
