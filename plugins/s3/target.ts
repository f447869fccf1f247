/** Where the pictures go, as the options say. Sizes in bytes. */
export interface Target {
  readonly bucket: string
  /** Empty, or names that each end in `/`. */
  readonly prefix: string
  /** `s3://bucket/prefix`, for people. */
  readonly name: string
  /** Undefined for AWS, or for what its own settings say. */
  readonly endpoint: string | undefined
  readonly region: string | undefined
  readonly addressing: 'auto' | 'path' | 'host'
  readonly storageClass: string | undefined
  readonly encryption: { readonly algorithm: string; readonly key?: string } | undefined
  readonly partSize: number
}

interface Options {
  readonly to: string
  readonly endpoint: string
  readonly region: string
  readonly addressing: 'auto' | 'path' | 'host'
  readonly storageClass: string
  readonly encryption: string
  readonly partSize: number
}

const mebibyte = 1024 * 1024

/** Throws a sentence for what cannot be used. */
export function targetOf(options: Options): Target {
  const endpoint = endpointOf(options.endpoint)
  const { bucket, prefix } = placeOf(options.to, endpoint !== undefined)
  const { region, addressing, partSize } = options
  if (!(partSize >= 5 && partSize <= 5 * 1024)) throw new Error('s3.partSize is from 5 to 5120 (MiB)')
  if (!/^[a-z0-9-]*$/i.test(region)) throw new Error(`s3.region is a name such as eu-central-1, not ${region}`)
  return {
    bucket,
    prefix,
    name: `s3://${bucket}/${prefix}`.replace(/\/$/, ''),
    endpoint,
    region: region || undefined,
    addressing,
    storageClass: storageClassOf(options.storageClass),
    encryption: encryptionOf(options.encryption),
    partSize: Math.round(partSize * mebibyte),
  }
}

/** Outside of AWS old names are taken, too: upper case and underscores, which stand in no host name. */
function placeOf(to: string, isElsewhere: boolean): { bucket: string; prefix: string } {
  if (to === '') throw new Error('Say where to: --set s3.to=s3://BUCKET or --set s3.to=s3://BUCKET/PREFIX')
  const [, bucket, path = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(to) ?? []
  if (bucket === undefined) throw new Error(`s3.to is s3://BUCKET or s3://BUCKET/PREFIX, not ${to}`)
  const grammar = isElsewhere ? /^[a-z0-9][a-z0-9._-]{1,253}[a-z0-9]$/i : /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
  if (!grammar.test(bucket) || bucket.includes('..') || /^\d+\.\d+\.\d+\.\d+$/.test(bucket))
    throw new Error(
      `${JSON.stringify(bucket)} is no name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit`,
    )
  const names = path.replace(/\/$/, '').normalize('NFC')
  if (names === '') return { bucket, prefix: '' }
  if (names.split('/').some((name) => name === '' || name === '.' || name === '..' || /[\p{Cc}\p{Cs}\\]/u.test(name)))
    throw new Error(
      `${JSON.stringify(path)} is no prefix: names joined by /, none of them empty, "." or "..", without control characters and backslashes`,
    )
  if (names.split('/')[0] === '.smugdl') throw new Error('.smugdl is the name that smugdl has for itself')
  if (Buffer.byteLength(names) > 400) throw new Error('the prefix has more than 400 bytes: keys have 1,024 in all')
  return { bucket, prefix: `${names}/` }
}

function endpointOf(text: string): string | undefined {
  if (text === '') return undefined
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  const isOrigin = url !== null && url.pathname === '/' && url.search + url.hash + url.username + url.password === ''
  if (isOrigin && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin
  throw new Error('s3.endpoint is an address such as https://s3.example.com, without a path, a query or a password')
}

/** What must be restored before it can be read proves nothing, and cannot be moved. */
function storageClassOf(name: string): string | undefined {
  if (name === '') return undefined
  if (!/^[A-Z0-9_]{1,64}$/.test(name)) throw new Error(`s3.storageClass is a name such as STANDARD_IA, not ${name}`)
  if (name === 'GLACIER' || name === 'DEEP_ARCHIVE')
    throw new Error(
      `s3.storageClass cannot be ${name}: what is there must be restored before it can be read, so nothing could be verified or moved. GLACIER_IR and STANDARD_IA can be read at once`,
    )
  return name
}

function encryptionOf(text: string): Target['encryption'] {
  if (text === '') return undefined
  const [, algorithm, key] = /^(AES256|aws:kms)(?::(.+))?$/.exec(text) ?? []
  if (algorithm === undefined || (algorithm === 'AES256' && key !== undefined))
    throw new Error('s3.encryption is AES256, aws:kms or aws:kms:KEY')
  return { algorithm, ...(key !== undefined && { key }) }
}
