import type { SmallCopies } from '../../smugmug/api/small-copy.ts'

/** Addresses of small copies that came along with the albums that are being listed: they are not kept, because they lose their validity. */
export class ListedSmallCopies {
  readonly #albums = new Map<string, Map<string, SmallCopies>>()

  add(album: string, image: string, copies: SmallCopies): void {
    const known = this.#albums.get(album) ?? new Map<string, SmallCopies>()
    this.#albums.set(album, known.set(image, copies))
  }

  get(album: string, image: string): SmallCopies | undefined {
    return this.#albums.get(album)?.get(image)
  }

  /** The album has had its turn. */
  forget(album: string): void {
    this.#albums.delete(album)
  }
}
