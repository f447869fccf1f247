import { type Api, withoutQuery } from '../api.ts'
import { HttpError } from '../transport/http-error.ts'
import { type Rendering, renderingOf } from './rendering.ts'

/** SmugMug's names for sizes: S fits into 400 by 300 pixels, M into 600 by 450. */
export type SmallSize = 'S' | 'M'

/** The field of each size in `ImageSizeDetails` (smugmug-api 4.8). */
const fields = { S: 'ImageSizeSmall', M: 'ImageSizeMedium' } as const satisfies Record<SmallSize, string>

export type SmallCopies = Readonly<Partial<Record<SmallSize, Rendering>>>

/** The small copies in an answer of `!sizedetails`. The address of one size cannot be made of another's. */
function smallCopiesOf(details: unknown, address: string): SmallCopies {
  const of: Record<string, unknown> = Object(details)
  return Object.fromEntries(
    Object.entries(fields).flatMap(([size, field]) =>
      typeof of[field] === 'object' && of[field] !== null ? [[size, renderingOf(of[field], address)]] : [],
    ),
  )
}

/** Requests the small copies of one image; empty if SmugMug has none. */
export async function smallCopies(api: Api, { key, serial }: { key: string; serial: number }): Promise<SmallCopies> {
  const path = `/api/v2/image/${encodeURIComponent(key)}-${serial}!sizedetails`
  try {
    const { payload, address } = await api.get(path, { _verbosity: '1' })
    return smallCopiesOf(payload, address)
  } catch (error) {
    if (error instanceof HttpError && [401, 403, 404, 410].includes(error.status) && error.problem === undefined)
      return {}
    throw error
  }
}

/** The small copies that a list contained. */
export function expandedSmallCopies(
  uri: string | undefined,
  expansions: ReadonlyMap<string, unknown>,
): SmallCopies | undefined {
  const answer = uri === undefined ? undefined : expansions.get(withoutQuery(uri))
  if (typeof answer !== 'object' || answer === null || !('ImageSizeDetails' in answer)) return undefined
  return smallCopiesOf(answer.ImageSizeDetails, withoutQuery(uri ?? ''))
}
