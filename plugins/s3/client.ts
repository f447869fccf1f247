import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { getCACertificates } from 'node:tls'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { ExporterContext } from '../../src/exporter/index.ts'
import type { Target } from './target.ts'

type Sdk = typeof import('./sdk.ts')

/**
 * AWS's client for the target. Credentials come only from AWS's own places. The other settings are for older stores: no new checksums,
 * which B2, R2, Ceph and Swift refuse, and one attempt, because `requests` makes the others. Throws an error if there are no credentials.
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
  // Explicit, because Node's default obeys NODE_TLS_REJECT_UNAUTHORIZED.
  const trust = { rejectUnauthorized: true, ...(network?.ca && { ca: [...getCACertificates('default'), network.ca] }) }
  const config: S3ClientConfig = {
    ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    // Waiting for "100 Continue" would rarely save sending the body, and some stores never send it.
    expectContinueHeader: false,
    ...(network && { customUserAgent: network.userAgent }),
    logger: { trace() {}, debug() {}, info() {}, warn: quiet, error: quiet },
    requestHandler: {
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent({ ...agent, ...trust }),
      connectionTimeout: 15_000,
    },
  }
  const told = target.region ?? variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION') ?? (await regionOfProfile(sdk))
  const first = new sdk.S3Client({ ...config, region: told ?? anywhere, forcePathStyle: true })
  const host = await hostOf(sdk, first, target)
  const isAws = /(^|\.)amazonaws\.com(\.cn)?$/.test(host)
  if (isAws && told === undefined) throw new Error('Region is missing')
  return new sdk.S3Client({
    ...config,
    region: told ?? regionOf(host),
    credentials: first.config.credentials,
    forcePathStyle: target.addressing === 'auto' ? !isAws : target.addressing === 'path',
  })
}

/** Only AWS checks it. */
const anywhere = 'us-east-1'

/**
 * The region from the settings of the AWS CLI, which the client reads. Without a setting the client would ask whether this is an Amazon machine
 * (169.254.169.254), wait for a second, and take the machine's region for the bucket's.
 */
async function regionOfProfile(sdk: Sdk): Promise<string | undefined> {
  const { AWS_EC2_METADATA_DISABLED: before } = process.env
  process.env.AWS_EC2_METADATA_DISABLED = 'true'
  try {
    return await new sdk.S3Client({}).config.region()
  } catch {
    return undefined
  } finally {
    if (before === undefined) delete process.env.AWS_EC2_METADATA_DISABLED
    else process.env.AWS_EC2_METADATA_DISABLED = before
  }
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

/** The region, if the host name contains it: `s3.eu-central-003.backblazeb2.com`, `s3.eu-west-1.wasabisys.com`. */
function regionOf(host: string): string {
  if (host.endsWith('.r2.cloudflarestorage.com')) return 'auto'
  return /^s3[.-]([a-z0-9-]+)\.(?:backblazeb2|wasabisys|scw|ovh)\./.exec(host)?.[1] ?? anywhere
}

function variable(name: string): string | undefined {
  return process.env[name] || undefined
}
