import { createHash } from 'node:crypto'
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { isAbsent, isRefusedByCondition, isUnknownThere, unlessAbsent } from './errors.ts'
import type { Attempt, Requests } from './requests.ts'
import type { Target } from './target.ts'

type Sdk = typeof import('./sdk.ts')

/** An object's entry in a listing. */
export interface Standing {
  /** Without its quotation marks. */
  readonly etag: string
  /** Bytes. */
  readonly size: number
}

/** The answer to HEAD. */
export interface Seen extends Standing {
  readonly contentType: string
  readonly metadata: Readonly<Record<string, string>>
  /** Encrypted in a way that makes its ETag independent of the bytes. */
  readonly isOpaque: boolean
  /** When it was written, by the store's clock; milliseconds since 1970. */
  readonly modifiedMs: number
}

/** Headers and metadata of a new object. */
export interface About {
  readonly contentType: string
  /** ASCII. */
  readonly metadata: Readonly<Record<string, string>>
}

/** Bytes being sent; counted again for each attempt. */
export interface Sending {
  readonly size: number
  /** Hexadecimal. */
  readonly sha256: string
  readonly md5: string
  open(one: Attempt): Promise<Uint8Array | NodeJS.ReadableStream>
}

/** The write condition: only if nothing is there, only over this ETag, or always. */
export type Condition = 'new' | { readonly over: string } | undefined

/** The result of a copy. */
export type Copied = 'copied' | 'refused' | 'absent'

export interface Store {
  readonly sdk: Sdk
  readonly client: S3Client
  readonly requests: Requests
  readonly target: Target
}

export type Objects = ReturnType<typeof objects>

