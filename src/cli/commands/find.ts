import { printable } from '../../app/text/printable.ts'
import { bytes, counted, dateAndTime } from '../../app/text/quantities.ts'
import type { Hit } from '../../engine/query/find.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { jsonFlag, outputFlag } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import { jsonLine } from '../json-line.ts'

export const find = defineCommand({
  about:
    'Looks for the key, the file name, the title, the caption, folder/…/album/name and the path at home, as the last run knew them; upper or lower case, ** crosses /. Asks nobody. While a run is under way, this looks at what is recorded by now.',
  flags: { ...outputFlag, ...jsonFlag },
  positionals: { glob: { required: true, help: 'what to look for, such as IMG_0001.* or **/Rome/**' } },
  examples: [
    ['smugdl find IMG_0001.JPG', 'says where the images of this name are'],
    ["smugdl find '*sunset*'", 'looks for a word in names, titles and captions'],
    ["smugdl find 'Travel/**' --json", 'gives a program every image in the folder Travel'],
  ],
  exits: { ...exits(2, 4), 0: 'looked, even if nothing was found' },
  async run({ output, glob, json }, context) {
    const { io } = context
    const { find } = await import('../../app/catalog-queries.ts')
    const show = (hit: Hit) =>
      json
        ? jsonLine(hit)
        : lines(hit)
            .map((line) => `${printable(line)}\n`)
            .join('')
    using use = inTerminal<Parameters<Parameters<typeof find>[1]['events']>[0]>(context, (event) => {
      if (event.type === 'hit') io.stdout.write(show(event.hit))
      else io.stderr.write(`${printable(event.text)}\n`)
    })
    const found = await find({ output, glob }, use)
    if (!json) io.stderr.write(`${counted(found, 'image')} found\n`)
    return 0
  },
})

function lines({ album, name, imageKey, home, reason, goneAt, webUri }: Hit): string[] {
  return [
    `${album}/${name} [${imageKey}]`,
    ...home.map(
      ({ exporter, path, size, verifiedAt }) =>
        `  home     ${path} (${exporter}, ${bytes(size)}, verified ${dateAndTime(verifiedAt)})`,
    ),
    ...(home.length > 0 ? [] : [`  home     not there${reason === undefined ? '' : `: ${reason}`}`]),
    goneAt === undefined
      ? `  SmugMug  ${webUri || 'there'}`
      : `  SmugMug  no longer there since ${dateAndTime(goneAt)}`,
  ]
}
