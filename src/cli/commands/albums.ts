import { albums as listAlbums } from '../../app/albums.ts'
import { bytes, count, counted } from '../../app/text/quantities.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { albumFlags, jsonFlag, networkFlags } from '../flags.ts'
import { asking } from '../in-terminal.ts'
import { jsonLine } from '../json-line.ts'
import { table } from '../table.ts'

export const albums = defineCommand({
  about: 'The paths are what --album and --exclude match. Counts and sizes are what SmugMug announces.',
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
      for (const { key, path, names, images, bytes, webUri } of chosen)
        io.stdout.write(jsonLine({ albumKey: key, album: path, names, images, bytes, webUri }))
      return 0
    }
    io.stdout.write(
      table(
        chosen.map(({ path, images, bytes: size }) => [
          images === undefined ? '?' : count(images),
          size === undefined ? '' : bytes(size),
          path,
        ]),
        { right: [0, 1] },
      ),
    )
    io.stderr.write(
      `${counted(chosen.length, 'album')}, ${counted(sum(chosen.map(({ images }) => images)), 'image')}\n`,
    )
    return 0
  },
})

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0)
}
