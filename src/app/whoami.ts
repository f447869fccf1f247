import type { RunEvent } from '../engine/events.ts'
import { type Access, accessOf } from '../smugmug/api/access.ts'
import type { User } from '../smugmug/api/user.ts'
import { connectAs, connectionFrom } from './connection.ts'
import { loadCredentials } from './credentials.ts'
import type { Surroundings } from './environment.ts'
import type { AccountChoice, LoggedIn } from './logged-in.ts'
import { waitsTo } from './run-event-of.ts'

export interface Identity {
  user: User
  access: Access
  /** The only origin that the credentials may be sent to. */
  origin: string
  /** Where they come from: the environment, or this file. */
  credentials: string
}

/** Asks SmugMug who is logged in. Throws `auth` if nobody is. */
export async function whoami(options: Pick<AccountChoice, 'caFile'>, use: Surroundings<RunEvent>): Promise<Identity> {
  const { credentials, origin, from } = await loadCredentials(use.environment)
  for (const secret of Object.values(credentials)) use.secrets?.add(secret)
  const connection = await connectionFrom(use.environment, { caFile: options.caFile })
  return { ...(await greeted({ credentials, connection }, use)), origin, credentials: from }
}

/** Whose account it is, and how much of it these credentials see. */
export async function greeted(
  { credentials, connection }: LoggedIn,
  use: Surroundings<RunEvent>,
): Promise<Pick<Identity, 'user' | 'access'>> {
  const { authUser } = await import('../smugmug/api/user.ts')
  await using smugmug = await connectAs(credentials, connection, { signal: use.signal, onEvent: waitsTo(use) })
  const user = await authUser(smugmug.api)
  return { user, access: accessOf(user) }
}
