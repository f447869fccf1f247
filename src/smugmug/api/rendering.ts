import * as v from 'valibot'
import { count, flag, md5, parsed, someFlag, someText } from './fields.ts'

/** One stored or computed size of an image: LargestVideo, LargestImage (smugmug-api 4.7), ImageDownload (4.9). */
export type Rendering = ReturnType<typeof renderingOf>

export const RenderingRecord = v.object({
  Url: someText,
  Ext: someText,
  Size: count,
  MD5: md5,
  Usable: someFlag,
  Watermarked: flag,
})

export function renderingOf(record: unknown, address: string) {
  const { Url, Ext, Size, MD5, Usable, Watermarked } = parsed(RenderingRecord, record, address)
  return {
    /** Undefined if it may not be downloaded. */
    url: Usable === false ? undefined : Url,
    ext: Ext?.toLowerCase(),
    /** Bytes; unknown, like the MD5, when it is rendered on demand. */
    size: Size,
    md5: MD5,
    watermarked: Watermarked,
  }
}
