import type { RunEvent } from '../engine/events.ts'
import type { Credentials } from '../smugmug/connect.ts'
import { connectionFrom } from './connection.ts'
import { storeCredentials } from './credentials.ts'
import type { Surroundings } from './environment.ts'
import type { AccountChoice } from './logged-in.ts'
import { greeted, type Identity } from './whoami.ts'

/**
 * Keeps the credentials that SmugMug gave, and then asks whose they are: they cannot be had again without the user. How they are come by
 * (a browser, a PIN) is the front end's business.
 */
export async function login(
  credentials: Credentials,
  { caFile }: Pick<AccountChoice, 'caFile'>,
  use: Surroundings<RunEvent>,
): Promise<Pick<Identity, 'user' | 'access'> & { path: string }> {
  for (const secret of Object.values(credentials)) use.secrets?.add(secret)
  const connection = await connectionFrom(use.environment, { caFile })
  const path = await storeCredentials(credentials, use.environment)
  return { ...(await greeted({ credentials, connection }, use)), path }
}
