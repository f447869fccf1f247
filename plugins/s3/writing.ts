import type { Folders } from './folders.ts'
import type { About, Condition, Objects, Sending, Standing } from './objects.ts'

interface Parts {
  readonly objects: Objects
  readonly folders: Folders
  /** Uploads at once, whatever they are of. */
  atOnce<T>(work: () => Promise<T>): Promise<T>
  conditional(): Promise<boolean>
}

export type Write = ReturnType<typeof writing>

/**
 * Writes an object in one request, only where nothing is, or over what was seen there. Its ETag; `taken` where something else has come to
 * stand there meanwhile, or this, if the answer to it was lost.
 */
export function writing({ objects, folders, atOnce, conditional }: Parts) {
  /** Ceph compares without quotation marks. */
  let quotes = '"'

  async function under(
    condition: (quotes: string) => Condition,
    put: (condition: Condition) => ReturnType<Objects['put']>,
  ) {
    const etag = await put(condition(quotes))
    if (etag !== 'taken' || quotes === '' || condition('') === 'new') return etag
    const otherwise = await put(condition(''))
    if (otherwise !== 'taken') quotes = ''
    return otherwise
  }

  return (path: string, sending: Sending, about: About, over: Standing | undefined): Promise<string | 'taken'> =>
    atOnce(async () => {
      const put = (condition: Condition) => objects.put(path, sending, about, condition)
      let etag: string = 'unconditional'
      if (await conditional())
        etag = await under((quotes) => (over === undefined ? 'new' : { over: quotes + over.etag + quotes }), put)
      if (etag === 'unconditional') {
        // The window that is left is as long as the upload.
        if ((await objects.head(path))?.etag !== over?.etag) return 'taken'
        etag = await put(undefined)
      }
      if (etag !== 'taken') await folders.note(path, { etag, size: sending.size })
      return etag
    })
}
