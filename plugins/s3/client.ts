import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { getCACertificates } from 'node:tls'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { ExporterContext } from '../../src/exporter/index.ts'
import type { Target } from './target.ts'

type Sdk = typeof import('./sdk.ts')

/**
 * AWS's client for the target. Credentials come from AWS's own places alone. What it is set to otherwise is what older stores take: no new
 * checksums, which B2, R2, Ceph and Swift refuse, and one attempt: `requests` makes the others. Throws what says that there are no credentials.
 */
export async function openClient(
  sdk: Sdk,
  target: Target,
  { log, network }: Pick<ExporterContext, 'log' | 'network'>,
): Promise<S3Client> {
  const quiet = (text: unknown) => typeof text === 'string' && log.debug(text.slice(0, 300))
  const proxyEnv = {
    ...(network?.proxy.https && { HTTPS_PROXY: network.proxy.https }),
    ...(network?.proxy.http && { HTTP_PROXY: network.proxy.http }),
    ...(network?.proxy.no && { NO_PROXY: network.proxy.no }),
  }
  const agent = { keepAlive: true, ...(Object.keys(proxyEnv).length > 0 && { proxyEnv }) }
  // Said, because Node's default obeys NODE_TLS_REJECT_UNAUTHORIZED.
  const trust = { rejectUnauthorized: true, ...(network?.ca && { ca: [...getCACertificates('default'), network.ca] }) }
  const region = target.region ?? variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION')
  const config: S3ClientConfig = {
    ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
    ...(region !== undefined && { region }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    // The server's word before the body would spare it once in a blue moon, and some never say it.
    expectContinueHeader: false,
    forcePathStyle: target.addressing === 'path',
    ...(network && { customUserAgent: network.userAgent }),
    logger: { trace() {}, debug() {}, info() {}, warn: quiet, error: quiet },
    requestHandler: {
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent({ ...agent, ...trust }),
      connectionTimeout: 15_000,
    },
  }
  let client = new sdk.S3Client(config)
  let host: string
  try {
    host = await hostOf(sdk, client, target)
  } catch (error) {
    if (!(error instanceof Error) || !/Region is missing/.test(error.message)) throw error
    // The store's own name for it, or any, as nobody but AWS looks at it; AWS itself must be told.
    const otherwise = regionOf(target.endpoint ?? variable('AWS_ENDPOINT_URL_S3') ?? variable('AWS_ENDPOINT_URL'))
    if (otherwise === undefined) throw error
    client = new sdk.S3Client({ ...config, region: otherwise })
    host = await hostOf(sdk, client, target)
  }
  if (target.addressing !== 'auto' || /(^|\.)amazonaws\.com(\.cn)?$/.test(host)) return client
  return new sdk.S3Client({ ...config, region: await client.config.region(), forcePathStyle: true })
}

/** Where a request would go, by the options, the environment and the profile; none is sent. */
async function hostOf(sdk: Sdk, client: S3Client, { bucket }: Target): Promise<string> {
  const command = new sdk.ListObjectsV2Command({ Bucket: bucket })
  let host = ''
  command.middlewareStack.add(
    () => async (args) => {
      host = (args.request as { hostname: string }).hostname
      return { output: { $metadata: {} }, response: {} }
    },
    { step: 'build' },
  )
  await client.send(command)
  return host
}

/** Where the host's name says it: `s3.eu-central-003.backblazeb2.com`, `s3.eu-west-1.wasabisys.com`. */
function regionOf(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined
  const host = URL.parse(endpoint)?.hostname ?? ''
  if (host.endsWith('.r2.cloudflarestorage.com')) return 'auto'
  return /^s3[.-]([a-z0-9-]+)\.(?:backblazeb2|wasabisys|scw|ovh)\./.exec(host)?.[1] ?? 'us-east-1'
}

function variable(name: string): string | undefined {
  return process.env[name] || undefined
}
