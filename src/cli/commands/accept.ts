import { counted, dateAndTime, pictures } from '../../app/text/quantities.ts'
import type { AcceptedItem } from '../../engine/query/accept.ts'
import { SmugdlError } from '../../error.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { jsonFlag, outputFlag } from '../flags.ts'
import { asking } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { jsonLine } from '../json-line.ts'
import { table } from '../table.ts'

export const accept = defineCommand({
  about:
    'Items that SmugMug will never provide (a video that it could not process, a file that you have no right to) keep every run at exit code 1. An accepted item counts as skipped, in every summary and certificate, with your reason. If SmugMug provides it one day, it is downloaded all the same. For an album that lists fewer pictures than it announces, only that number is accepted. Without a key, this lists what was accepted.',
  flags: {
    ...outputFlag,
    reason: { type: 'text', hint: 'TEXT', help: 'Why; the certificate shows it' },
    undo: { type: 'boolean', default: false, help: 'Undo that: the item counts as failed again until it is safe' },
    ...jsonFlag,
  },
  positionals: {
    key: {
      required: false,
      many: true,
      help: 'of a picture, a video or an album; "smugdl runs show --json" and "smugdl find" show them',
    },
  },
  examples: [
    ["smugdl accept AbCd123 --reason 'SmugMug lost the video'", 'counts a video as skipped'],
    ['smugdl accept', 'lists what was accepted, and why'],
    ['smugdl accept AbCd123 --undo', 'asks for it again'],
  ],
  exits: { ...exits(2, 4), 0: 'accepted, taken back, or listed' },
  async run(values, context) {
    const { io } = context
    const { output, reason, undo } = values
    const keys = [...new Set(values.key)]
    if (keys.length === 0 && (undo || reason !== undefined))
      throw new SmugdlError('usage', {
        what: 'smugdl accept needs the KEY of a picture, a video or an album',
        next: '"smugdl runs show --json" lists the keys of what failed',
      })
    if (keys.length > 0 && undo === (reason !== undefined))
      throw new SmugdlError('usage', {
        what: 'smugdl accept takes --reason TEXT or --undo',
        next: "For instance --reason 'SmugMug lost the video'",
      })
    const { accept, accepted } = await import('../../app/catalog-queries.ts')
    using use = asking(context)
    if (keys.length === 0) return list(await accepted({ output }, use), values.json, io)
    await accept({ output, keys, reason }, use)
    io.stderr.write(`${counted(keys.length, 'item')} ${undo ? 'asked for again by the next run' : 'accepted'}\n`)
    return 0
  },
})

function list(items: readonly AcceptedItem[], json: boolean, { stdout, stderr }: Io): 0 {
  if (json) {
    for (const item of items) stdout.write(jsonLine(item))
    return 0
  }
  stdout.write(
    table(
      items.map(({ key, item, reason, acceptedAt, short }) => [
        key,
        dateAndTime(acceptedAt),
        `${item ?? '(no longer known)'}${short === undefined ? '' : ` (${pictures(short)} short)`}`,
        reason,
      ]),
    ),
  )
  stderr.write(`${counted(items.length, 'item')} accepted\n`)
  return 0
}
