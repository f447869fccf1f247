import type { Credentials } from '../smugmug/connect.ts'
import { type Connection, connectionFrom } from './connection.ts'
import { loadCredentials } from './credentials.ts'
import type { Io } from './io.ts'

/** Whose account, and how it is reached. */
export interface LoggedIn {
  credentials: Credentials
  connection: Connection
}

/** Whoever is logged in. Throws `auth` when nobody is, `usage` for what cannot be used. */
export async function loggedIn(
  flags: { caFile: string | undefined },
  { io, secrets }: { io: Io; secrets: Set<string> },
): Promise<LoggedIn> {
  const connection = await connectionFrom(io, flags)
  const { credentials } = await loadCredentials(io)
  for (const secret of Object.values(credentials)) secrets.add(secret)
  return { credentials, connection }
}
