// A page with all pictures of an album, for each album. It shows the files that the exporter `folder` has: -e folder,contact-sheet

/** @type {import('../../src/exporter/types.ts').Exporter} */
export default {
  name: 'contact-sheet',
  apiVersion: 1,
  description: 'A web page for each album, which shows the files of the exporter folder',
  needs: 'listing', // it wants to know of the pictures, not to have them
  options: {
    width: { type: 'number', default: 240, help: 'How wide a picture is shown, in pixels' },
  },

  create(context) {
    return {
      deliver() {
        // Nothing to do for a single picture: the page is written when all of the album had their turn.
      },

      async endAlbum(album) {
        const path = [...album.directory, 'index.html']
        const figures = []
        for await (const listed of context.images(album)) figures.push(figure(listed, album, context.options.width))
        const page = await context.writeFile(path, pageOf(album, figures))

        // The album may have had another name in an earlier run.
        const before = await context.state.get(album.key)
        if (typeof before === 'string' && before !== page.path) await context.discard({ path: before })
        await context.state.set(album.key, page.path)
      },
    }
  },
}

/**
 * @param {import('../../src/exporter/types.ts').ListedImage} listed
 * @param {import('../../src/exporter/types.ts').Album} album
 */
function figure({ image, deliveries }, album, width) {
  const path = deliveries.folder?.delivery.path
  // From <output>/contact-sheet/<album>/index.html up to <output>, then down to the file.
  const up = '../'.repeat(album.directory.length + 1)
  const address = path === undefined ? image.webUri : up + path.split('/').map(encodeURIComponent).join('/')
  const caption = escaped(image.title || image.name)
  if (address === undefined) return `<figure><figcaption>${caption}</figcaption></figure>`
  const picture =
    path === undefined || image.isVideo || image.component !== ''
      ? ''
      : `<img src="${escaped(address)}" width="${width}" loading="lazy">`
  return `<figure><a href="${escaped(address)}">${picture}<figcaption>${caption}</figcaption></a></figure>`
}

function pageOf(album, figures) {
  const title = escaped([...album.path, album.name].join(' / '))
  return `<!doctype html>
<meta charset="utf-8">
<title>${title}</title>
<style>body { display: flex; flex-wrap: wrap; font: 14px sans-serif } h1 { width: 100% } figure { margin: 8px }</style>
<h1>${title}</h1>
${figures.join('\n')}
`
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
