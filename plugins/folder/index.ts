import { mkdir, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { albumPaths, defineExporter, type Image, pathTemplate } from '../../src/exporter/index.ts'

/** A folder per album, named as on SmugMug, with the files as they were uploaded. */
export default defineExporter({
  name: 'folder',
  apiVersion: 1,
  description: 'A folder for each album, with the files in it',
  options: {
    path: {
      type: 'string',
      template: 'image',
      default: '{album.path}/{name}',
      help: 'Where each picture goes: a template of fields in braces ("smugdl fields" shows them). Another one moves what is there, without a download',
    },
    duplicates: {
      type: 'string',
      choices: ['copy', 'hardlink', 'reflink'],
      default: 'copy',
      help: 'How an image comes into a second album: as a copy (which shares its blocks where the disk can), as a hard link (another name of the one file: who edits one edits all), or as a reflink (a copy, and a word where the disk cannot share blocks)',
    },
    mtime: {
      type: 'string',
      choices: ['captured', 'uploaded', 'none'],
      default: 'captured',
      help: "What a file's time tells: when it was taken (by the camera's own clock; else when it was uploaded), when it was uploaded, or nothing",
    },
  },
  create(context) {
    const { duplicates, mtime } = context.options
    const template = pathTemplate(context.options.path)
    const account = { nickName: context.account }
    const paths = albumPaths(template, context)
    /** Folders of albums in this run, and those that they had before. */
    const made = new Set<string>()
    const left = new Set<string>()

    /** Milliseconds since 1970. The camera's clock has no zone: it is taken as this computer's, so that a listing shows what the camera showed. A video's is UTC, and says so. */
    function modifiedAt(image: Image): number | undefined {
      if (mtime === 'none') return undefined
      const time = Date.parse((mtime === 'captured' ? image.capturedAt : undefined) ?? image.uploadedAt ?? '')
      return Number.isNaN(time) ? undefined : time
    }

    return {
      /** An album without images is a folder all the same. */
      async beginAlbum(album) {
        paths.forget(album)
        const directory = template.folderOf({ album, account }).join('/')
        const before = await context.state.get(album.key)
        if (typeof before === 'string' && before !== directory) left.add(before)
        if (directory === '') return
        await mkdir(join(context.output, directory), { recursive: true }).catch((error) => {
          // A disk that takes short names only: `place` shortens this one as well.
          if (error.code !== 'ENAMETOOLONG') throw error
        })
        await context.state.set(album.key, directory)
        made.add(directory)
      },
      pathOf: async (image, { album }) => (await paths.of(image, album)).join('/'),
      async deliver(image, file, { album }) {
        const time = modifiedAt(image)
        const facts = time === undefined ? { duplicates } : { duplicates, modifiedAt: time }
        return context.place(file, await paths.of(image, album), facts)
      },
      inspect: (delivery, depth) => context.inspect(delivery, depth),
      relocate: async (delivery, image, { album }) => context.move(delivery, await paths.of(image, album)),
      remove: (delivery) => context.discard(delivery),
      /** Folders that albums without images left, and those around them; not before nobody needs them any more. */
      async finish() {
        for (const directory of left) {
          for (let empty = directory; empty !== '.' && !made.has(empty); empty = dirname(empty)) {
            const removed = await rmdir(join(context.output, empty)).then(
              () => true,
              () => false,
            )
            if (!removed) break
          }
        }
      },
    }
  },
})
