import type { Account, ListedAlbum } from '../../src/exporter/index.ts'
import { foldersOf } from './folders.ts'
import { albumRecord, imageRecord, version } from './records.ts'

/** One document, an object a line, so that it can be compared line by line and searched with `grep`. */
export async function* json(account: Account, listing: () => AsyncIterable<ListedAlbum>): AsyncGenerator<string> {
  yield `{"format":"smugdl-manifest","version":${version},\n"account":${JSON.stringify(account)},\n"folders":[`
  let separator = '\n'
  for await (const folder of foldersOf(listing())) {
    yield `${separator}${JSON.stringify(folder)}`
    separator = ',\n'
  }
  yield '],\n"albums":['
  separator = '\n'
  for await (const { album, images } of listing()) {
    yield `${separator}${JSON.stringify(albumRecord(album)).slice(0, -1)},"images":[`
    separator = '\n'
    for await (const image of images()) {
      yield `${separator}${JSON.stringify(imageRecord(image))}`
      separator = ',\n'
    }
    yield ']}'
    separator = ',\n'
  }
  yield ']}\n'
}
