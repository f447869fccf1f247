import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SmugdlError } from '../error.ts'
import type { ConnectOptions, Credentials, SmugMug } from '../smugmug/connect.ts'
import { version } from '../version.ts'
import { apiOrigin } from './api-origin.ts'
import type { Io } from './io.ts'

/** How SmugMug is reached, whoever asks. */
export type Connection = Pick<ConnectOptions, 'origin' | 'userAgent' | 'proxy' | 'ca'>

/**
 * The origin and the proxies of the environment (lower case first, as curl has it) and the certificates of `--ca-file`.
 * Throws `usage` for what cannot be used.
 */
export async function connectionFrom(io: Io, { caFile }: { caFile: string | undefined }): Promise<Connection> {
  const { env, cwd } = io
  return {
    origin: apiOrigin(io),
    userAgent: `smugdl/${version}`,
    proxy: {
      https: env.https_proxy || env.HTTPS_PROXY,
      http: env.http_proxy || env.HTTP_PROXY,
      no: env.no_proxy || env.NO_PROXY,
    },
    ca: caFile === undefined ? undefined : await readPem(resolve(cwd, caFile)),
  }
}

/** A connection as whoever these credentials belong to. The client is loaded only now: help and version do without it. */
export async function connectAs(
  credentials: Credentials,
  connection: Connection,
  { signal, onEvent }: Pick<ConnectOptions, 'signal' | 'onEvent'>,
): Promise<SmugMug> {
  const { connect } = await import('../smugmug/connect.ts')
  return connect({ ...connection, credentials, signal, onEvent })
}

async function readPem(path: string): Promise<string> {
  const problem = (what: string, cause?: unknown) =>
    new SmugdlError('usage', { what, item: path, next: 'Name a file in PEM format with --ca-file', cause })
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw problem('The CA file cannot be read', cause)
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw problem('The CA file holds no certificate')
  return text
}
