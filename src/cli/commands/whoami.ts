import { connectAs, connectionFrom } from '../../app/connection.ts'
import { loadCredentials } from '../../app/credentials.ts'
import { listenForInterrupt } from '../../app/interrupt.ts'
import { printable } from '../../app/text/printable.ts'
import { accessOf } from '../../smugmug/api/access.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { jsonFlag, networkFlags } from '../flags.ts'
import { jsonLine } from '../json-line.ts'
import { accessText, howToRaise } from '../login/granted-access.ts'
import { tellWaits } from '../tell-waits.ts'

export const whoami = defineCommand({
  about: 'Asks SmugMug, so it also shows that the login works.',
  flags: { ...jsonFlag, ...networkFlags },
  examples: [
    ['smugdl whoami', 'name, site, and what the login may see'],
    ['smugdl whoami --json', 'the same for a program'],
  ],
  exits: { ...exits(2, 3, 5), 0: 'the login works' },
  async run(values, { io, secrets }) {
    const { credentials, origin, from } = await loadCredentials(io)
    for (const secret of Object.values(credentials)) secrets.add(secret)
    const { authUser } = await import('../../smugmug/api/user.ts')
    using interrupt = listenForInterrupt(() => {})
    const calling = { signal: interrupt.winding, onEvent: tellWaits(io) }
    await using smugmug = await connectAs(credentials, await connectionFrom(io, values), calling)
    const user = await authUser(smugmug.api)
    const { nickName, name, webUri, imageCount } = user
    const access = accessOf(user)
    if (values.json) {
      io.stdout.write(jsonLine({ nickName, name, webUri, access, imageCount, origin, credentials: from }))
      return 0
    }
    const lines = [
      name === '' ? nickName : `${name} (${nickName})`,
      webUri,
      `Sees ${accessText[access]}`,
      from === 'environment' ? 'Logged in by the environment' : `Logged in by ${from}`,
    ]
    io.stdout.write(`${lines.map(printable).join('\n')}\n`)
    if (access === 'public') io.stderr.write(`${howToRaise}\n`)
    return 0
  },
})
