import type { Access } from '../../smugmug/api/access.ts'

export const accessText: Record<Access, string> = {
  full: 'everything in the account, private and hidden pictures included; it can change nothing',
  public: 'public pictures only: private, unlisted and hidden ones would be missing',
}

/** Where the user decides what an application may do (smugmug-api 1, 2.2). */
export const whereToChange = 'Account Settings → Privacy → Authorized Services'

/** Why logging in again is no way out of `public`. */
export const howToRaise = `Logging in again cannot change that, because SmugMug keeps the access that was granted first. On the web site, under ${whereToChange}, give this application full access, or revoke it there and log in again.`
