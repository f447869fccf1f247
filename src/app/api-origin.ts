import { requireSafeOrigin } from '../smugmug/transport/origin.ts'
import type { Environment } from './environment.ts'
import { variableIn } from './variable.ts'

/** Where the API is: SmugMug, or what `SMUGDL_API_ORIGIN` says. Throws `usage` unless it is https, or http on loopback. */
export function apiOrigin({ env }: Pick<Environment, 'env'>): string {
  return requireSafeOrigin(variableIn(env, 'SMUGDL_API_ORIGIN') ?? 'https://api.smugmug.com')
}

/** Another place of pictures than public hosts: undefined, or what `SMUGDL_PHOTOS_ORIGIN` says. Throws `usage` as `apiOrigin` does. */
export function photosOrigin({ env }: Pick<Environment, 'env'>): string | undefined {
  const origin = env.SMUGDL_PHOTOS_ORIGIN
  return origin ? requireSafeOrigin(origin, 'SMUGDL_PHOTOS_ORIGIN') : undefined
}
