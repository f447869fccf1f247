import { requireSafeOrigin } from '../smugmug/transport/origin.ts'
import type { Io } from './io.ts'

/** Where the API is: SmugMug, or what `SMUGDL_API_ORIGIN` says. Throws `usage` unless it is https, or http on loopback. */
export function apiOrigin({ env }: Pick<Io, 'env'>): string {
  return requireSafeOrigin(env.SMUGDL_API_ORIGIN || 'https://api.smugmug.com')
}
