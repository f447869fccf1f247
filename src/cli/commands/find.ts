import { printable } from '../../app/text/printable.ts'
import { bytes, dateAndTime, pictures } from '../../app/text/quantities.ts'
import type { Hit } from '../../engine/query/find.ts'
import { SmugdlError } from '../../error.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { jsonFlag, outputFlag } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import { jsonLine } from '../json-line.ts'

export const find = defineCommand({
  about:
    'Searches names, albums and their descriptions, titles, captions, keywords and keys, as the last run knew them. All words must be there; case and accents do not matter. Also takes the address of a page on SmugMug, or a path at home. With * or ? it is a pattern for a whole name or path, in which ** crosses /. Works offline. During a run, it sees what has been recorded so far.',
  flags: {
    ...outputFlag,
    kind: {
      type: 'text',
      hint: 'KIND',
      choices: ['original', 'transcode', 'rendition'],
      help: "Only originals, SmugMug's own conversions of videos (transcode), or smaller copies (rendition)",
    },
    ...jsonFlag,
  },
  positionals: {
    words: { required: false, many: true, help: 'what to look for: words, a pattern, an address, or a path at home' },
  },
  examples: [
    ['smugdl find rome sunset', 'finds what has both words in its album, names, texts or keywords'],
    ['smugdl find IMG_0001.JPG', 'says where the files of this name are'],
    ['smugdl find https://nick.smugmug.com/Travel/Rome/i-VTNz4ct', 'finds the picture of a page'],
    ['smugdl find --kind transcode', "lists the videos in SmugMug's conversion: keep your originals of them"],
    ["smugdl find 'Travel/**' --json", 'gives a program every image in the folder Travel'],
  ],
  exits: { ...exits(2, 4), 0: 'found', 1: 'nothing was found' },
  async run({ output, words, kind, json }, context) {
    const { io } = context
    const asked = words.length === 0 ? undefined : words.join(' ')
    if (asked === undefined && kind === undefined)
      throw new SmugdlError('usage', { what: 'Nothing to look for', next: 'Write words: smugdl find rome sunset' })
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
    const found = await find({ output, asked, kind }, use)
    if (!json) io.stderr.write(`${printable(found > 0 ? `${pictures(found)} found` : nothing(asked, kind))}\n`)
    return found > 0 ? 0 : exitCodes.item
  },
})

function nothing(asked: string | undefined, kind: string | undefined): string {
  const as = kind === undefined ? '' : ` that came home as ${kind}`
  if (asked === undefined) return `No picture or video is there${as}.`
  const hint = /[*?]/.test(asked)
    ? 'A pattern must match a whole name or path, and * stops at /; words without * and ? are found anywhere'
    : 'Fewer letters find more; smugdl albums lists the albums'
  return `No picture or video${as} has "${asked}" in its name, title, caption, keywords or album. ${hint}.`
}

function lines({ album, name, imageKey, home, also, reason, goneAt, webUri }: Hit): string[] {
  return [
    `${album}/${name} [${imageKey}]`,
    ...home.map(
      ({ exporter, file, size, verifiedAt }) =>
        `  home     ${file} (${exporter}, ${bytes(size)}, ${verifiedAt === 0 ? 'not verified' : `verified ${dateAndTime(verifiedAt)}`})`,
    ),
    ...(home.length > 0 ? [] : [`  home     not there${reason === undefined ? '' : `: ${reason}`}`]),
    ...also.map(({ exporter, file }) => `  also     ${file} (${exporter})`),
    goneAt === undefined
      ? `  SmugMug  ${webUri || 'there'}`
      : `  SmugMug  no longer there since ${dateAndTime(goneAt)}`,
  ]
}
