import { readFile, stat } from 'node:fs/promises'
import { SmugdlError } from '../error.ts'
import type { Network } from '../exporter/types.ts'
import type { ConnectOptions, Credentials, SmugMug } from '../smugmug/connect.ts'
import { version } from '../version.ts'
import { apiOrigin, photosOrigin } from './api-origin.ts'
import type { Environment } from './environment.ts'
import { pathGiven } from './path-given.ts'
import { variableIn } from './variable.ts'

/** How SmugMug is reached, whatever the login. */
export type Connection = Pick<ConnectOptions, 'origin' | 'photosOrigin' | 'userAgent' | 'proxy' | 'ca'>

/**
 * The origin and the proxies of the environment (lower case first, as curl has it), and the certificates of `--ca-file` and of
 * `SSL_CERT_FILE`, which Node reads only when asked to at its own start. Throws `usage` for what cannot be used.
 */
export async function connectionFrom(io: Environment, { caFile }: { caFile: string | undefined }): Promise<Connection> {
  const { env } = io
  const files: readonly [path: string | undefined, source: string][] = [
    [caFile, '--ca-file'],
    [variableIn(env, 'SSL_CERT_FILE'), 'SSL_CERT_FILE'],
  ]
  const pems: string[] = []
  for (const [path, source] of files) if (path) pems.push(await readPem(pathGiven(path, io), source))
  return {
    origin: apiOrigin(io),
    photosOrigin: photosOrigin(io),
    userAgent: `smugdl/${version}`,
    proxy: {
      https: proxyIn(env, 'HTTPS_PROXY'),
      http: proxyIn(env, 'HTTP_PROXY'),
      no: variableIn(env, 'no_proxy') ?? variableIn(env, 'NO_PROXY'),
    },
    ca: pems.length === 0 ? undefined : pems.join('\n'),
  }
}

/** A connection with these credentials. The client is loaded only now, because help and version do not need it. */
export async function connectAs(
  credentials: Credentials,
  connection: Connection,
  { signal, onEvent }: Pick<ConnectOptions, 'signal' | 'onEvent'>,
): Promise<SmugMug> {
  const { connect } = await import('../smugmug/connect.ts')
  return connect({ ...connection, credentials, signal, onEvent })
}

/** The same, for exporters of ours that go over the network. */
export function reachOf({ proxy, ca, userAgent }: Connection): Network {
  return { proxy: proxy ?? {}, ca, userAgent }
}

/** Its address; as curl has it, one without a scheme is http. An address may hold a password, so no error shows it. */
function proxyIn(env: Environment['env'], name: 'HTTPS_PROXY' | 'HTTP_PROXY'): string | undefined {
  const variable = variableIn(env, name.toLowerCase()) ? name.toLowerCase() : name
  const text = variableIn(env, variable)
  if (text === undefined) return undefined
  const address = text.includes('://') ? text : `http://${text}`
  if (/^https?:$/.test(URL.parse(address)?.protocol ?? '')) return address
  throw new SmugdlError('usage', {
    what: `${variable} is not the address of a proxy`,
    next: 'Set it to an address such as http://proxy.example:8080, or unset it',
  })
}

async function readPem(path: string, source: string): Promise<string> {
  const problem = (what: string, cause?: unknown) =>
    new SmugdlError('usage', { what, item: path, next: `Name a file in PEM format with ${source}`, cause })
  let text: string
  try {
    // A pipe waits for ever for somebody to write, but for one that a shell made (`--ca-file <(…)`).
    if ((await stat(path)).isFIFO() && !/^\/(dev|proc)\//.test(path)) throw problem('The CA file is a pipe')
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof SmugdlError) throw cause
    throw problem('The CA file cannot be read', cause)
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw problem('The CA file holds no certificate')
  return text
}
