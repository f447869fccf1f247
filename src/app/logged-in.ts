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
  /** If absent, the login of the environment or the configuration. */
  account?: LoggedIn
  /** Trust the certificates in this PEM file too. */
  caFile?: string | undefined
}

/** The current login. Throws `auth` if there is none, `usage` if it cannot be used. */
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
