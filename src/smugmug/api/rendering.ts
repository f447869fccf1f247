import { count, type Fields, flag, md5, readRecord, someFlag, someText } from './fields.ts'

/** One stored or computed size of an image: LargestVideo, LargestImage (smugmug-api 4.7), ImageDownload (4.9). */
export type Rendering = ReturnType<typeof renderingOf>

export const RenderingRecord = {
  Url: someText,
  Ext: someText,
  Size: count,
  MD5: md5,
  Usable: someFlag,
  Watermarked: flag,
} satisfies Fields

export function renderingOf(record: unknown, address: string) {
  const { Url, Ext, Size, MD5, Usable, Watermarked } = readRecord(RenderingRecord, record, address)
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
