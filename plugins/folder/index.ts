import { mkdir, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Album,
  albumPaths,
  capturedClock,
  defineExporter,
  type Image,
  pathTemplate,
  sidecarOptions,
  sidecarsOf,
} from '../../src/exporter/index.ts'
import { albumFiles } from './album-files.ts'

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
      help: 'Where each picture goes: a template of fields in braces ("smugdl fields" shows them). A new template moves what is there, without a download',
    },
    duplicates: {
      type: 'string',
      choices: ['copy', 'hardlink', 'reflink'],
      default: 'copy',
      help: 'How to put a picture into a second album: copy (shares blocks where the disk can), hardlink (another name for the same file: editing one edits all), or reflink (a copy, with a notice where the disk cannot share blocks)',
    },
    mtime: {
      type: 'string',
      choices: ['captured', 'uploaded', 'none'],
      default: 'captured',
      help: "The time of a file: when the picture was taken (by the camera's own clock; otherwise when it was uploaded), when it was uploaded, or none",
    },
    ...sidecarOptions,
    albumFile: {
      type: 'string',
      choices: ['json', 'none'],
      default: 'json',
      help: 'Write what SmugMug knows of albums and folders, and the order of their pictures, as album.json and folder.json into their folders (below albums/ if the path has no such folders), or nothing',
    },
  },
  create(context) {
    const { albumFile, duplicates, keywords, mtime, sidecar } = context.options
    const template = pathTemplate(context.options.path)
    const account = { nickName: context.account }
    const paths = albumPaths(template, context)
    const directoryOf = (album: Album) => template.folderOf({ album, account })
    const descriptions = albumFiles(context, directoryOf, albumFile === 'json')
    /** Folders of albums in this run, and those that they had before. */
    const made = new Set<string>()
    const left = new Set<string>()
    /** Albums that got a picture in this run. */
    const filled = new Set<string>()

    /** Milliseconds since 1970. The camera's clock has no zone: this computer's is assumed, so that a listing shows the camera's time. A video's is UTC. */
    function modifiedAt({ capturedAt, uploadedAt }: Image, clock: string | undefined): number | undefined {
      if (mtime === 'none') return undefined
      const captured = mtime === 'captured' ? capturedClock(capturedAt, clock) : undefined
      const time = Date.parse(captured ?? uploadedAt ?? '')
      return Number.isNaN(time) ? undefined : time
    }

    async function hasAny(album: Album): Promise<boolean> {
      for await (const { deliveries } of context.images(album)) if (deliveries.folder !== undefined) return true
      return false
    }

    /** Removes folders left by albums without images, and those around them, once they are no longer needed. */
    async function prune(): Promise<void> {
      for (const directory of left) {
        for (let empty = directory; empty !== '.' && !made.has(empty); empty = dirname(empty)) {
          const isGone = await rmdir(join(context.output, empty)).then(
            () => true,
            (error) => error.code === 'ENOENT',
          )
          if (!isGone) break
        }
      }
    }

    return {
      async beginAlbum(album) {
        paths.forget(album)
        const directory = directoryOf(album).join('/')
        const before = await context.state.get(album.key)
        if (typeof before === 'string' && before !== '' && before !== directory) left.add(before)
        await context.state.set(album.key, directory)
        await descriptions.outdated(album)
        if (directory !== '') made.add(directory)
      },
      /** An album without images also gets a folder; an album whose images the user moved is where they are. */
      async endAlbum(album) {
        const directory = directoryOf(album).join('/')
        if (directory === '' || filled.has(album.key) || (await hasAny(album))) return
        await mkdir(join(context.output, directory), { recursive: true }).catch((error) => {
          // A disk that takes short names only: `place` shortens this one as well.
          if (error.code !== 'ENAMETOOLONG') throw error
        })
      },
      pathOf: async (image, { album }) => (await paths.of(image, album)).join('/'),
      async deliver(image, file, { album, clock }) {
        const time = modifiedAt(image, clock)
        const facts = time === undefined ? { duplicates } : { duplicates, modifiedAt: time }
        const delivery = await context.place(file, await paths.of(image, album), facts)
        filled.add(album.key)
        return delivery
      },
      sidecars: (image, where) => sidecarsOf(image, where, { sidecar, keywords }),
      relocate: async (delivery, image, { album }) => context.move(delivery, await paths.of(image, album)),
      remove: (delivery) => context.discard(delivery),
      async finish() {
        await descriptions.settle(prune)
        await prune()
      },
    }
  },
})
