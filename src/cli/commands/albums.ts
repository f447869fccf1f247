import { type AccountAlbum, albums as listAlbums } from '../../app/albums.ts'
import { bytes, count, counted } from '../../app/text/quantities.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { albumFlags, jsonFlag, networkFlags } from '../flags.ts'
import { asking } from '../in-terminal.ts'
import { jsonLine } from '../json-line.ts'
import type { AlbumLine } from '../json-lines.ts'
import { albumsOfKinds } from '../render/album-kinds.ts'
import { table } from '../table.ts'

export const albums = defineCommand({
  about:
    '--album and --exclude match these paths; if two albums have the same path, the key identifies each. Counts and sizes are what SmugMug announces.',
  flags: { ...albumFlags, ...jsonFlag, ...networkFlags },
  examples: [
    ['smugdl albums', 'lists all albums'],
    ["smugdl albums --album 'Travel/**'", 'lists those in the folder Travel'],
    ['smugdl albums --json', 'gives a program an object for each album'],
  ],
  exits: { ...exits(2, 3, 5), 0: 'the list is complete' },
  async run(values, context) {
    const { io } = context
    using use = asking(context)
    const chosen = await listAlbums(values, use)
    if (values.json) {
      for (const album of chosen) io.stdout.write(jsonLine(lineOf(album)))
      return 0
    }
    const allPublic = chosen.every((album) => kindOf(album) === '')
    const paths = Map.groupBy(chosen, ({ path }) => path.toLowerCase())
    io.stdout.write(
      table(
        chosen.map((album) => [
          album.images === undefined ? '?' : count(album.images),
          album.bytes === undefined ? '' : bytes(album.bytes),
          ...(allPublic ? [] : [kindOf(album)]),
          paths.get(album.path.toLowerCase())?.length === 1 ? album.path : `${album.path} [${album.key}]`,
        ]),
        { right: [0, 1], width: io.stdout.columns, optional: [1] },
      ),
    )
    io.stderr.write(`${totals(chosen)}\n`)
    return 0
  },
})

/** The kind of an album; empty if it is public. */
function kindOf({ privacy, password }: AccountAlbum): string {
  return [...(privacy === undefined || privacy === 'public' ? [] : [privacy]), ...(password ? ['password'] : [])].join(
    ', ',
  )
}

/** `15 albums (3 private, 2 unlisted), 303 pictures, 4.3 MB`. */
function totals(albums: readonly AccountAlbum[]): string {
  const hidden = {
    private: albums.filter(({ privacy }) => privacy === 'private').length,
    unlisted: albums.filter(({ privacy }) => privacy === 'unlisted').length,
    password: albums.filter(({ password }) => password).length,
  }
  const pictures = counted(sum(albums.map(({ images }) => images)), 'picture')
  return `${albumsOfKinds(albums.length, hidden)}, ${pictures}, ${bytes(sum(albums.map((album) => album.bytes)))}`
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0)
}

function lineOf({ key, path, names, images, bytes, privacy, password, webUri }: AccountAlbum): AlbumLine {
  return { albumKey: key, album: path, names, images, bytes, privacy, password, webUri }
}
