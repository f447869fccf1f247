import type { Account, ListedAlbum } from '../../src/exporter/index.ts'
import { foldersOf } from './folders.ts'
import { albumRecord, imageRecord, version } from './records.ts'

/** An object a line, each with its `type`; an image comes after its album and names it. */
export async function* ndjson(account: Account, listing: () => AsyncIterable<ListedAlbum>): AsyncGenerator<string> {
  yield line({ type: 'manifest', format: 'smugdl-manifest', version })
  yield line({ type: 'account', ...account })
  for await (const folder of foldersOf(listing())) yield line({ type: 'folder', ...folder })
  for await (const { album, images } of listing()) {
    yield line({ type: 'album', ...albumRecord(album) })
    for await (const image of images()) yield line({ type: 'image', album: album.key, ...imageRecord(image) })
  }
}

function line(record: object): string {
  return `${JSON.stringify(record)}\n`
}