/** The requests about single objects. Paths are keys below the prefix. */
export function objects({ sdk, client, requests, target }: Store) {
  const { bucket, prefix } = target
  const at = (path: string) => ({ Bucket: bucket, Key: prefix + path })
  const encryption = target.encryption && {
    ServerSideEncryption: target.encryption.algorithm as 'AES256',
    ...(target.encryption.key !== undefined && { SSEKMSKeyId: target.encryption.key }),
  }
  /** Settings for each new object. */
  const made = {
    ...(target.storageClass !== undefined && { StorageClass: target.storageClass as 'STANDARD' }),
    ...encryption,
  }

  return {
    made,
    at,

    /** All objects directly in a folder, by path. */
    async list(folder: string): Promise<Map<string, Standing>> {
      const found = new Map<string, Standing>()
      for await (const page of pages({ Prefix: prefix + folder, Delimiter: '/' }))
        for (const [path, standing] of page) found.set(path, standing)
      return found
    },

    /** All objects, in pages of at most 1,000. */
    all: () => pages({ Prefix: prefix }),

    /** Undefined where nothing is. */
    async head(path: string): Promise<Seen | undefined> {
      const answer = await requests
        .send(
          's3:GetObject',
          ({ signal }) => client.send(new sdk.HeadObjectCommand(at(path)), { abortSignal: signal }),
          isAbsent,
        )
        .catch(unlessAbsent)
      if (answer === undefined) return undefined
      const {
        ETag,
        ContentLength = 0,
        ContentType = 'application/octet-stream',
        Metadata = {},
        ServerSideEncryption,
        SSECustomerAlgorithm,
        LastModified,
      } = answer
      return {
        etag: bare(ETag),
        size: ContentLength,
        contentType: ContentType,
        metadata: Metadata,
        isOpaque: ServerSideEncryption?.startsWith('aws:kms') === true || SSECustomerAlgorithm !== undefined,
        modifiedMs: LastModified?.getTime() ?? 0,
      }
    },

    /**
     * Writes an object. The store compares the bytes with both hashes and rejects any difference. `taken` if the condition did not hold,
     * `unconditional` if the store supports no conditions; in both cases nothing was written.
     */
    async put(
      path: string,
      sending: Sending,
      about: About,
      condition: Condition,
    ): Promise<string | 'taken' | 'unconditional'> {
      const isAnswer = (error: unknown) =>
        condition !== undefined && (isRefusedByCondition(error) || isUnknownThere(error))
      try {
        const { ETag } = await requests.send(
          's3:PutObject',
          (one) => put(one, path, sending, about, condition),
          isAnswer,
        )
        return bare(ETag)
      } catch (error) {
        if (!isAnswer(error)) throw error
        return isRefusedByCondition(error) ? 'taken' : 'unconditional'
      }
    },

    /**
     * Copies an object within the store, with the same or new metadata. `refused`: the store supports conditions on copies, and the source has
     * another ETag, or `isNew` is set and an object is there; other stores overwrite it. `absent` if there is nothing to copy.
     */
    async copy(from: string, to: string, etag: string, isNew: boolean, about?: About): Promise<Copied> {
      const command = { ...at(to), ...made, CopySource: source(from), ...(about && replacing(about)) }
      const conditions = { CopySourceIfMatch: `"${etag}"`, ...(isNew && { IfNoneMatch: '*' }) }
      const copy = (input: typeof command, isAnswer: (error: unknown) => boolean) =>
        requests.send(
          's3:PutObject',
          ({ signal }) => client.send(new sdk.CopyObjectCommand(input), { abortSignal: signal }),
          isAnswer,
        )
      const isAnswer = (error: unknown) => isAbsent(error) || isRefusedByCondition(error) || isUnknownThere(error)
      try {
        await copy({ ...command, ...conditions }, isAnswer).catch((error) => {
          if (!isUnknownThere(error)) throw error
          return copy(command, isAbsent)
        })
        return 'copied'
      } catch (error) {
        if (!isAnswer(error)) throw error
        return isAbsent(error) ? 'absent' : 'refused'
      }
    },

    /** The path encoded for a header. */
    source,

    /** Removes an object; only with this ETag, if one is given and the store supports that condition. */
    async remove(path: string, etag?: string): Promise<void> {
      const command = { ...at(path), ...(etag !== undefined && { IfMatch: `"${etag}"` }) }
      const isAnswer = (error: unknown) =>
        isAbsent(error) || (etag !== undefined && (isRefusedByCondition(error) || isUnknownThere(error)))
      try {
        await requests.send(
          's3:DeleteObject',
          ({ signal }) => client.send(new sdk.DeleteObjectCommand(command), { abortSignal: signal }),
          isAnswer,
        )
      } catch (error) {
        if (!isAnswer(error)) throw error
        if (isUnknownThere(error)) await this.remove(path)
      }
    },

    /** Reads all of an object. Undefined where nothing is. */
    async hash(path: string): Promise<(Standing & { sha256: string }) | undefined> {
      return requests.send('s3:GetObject', (one) => hashed(one, path), isAbsent).catch(unlessAbsent)
    },

    /** From `start`, only as long as it has this ETag. The bytes may break off. */
    async open(path: string, start: number, etag: string | undefined): Promise<GetObjectCommandOutput> {
      const range = start > 0 && { Range: `bytes=${start}-`, ...(etag !== undefined && { IfMatch: etag }) }
      return requests.send('s3:GetObject', ({ signal }) =>
        client.send(new sdk.GetObjectCommand({ ...at(path), ...range }), { abortSignal: signal }),
      )
    },

    /** Whether overwritten or removed objects stay as versions; false if the store does not say. */
    async isVersioned(): Promise<boolean> {
      const answer = await requests
        .send(
          's3:GetBucketVersioning',
          ({ signal }) => client.send(new sdk.GetBucketVersioningCommand({ Bucket: bucket }), { abortSignal: signal }),
          () => true,
        )
        .catch(() => undefined)
      return answer?.Status === 'Enabled'
    },
  }

  async function* pages(of: { Prefix: string; Delimiter?: string }): AsyncGenerator<[path: string, Standing][]> {
    for (let token: string | undefined; ; ) {
      const page = await requests.send('s3:ListBucket', ({ signal }) =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket,
            EncodingType: 'url',
            ...of,
            ...(token !== undefined && { ContinuationToken: token }),
          }),
          { abortSignal: signal },
        ),
      )
      const keyOf = page.EncodingType === 'url' ? decoded : (key: string) => key
      yield (page.Contents ?? []).map(({ Key = '', ETag, Size = 0 }) => [
        keyOf(Key).slice(prefix.length),
        { etag: bare(ETag), size: Size },
      ])
      token = page.IsTruncated ? page.NextContinuationToken : undefined
      if (token === undefined) return
    }
  }

  async function put(one: Attempt, path: string, sending: Sending, about: About, condition: Condition) {
    const body = await sending.open(one)
    try {
      const command = new sdk.PutObjectCommand({
        ...at(path),
        ...made,
        Body: body as Uint8Array,
        ContentLength: sending.size,
        ContentMD5: base64(sending.md5),
        ContentType: about.contentType,
        Metadata: { ...about.metadata },
        ...(condition === 'new' && { IfNoneMatch: '*' }),
        ...(typeof condition === 'object' && { IfMatch: condition.over }),
      })
      signing(command, sending.sha256)
      return await client.send(command, { abortSignal: one.signal })
    } finally {
      if ('destroy' in body) (body as unknown as { destroy(): void }).destroy()
    }
  }

  function source(path: string): string {
    return `${bucket}/${encodeURIComponent(prefix + path).replaceAll('%2F', '/')}`
  }

  async function hashed({ signal, alive }: Attempt, path: string) {
    const answer = await client.send(new sdk.GetObjectCommand(at(path)), { abortSignal: signal })
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
      alive()
      size += chunk.length
      hash.update(chunk)
    }
    if (size !== answer.ContentLength) throw new Error('the answer was cut')
    return { etag: bare(answer.ETag), size, sha256: hash.digest('hex') }
  }
}

function replacing({ contentType, metadata }: About) {
  return { MetadataDirective: 'REPLACE', ContentType: contentType, Metadata: { ...metadata } } as const
}

/** Decodes keys. They are requested in encoded form, because some stores do not escape keys correctly in XML. */
function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', '%20'))
}

/** Without the quotation marks that some answers have. */
export function bare(etag = ''): string {
  return etag.replace(/^W\//, '').replaceAll('"', '')
}

/** Header form of a hexadecimal hash. */
export function base64(hexadecimal: string): string {
  return Buffer.from(hexadecimal, 'hex').toString('base64')
}

/** Signs the known SHA-256, which the store compares, so that the bytes need not be read twice. */
export function signing(
  command: { middlewareStack: { add(layer: never, options: { step: 'build'; name: string }): void } },
  sha256: string,
): void {
  const layer = (next: (args: unknown) => unknown) => (args: { request: { headers: Record<string, string> } }) => {
    args.request.headers['x-amz-content-sha256'] = sha256
    return next(args)
  }
  command.middlewareStack.add(layer as never, { step: 'build', name: 'knownSha256' })
}
