import type { ExporterContext, Plain } from '../../src/exporter/index.ts'

/** An upload in parts that has begun. */
export interface Upload {
  readonly id: string
  /** A digest of what says which bytes they are, and of which picture. */
  readonly of: string
  readonly partSize: number
  /** Milliseconds since 1970. */
  readonly begunAt: number
}

/** Uploads that were begun and did not end, by path: kept, so that the next run goes on with them. */
export async function unfinished(state: ExporterContext['state']) {
  const known = new Map<string, Upload>()
  for (const [path, upload] of Object.entries((await state.get('uploads')) ?? {})) {
    const { id, of, partSize, begunAt } = upload as Partial<Upload>
    if (id && of && partSize && begunAt) known.set(path, { id, of, partSize, begunAt })
  }
  const keep = () => state.set('uploads', Object.fromEntries(known) as unknown as Plain)
  return {
    get: (path: string) => known.get(path),
    async set(path: string, upload: Upload): Promise<void> {
      known.set(path, upload)
      await keep()
    },
    async delete(path: string): Promise<void> {
      if (known.delete(path)) await keep()
    },
    olderThan: (at: number) => [...known].filter(([, { begunAt }]) => begunAt < at),
  }
}

export type Unfinished = Awaited<ReturnType<typeof unfinished>>
