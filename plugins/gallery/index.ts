import { type Account, type Album, type Delivery, defineExporter, type Image } from '../../src/exporter/index.ts'
import { albumPages } from './album-pages.ts'
import { asset, assetNames } from './assets.ts'
import { type Choice, isShownAlbum } from './choice.ts'
import { Columns } from './columns.ts'
import { datesPage } from './dates-page.ts'
import { GalleryFiles } from './files.ts'
import { indexPage } from './index-page.ts'
import { pathKey, type ShownAlbum, shownAlbum } from './shown-album.ts'

/**
 * Pages for a family beside the pictures: `index.html` opens from the disk, without a network, a server or smugdl. It wants no originals, only
 * where another exporter put them; its thumbnails are SmugMug's own renditions.
 */
export default defineExporter({
  name: 'gallery',
  apiVersion: 1,
  description: 'Web pages beside the pictures that open with a double click: albums, captions, search, dates',
  needs: 'listing',
  wantsSmallCopies: true,
  concurrency: 8,
  reserves: ['index.html', 'gallery'],
  hookMinutes: 60,
  options: {
    thumbs: {
      type: 'string',
      choices: ['S', 'M'],
      default: 'S',
      help: 'Size of the small pictures: S is 400 by 300, M is 600 by 450',
    },
    places: {
      type: 'string',
      choices: ['yes', 'no'],
      default: 'yes',
      help: 'Show where pictures were taken; leave it out of what is to be shared',
    },
    hidden: {
      type: 'string',
      choices: ['yes', 'no'],
      default: 'yes',
      help: 'Show hidden pictures and albums that are not public; leave them out of what is to be shared',
    },
    base: {
      type: 'string',
      default: '',
      help: 'Address before the pictures where they do not lie beside the gallery, such as https://example.org/photos/',
    },
  },
  create(context) {
    const { thumbs, places, hidden, base } = context.options
    const choice: Choice = { places: places === 'yes', hidden: hidden === 'yes' }
    const files = new GalleryFiles(context)
    let account: Account | undefined

    /** A small picture for each image of each album; where SmugMug has none, the page shows a neutral tile. */
    async function thumbnail(image: Image, album: Album): Promise<Delivery | undefined> {
      const copy = await context.smallCopy(image, album, thumbs)
      return copy && context.place(copy, ['gallery', 't', pathKey(album.key), `${pathKey(image.key)}.jpg`])
    }

    return {
      begin(whose) {
        account = whose
      },
      deliver: (image, _file, { album }) => thumbnail(image, album),
      async finish() {
        if (account === undefined) throw new Error('finish came before begin')
        const name = account.name || account.nickName
        const columns = new Columns()
        const albums: ShownAlbum[] = []
        let linked = 0
        for await (const { album, images } of context.listing()) {
          if (!isShownAlbum(album, choice)) continue
          const shown = shownAlbum(album, albums.length)
          for await (const page of albumPages(shown, images(), { account: name, choice, base, columns })) {
            context.signal.throwIfAborted()
            linked += page.linked
            await files.write(page.path, page.html)
          }
          albums.push(shown)
        }
        if (columns.count > 0 && linked === 0)
          context.log.warn(
            'No picture of this gallery lies beside it as a file: add -e folder, or --set gallery.base=ADDRESS.',
          )
        await files.write('gallery/dates.html', datesPage(account))
        await files.write('gallery/grid.js', columns.grid(albums))
        await files.write('gallery/search.js', columns.search())
        for (const name of assetNames) await files.write(`gallery/${name}`, asset(name))
        // Last, so that whoever opens it meanwhile finds the old gallery, or the new one, whole.
        await files.write('index.html', indexPage(account, albums))
        await files.removeOthers()
      },
    }
  },
})
