import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { jsonFlag, outputFlag } from '../flags.ts'
import { asking } from '../in-terminal.ts'
import { jsonLine } from '../json-line.ts'
import { table } from '../table.ts'

export const fields = defineCommand({
  about:
    'Lists the fields of a path template (--set folder.path=TEMPLATE), with the values of one picture at home. {field} inserts a value, {field:format} formats it, {one|other} uses the other if the first has no value.',
  flags: { ...outputFlag, ...jsonFlag },
  positionals: { key: { required: false, help: 'the key of the picture, from "smugdl find"; any picture if absent' } },
  examples: [
    ['smugdl fields', 'shows every field, of some picture'],
    ['smugdl fields kQ3v9Zt', 'shows them of this picture'],
  ],
  exits: { ...exits(2, 4), 0: 'the fields are shown' },
  async run({ output, key, json }, context) {
    const { io } = context
    const { fields } = await import('../../app/catalog-queries.ts')
    using use = asking(context)
    const found = await fields({ output, key }, use)
    io.stdout.write(
      json
        ? found.map(jsonLine).join('')
        : table(found.map(({ field, value = '', help }) => [`{${field}}`, value, help])),
    )
    return 0
  },
})
