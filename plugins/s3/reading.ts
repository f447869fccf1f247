import type { Delivery, ExporterContext, InspectDepth, Inspection } from '../../src/exporter/index.ts'
import type { Bucket } from './bucket.ts'
import { bare } from './objects.ts'

/** Maximum number of consecutive resumptions of a read without any byte received. */
const mostBreaks = 5

/** Inspects and reads objects. */
export function reading({ objects, folders }: Bucket, { state }: Pick<ExporterContext, 'state'>) {
  /** Objects found damaged. They have our ETag but other bytes, so only this record shows that they must be written again. */
  const damaged = (path: string) => `damaged ${path}`

  async function noteWhole(path: string): Promise<void> {
    if ((await state.get(damaged(path))) !== undefined) await state.set(damaged(path), undefined)
  }

  return {
    noteWhole,
    isDamaged: async (path: string) => (await state.get(damaged(path))) === true,

    /** Inspects by one listing per folder, or by reading the whole object. */
    async inspect(delivery: Delivery, depth: InspectDepth): Promise<Inspection> {
      const { path, etag, size, sha256, md5 } = delivery
      if (depth === 'quick') {
        const there = await folders.at(path)
        if (there === undefined) return 'missing'
        // A program that copied the bucket may have merged the parts into one.
        return there.size === size && (there.etag === etag || there.etag === md5) ? 'ok' : 'changed'
      }
      const read = await objects.hash(path)
      if (read === undefined) return 'missing'
      if (read.sha256 === sha256) {
        await noteWhole(path)
        return 'ok'
      }
      if (read.etag !== etag) return 'changed'
      await state.set(damaged(path), true)
      return 'damaged'
    },

    /** Resumes after a break, as long as it is the same object. */
    async *read({ path, etag }: Delivery): AsyncGenerator<Uint8Array> {
      let start = 0
      for (let breaks = 0; ; ) {
        const answer = await objects.open(path, start, typeof etag === 'string' ? etag : undefined)
        const end = start + (answer.ContentLength ?? 0)
        if (start === 0 && typeof etag === 'string' && bare(answer.ETag) !== etag)
          throw new Error(`${path} is not what was delivered`)
        try {
          for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
            start += chunk.length
            breaks = 0
            yield chunk
          }
          if (start >= end) return
        } catch (error) {
          if (breaks >= mostBreaks) throw error
        }
        breaks += 1
        if (breaks > mostBreaks) throw new Error(`${path} breaks off again and again`)
      }
    },
  }
}
