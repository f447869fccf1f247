import type {
  Album,
  Delivered,
  Delivery,
  ExporterContext,
  FileFacts,
  Inspection,
  ListedAlbum,
  ListedImage,
  NewFile,
  Plain,
} from '../../exporter/types.ts'
import type { Peer } from '../protocol.ts'
import { readable } from './readable.ts'

/** The plain data of a context. */
export type ContextFacts = Pick<
  ExporterContext,
  'output' | 'options' | 'dryRun' | 'version' | 'account' | 'exporters' | 'concurrency'
>

type Ask = (method: string, ...args: readonly unknown[]) => Promise<unknown>

/** The context of a plugin in its own process: every function calls smugdl, where serve-context.ts answers. */
export function hostContext(
  ask: Ask,
  peer: Pick<Peer, 'notify'>,
  facts: ContextFacts,
  signal: AbortSignal,
): ExporterContext {
  const log = (level: string) => (text: string) => peer.notify('log', 0, level, String(text).slice(0, 10_000))
  return {
    ...facts,
    signal,
    log: { debug: log('debug'), info: log('info'), warn: log('warn') },
    place: async (file, path, { modifiedAt, duplicates } = {}) =>
      (await ask('place', file.path, path, modifiedAt, duplicates)) as Delivery,
    async writeFile(path, data) {
      const file = await newFile(path, ask)
      await file.write(data)
      return file.commit()
    },
    createFile: (path) => newFile(path, ask),
    inspect: async (delivery, depth) => (await ask('inspect', delivery, depth)) as Inspection,
    move: async (delivery, path) => (await ask('move', delivery, path)) as Delivery,
    discard: async (delivery) => void (await ask('discard', delivery)),
    deliveries: async (image, album) => (await ask('deliveries', image, album)) as Record<string, Delivered>,
    listing: () => albums(ask),
    images: (album) => imagesOf(album, ask),
    async smallCopy(image, album, size) {
      const file = (await ask('smallCopy', image, album, size)) as (FileFacts & { path: string }) | null
      return file === null ? undefined : readable(file)
    },
    uploaded: (bytes) => peer.notify('uploaded', 0, Number(bytes)),
    state: {
      get: async (key) => (await ask('getState', key)) as Plain | undefined,
      set: async (key, value) => void (await ask('setState', key, value)),
    },
  }
}

/** Bytes travel as Base64, a piece at a time. */
const pieceSize = 1024 * 1024

async function newFile(path: readonly string[], ask: Ask): Promise<NewFile> {
  const { file, path: scratch } = (await ask('createFile', path)) as { file: number; path: string }
  let written: Promise<void> = Promise.resolve()
  async function send(bytes: Buffer): Promise<void> {
    for (let start = 0; start < bytes.length; start += pieceSize)
      await ask('write', file, bytes.toString('base64', start, start + pieceSize))
  }
  return {
    path: scratch,
    /** Messages arrive in order and before `commit`, although they are not awaited. */
    write(chunk) {
      const bytes =
        typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      written = written.then(() => send(bytes))
      return written
    },
    async commit() {
      await written
      return (await ask('commit', file)) as Delivery
    },
    abort: async () => void (await ask('abortFile', file)),
  }
}

/** Requested as needed: one album, or some images of one, at a time. */
async function* albums(ask: Ask): AsyncGenerator<ListedAlbum> {
  const listing = await ask('listing')
  try {
    for (;;) {
      const album = (await ask('nextAlbum', listing)) as Album | null
      if (album === null) return
      yield { album, images: () => imagesOf(album, ask) }
    }
  } finally {
    await ask('close', listing)
  }
}

async function* imagesOf(album: Album, ask: Ask): AsyncGenerator<ListedImage> {
  const images = await ask('images', album)
  try {
    for (;;) {
      const batch = (await ask('nextImages', images)) as ListedImage[]
      if (batch.length === 0) return
      yield* batch
    }
  } finally {
    await ask('close', images)
  }
}
