import { accessText, howToRaise } from '../../app/text/granted-access.ts'
import { printable } from '../../app/text/printable.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { jsonFlag, networkFlags } from '../flags.ts'
import { asking } from '../in-terminal.ts'
import { jsonLine } from '../json-line.ts'
import type { WhoamiLine } from '../json-lines.ts'

export const whoami = defineCommand({
  about: 'Asks SmugMug, so it also shows that the login works.',
  flags: { ...jsonFlag, ...networkFlags },
  examples: [
    ['smugdl whoami', 'name, site, and what the login may see'],
    ['smugdl whoami --json', 'the same for a program'],
  ],
  exits: { ...exits(2, 3, 5), 0: 'the login works' },
  async run(values, context) {
    const { io } = context
    const { whoami } = await import('../../app/whoami.ts')
    using use = asking(context)
    const { user, access, origin, credentials } = await whoami(values, use)
    const { nickName, name, webUri, imageCount } = user
    if (values.json) {
      const line: WhoamiLine = { nickName, name, webUri, access, imageCount, origin, credentials }
      io.stdout.write(jsonLine(line))
      return 0
    }
    const lines = [
      name === '' ? nickName : `${name} (${nickName})`,
      webUri,
      `Sees ${accessText[access]}`,
      credentials === 'environment' ? 'Logged in by the environment' : `Logged in by ${credentials}`,
    ]
    io.stdout.write(`${lines.map(printable).join('\n')}\n`)
    if (access === 'public') io.stderr.write(`${howToRaise}\n`)
    return 0
  },
})
