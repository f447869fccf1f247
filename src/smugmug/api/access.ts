import type { User } from './user.ts'

/** How much of the account a login may see. */
export type Access = 'full' | 'public'

/**
 * The access of a login, as far as it can be recognised. SmugMug never says which access was granted, but a login that may see everything gets
 * the full record of the account, with fields that only its owner sees (smugmug-api 4.2).
 */
export function accessOf({ responseLevel, accountStatus, plan, imageCount }: User): Access {
  const isOwner = accountStatus !== undefined || plan !== undefined || imageCount !== undefined
  return isOwner && (responseLevel === '' || responseLevel === 'Full') ? 'full' : 'public'
}
