import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import gallery from '../../plugins/gallery/index.ts'
import type { Account, ExporterContext, ListedAlbum, Plain } from '../../src/exporter/index.ts'
import { albumWith, imageWith } from '../exporter/records.ts'

/** The gallery of an account of this size, written below `output` from a listing that nobody fetched. Returns what was written. */
export async function manyPictures(
  output: string,
  { images, albums }: { images: number; albums: number },
): Promise<string[]> {
  const written: string[] = []
  const state = new Map<string, Plain | undefined>()
  const each = Math.ceil(images / albums)
  const listing = async function* (): AsyncGenerator<ListedAlbum> {
    for (let number = 0; number < albums; number++) {
      const album = albumWith({
        key: `A${number}`,
        name: `Album ${number}`,
        path: [`Year ${number % 20}`],
        directory: [`Year ${number % 20}`, `Album ${number}`],
      })
      yield {
        album,
        async *images() {
          for (let position = 0; position < each && number * each + position < images; position++) {
            const index = number * each + position
            const minute = (index * 97) % (20 * 365 * 1440)
            const capturedAt = new Date(Date.UTC(2004, 0, 1) + minute * 60_000).toISOString().slice(0, 19)
            const image = imageWith({
              key: `K${index}`,
              fileName: `IMG_${index}.JPG`,
              title: `Picture ${index}`,
              keywords: ['sea', 'café'],
              capturedAt,
              width: index % 3 === 0 ? 3000 : 4000,
              height: index % 3 === 0 ? 4000 : 3000,
              position,
            })
            yield {
              image,
              state: 'delivered',
              deliveries: {
                folder: {
                  delivery: { path: `${album.directory.join('/')}/IMG_${index}.JPG` },
                  facts: { kind: 'original', size: 1, md5: '', sha256: '', contentType: 'image/jpeg' },
                },
              },
            }
          }
        },
      }
    }
  }
  const context = {
    options: { thumbs: 'S', places: 'yes', hidden: 'yes', base: '' },
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, warn() {} },
    output,
    exporters: ['folder', 'gallery'],
    listing,
    state: {
      get: async (key: string) => state.get(key),
      set: async (key: string, value: Plain | undefined) => void state.set(key, value),
    },
    inspect: async () => 'ok',
    discard: async () => {},
    async writeFile(names: readonly string[], text: string) {
      const path = join(output, ...names)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
      written.push(names.join('/'))
      return { path: names.join('/') }
    },
  } as unknown as ExporterContext
  const account: Account = { nickName: 'janedoe', name: 'Jane', raw: {} }
  const hooks = await gallery.create(context)
  await hooks.begin?.(account)
  await hooks.finish?.({ listed: images, new: images, updated: 0, unchanged: 0, skipped: 0, failed: 0, bytes: 0 })
  return written
}
