import { createHash } from 'node:crypto'

/** An object as the store keeps it. */
export interface StoredObject {
  body: Buffer
  etag: string
  /** `content-type`, `x-amz-meta-…`, `x-amz-storage-class`, as they came. */
  readonly headers: Readonly<Record<string, string>>
  readonly modifiedAt: Date
}

interface Upload {
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly parts: Map<number, StoredObject>
}

/** The contents of a bucket. Keys are listed in the order of their bytes. */
export class Bucket {
  readonly objects = new Map<string, StoredObject>()
  readonly uploads = new Map<string, Upload>()
  /** Whoever did not get the answer asks again. */
  readonly completed = new Map<string, Upload>()
  /** Of a versioned bucket: what was overwritten or removed, oldest first. */
  readonly earlier: { readonly key: string; readonly object: StoredObject }[] = []
  versioning: 'Enabled' | 'Suspended' | undefined
  #uploads = 0

  put(key: string, object: StoredObject): void {
    this.#keepVersion(key)
    this.objects.set(key, object)
  }

  remove(key: string): void {
    this.#keepVersion(key)
    this.objects.delete(key)
  }

  begin(key: string, headers: Readonly<Record<string, string>>): string {
    const id = `upload-${++this.#uploads}`
    this.uploads.set(id, { key, headers, parts: new Map() })
    return id
  }

  /** Keys with a prefix, sorted, after one. */
  keys(prefix: string, after: string): string[] {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix))
    return keys.sort(byBytes).filter((key) => after === '' || byBytes(key, after) > 0)
  }

  /** The same at this instant; later changes are not shared. */
  copy(): Bucket {
    const copy = new Bucket()
    copy.versioning = this.versioning
    for (const [key, object] of this.objects) copy.objects.set(key, object)
    for (const [id, upload] of this.uploads) copy.uploads.set(id, { ...upload, parts: new Map(upload.parts) })
    copy.#uploads = this.#uploads
    return copy
  }

  #keepVersion(key: string): void {
    const object = this.objects.get(key)
    if (this.versioning === 'Enabled' && object !== undefined) this.earlier.push({ key, object })
  }
}

/** Of parts: the MD5 of their MD5s. */
export function etagOfParts(parts: readonly StoredObject[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${parts.length}`
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
