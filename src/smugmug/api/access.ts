import type { User } from './user.ts'

/** How much of the account a login may see. */
export type Access = 'full' | 'public'

/**
 * What SmugMug lets us recognise: it never says which access was granted, but who may see everything gets the record of the account in
 * full, with fields that only its owner sees (smugmug-api 4.2).
 */
export function accessOf({ responseLevel, accountStatus, plan, imageCount }: User): Access {
  const isOwner = accountStatus !== undefined || plan !== undefined || imageCount !== undefined
  return isOwner && (responseLevel === '' || responseLevel === 'Full') ? 'full' : 'public'
}
