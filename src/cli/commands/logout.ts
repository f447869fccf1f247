import { forgetCredentials, variablesSet } from '../../app/credentials.ts'
import { whereToChange } from '../../app/text/granted-access.ts'
import { printable } from '../../app/text/printable.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'

export const logout = defineCommand({
  about: 'Removes key and token from this computer. Nothing is sent to SmugMug.',
  flags: {},
  examples: [['smugdl logout', 'removes the login']],
  exits: { ...exits(2), 0: 'there is no login on this computer any more' },
  async run(_values, { io }) {
    const path = await forgetCredentials(io)
    io.stdout.write(
      path === undefined ? 'Nobody was logged in here.\n' : `Logged out: ${printable(path)} was removed.\n`,
    )
    if (path !== undefined)
      io.stdout.write(`On SmugMug the application stays authorised until you revoke it, under ${whereToChange}.\n`)
    const set = variablesSet(io.env)
    if (set.length > 0) io.stderr.write(`Still set in the environment: ${set.join(', ')}\n`)
    return 0
  },
})
