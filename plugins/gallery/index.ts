import { type Account, defineExporter } from '../../src/exporter/index.ts'
import { albumPages } from './album-pages.ts'
import { asset, assetNames } from './assets.ts'
import { type Choice, isShownAlbum } from './choice.ts'
import { Columns } from './columns.ts'
import { datesPage } from './dates-page.ts'
import { GalleryFiles } from './files.ts'
import { indexPage } from './index-page.ts'
import { type ShownAlbum, shownAlbum } from './shown-album.ts'
import { thumbnail } from './thumbnail.ts'

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
      help: 'Show where pictures were taken; the files beside the pages still hold it',
    },
    hidden: {
      type: 'string',
      choices: ['yes', 'no'],
      default: 'yes',
      help: 'Show hidden pictures and albums that are not public; their files are still beside the pages',
    },
    base: {
      type: 'string',
      default: '',
      help: 'Address of the pictures if they are not beside the gallery, such as https://example.org/photos/',
    },
  },
  create(context) {
    const { thumbs, places, hidden, base } = context.options
    const choice: Choice = { places: places === 'yes', hidden: hidden === 'yes' }
    const files = new GalleryFiles(context)
    let account: Account | undefined

    return {
      prepare() {
        if (base !== '' && !URL.canParse(base))
          throw new Error(`${base} is no address: gallery.base is one such as https://example.org/photos/`)
        // Archives and lists are not files that a page can show; what plugins write is unknown here.
        if (base === '' && context.exporters.every((name) => ['zip', 'manifest', 'gallery'].includes(name)))
          context.log.warn(
            'The gallery shows small pictures only: their files lie in archives. -e folder,gallery shows them large, too.',
          )
      },
      begin(whose) {
        account = whose
      },
      /** A picture is shown once: a RAW file kept with it is not another picture. */
      deliver: (image, _file, { album, before }) =>
        image.component === '' ? thumbnail(image, album, { size: thumbs, before }, context) : undefined,
      async finish() {
        if (account === undefined) throw new Error('finish came before begin')
        const name = account.name || account.nickName
        const columns = new Columns()
        const albums: ShownAlbum[] = []
        for await (const { album, images } of context.listing()) {
          if (!isShownAlbum(album, choice)) continue
          const shown = shownAlbum(album, albums.length)
          for await (const page of albumPages(shown, images(), { account: name, choice, base, columns })) {
            context.signal.throwIfAborted()
            await files.write(page.path, page.html)
          }
          albums.push(shown)
        }
        await files.write('gallery/dates.html', datesPage(account))
        await files.write('gallery/grid.js', columns.grid(albums))
        await files.write('gallery/search.js', columns.search())
        for (const name of assetNames) await files.write(`gallery/${name}`, asset(name))
        // Last, so that a user who opens it meanwhile sees the complete old or new gallery.
        await files.write('index.html', indexPage(account, albums))
        await files.removeOthers()
      },
    }
  },
})
