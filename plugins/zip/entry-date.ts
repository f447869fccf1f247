import type { Image } from '../../src/exporter/index.ts'

/**
 * The date of a picture's entry, as ZIP can write it: when it was taken, by the camera's own clock (a ZIP has no zones either), a video in
 * UTC, else when it was uploaded, in UTC; in steps of two seconds and from 1980 to 2043. Older pictures, scans mostly, get 1 January 1980.
 */
export function entryDate({ capturedAt, uploadedAt }: Pick<Image, 'capturedAt' | 'uploadedAt'>): Date {
  const time = [capturedAt?.replace(/Z?$/, 'Z'), uploadedAt].map((text) => Date.parse(text ?? '')).find(Number.isFinite)
  const date = new Date(Math.floor(Math.min(Math.max(time ?? first, first), last) / stepMs) * stepMs)
  return date
}

const stepMs = 2000
const first = Date.UTC(1980, 0, 1)
const last = Date.UTC(2043, 11, 31, 23, 59, 58)
