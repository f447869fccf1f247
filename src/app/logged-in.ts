import type { Credentials } from '../smugmug/connect.ts'
import { type Connection, connectionFrom } from './connection.ts'
import { loadCredentials } from './credentials.ts'
import type { Surroundings } from './environment.ts'

/** Whose account, and how it is reached. */
export interface LoggedIn {
  credentials: Credentials
  connection: Connection
}

/** Which account a use case works with. */
export interface AccountChoice {
  /** Whoever is logged in by the environment or the configuration if absent. */
  account?: LoggedIn
  /** Trust the certificates in this PEM file too. */
  caFile?: string | undefined
}

/** Whoever is logged in. Throws `auth` when nobody is, `usage` for what cannot be used. */
export async function loggedIn(
  { account, caFile }: AccountChoice,
  { environment, secrets }: Pick<Surroundings, 'environment' | 'secrets'>,
): Promise<LoggedIn> {
  if (account !== undefined) return account
  const connection = await connectionFrom(environment, { caFile })
  const { credentials } = await loadCredentials(environment)
  for (const secret of Object.values(credentials)) secrets?.add(secret)
  return { credentials, connection }
}
