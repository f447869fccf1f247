import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Exporter, FileFacts, Hooks } from '../../../src/exporter/index.ts'
import type { Keep } from '../../../src/exporter-suite/keep.ts'

interface Kept {
  bytes: Buffer
  facts: FileFacts
  image: string
}

/** Keeps pictures in a Map, which is as far away as anything: nobody but its own hooks can look. */
export function distant(kept: Map<string, Kept> = new Map(), more: Partial<Hooks> = {}): Exporter {
  return {
    name: 'distant',
    apiVersion: 1,
    keeps: 'elsewhere',
    create: (context) => {
      const whose = (image: { key: string }, album: { key: string }) => `${album.key}/${image.key}`
      return {
        async deliver(image, file, { album }) {
          const path = [...album.directory, image.name].join('/')
          const there = kept.get(path)
          const free = there === undefined || there.image === whose(image, album)
          const at = free ? path : `${path} [${image.key}]`
          const { kind, size, md5, sha256, contentType } = file
          const facts = { kind, size, md5, sha256, contentType }
          kept.set(at, { bytes: await buffer(file.stream()), image: whose(image, album), facts })
          context.uploaded(size)
          return { path: at, digest: file.sha256 }
        },
        inspect({ path, digest }) {
          const there = kept.get(path)
          if (there === undefined) return 'missing'
          return createHash('sha256').update(there.bytes).digest('hex') === digest ? 'ok' : 'changed'
        },
        find(image, _, { album }) {
          const [path, there] = [...kept].find(([, there]) => there.image === whose(image, album)) ?? []
          if (path === undefined || there === undefined) return undefined
          return { delivery: { path, digest: there.facts.sha256 }, facts: there.facts, verifiedAt: 1 }
        },
        async relocate(delivery, image, { album }) {
          const path = [...album.directory, image.name].join('/')
          const there = kept.get(delivery.path)
          if (path === delivery.path || there === undefined || kept.has(path)) return delivery
          kept.set(path, there)
          kept.delete(delivery.path)
          return { ...delivery, path }
        },
        async *read({ path }) {
          yield kept.get(path)?.bytes ?? Buffer.alloc(0)
        },
        ...more,
      }
    },
  }
}

/** The suite's view of it. */
export function keepOf(kept: Map<string, Kept>): Keep {
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  return {
    options: {},
    files: async () => new Map([...kept].map(([path, { bytes }]) => [path, sha256(bytes)] as const).sort()),
    read: async (path) => kept.get(path)?.bytes.toString(),
    async plant(path, text) {
      const facts = { kind: 'original', size: 0, md5: '', sha256: '', contentType: '' } as const
      kept.set(path, { bytes: Buffer.from(text), image: 'nobody', facts })
    },
    empty: async () => kept.clear(),
    async fork() {
      throw new Error('one Map cannot be in two places')
    },
    async [Symbol.asyncDispose]() {},
  }
}
