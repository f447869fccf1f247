import { homeFolder } from '../../app/config-dir.ts'
import { type Connection, connectionFrom } from '../../app/connection.ts'
import { loadCredentials, NotLoggedIn } from '../../app/credentials.ts'
import { chosenHome } from '../../app/homes.ts'
import { pathGiven } from '../../app/path-given.ts'
import type { PlaceValues } from '../../app/plugin-folders.ts'
import { printable } from '../../app/text/printable.ts'
import { counted } from '../../app/text/quantities.ts'
import type { Credentials } from '../../smugmug/connect.ts'
import type { openRaw } from '../../smugmug/raw-answer.ts'
import { commit, version } from '../../version.ts'
import { type Context, defineCommand } from '../command.ts'
import { type Finding, failure, ok, warn } from '../doctor/finding.ts'
import { exitCodes, exits } from '../exit.ts'
import { networkFlags, outputFlag, pluginPlaceFlags } from '../flags.ts'
import { listenForInterrupt } from '../interrupt.ts'
import { jsonLine } from '../json-line.ts'
import { versionLine } from '../version-line.ts'

export const doctor = defineCommand({
  about: `Looks at all that a helper would ask about, a line each: ok, warn for what you should know, or fail, with what to do. Changes nothing (it tries the output's disk in a folder that is gone again), runs no plugin, sends two requests, and works without a login and without a network.
What it says is meant to be pasted: it holds no key, token, password or name of an account, and ~ stands for your home.`,
  flags: {
    output: { ...outputFlag.output, help: 'Where your runs put everything, or will; the home used last if absent' },
    report: {
      type: 'text',
      hint: 'FILE',
      path: 'file',
      help: "Write to this file what SmugMug's answers look like, without a value of yours, for who develops smugdl",
    },
    json: { type: 'boolean', default: false, help: 'Write all of it to standard output as one JSON object' },
    ...pluginPlaceFlags,
    ...networkFlags,
  },
  examples: [
    ['smugdl doctor', 'looks at everything'],
    ['smugdl doctor --report report.txt', "writes what to send to smugdl's developers; some twenty requests more"],
    ['smugdl doctor -o /photos --json', 'the same of another output, for a program'],
  ],
  exits: { ...exits(2, 70, 130), 0: 'nothing failed', 1: 'something failed: its line says what to do' },
  async run(values, context) {
    const { stdout } = context.io
    const seen: Finding[] = []
    for await (const finding of diagnose(values, context)) {
      const { check, state, says, next } = finding
      seen.push({ check, state, says: pasteable(says), next: next && pasteable(next) })
      if (!values.json) stdout.write(lineOf(seen.at(-1) ?? finding))
    }
    const failed = seen.some(({ state }) => state === 'fail')
    if (values.json) {
      const { platform, arch, version: node } = process
      stdout.write(jsonLine({ type: 'doctor', ok: !failed, version, commit, node, platform, arch, checks: seen }))
    }
    return failed ? exitCodes.item : 0
  },
})

interface Asked extends PlaceValues {
  readonly output: string | undefined
  readonly report: string | undefined
  readonly caFile: string | undefined
}

/** From what is nearest to what is farthest; what one finding makes pointless is not looked at. */
async function* diagnose(values: Asked, context: Context): AsyncGenerator<Finding> {
  const { io } = context
  const [files, network] = await Promise.all([import('../doctor/files.ts'), import('../doctor/network.ts')])
  const { output } = await chosenHome(values.output, { environment: io })
  yield ok('version', versionLine())
  yield* files.configFindings(io)
  yield* files.settingsFindings(io, (await context.commands?.()) ?? [])
  const login = await loginOf(context)
  yield login.finding
  yield* files.outputFindings(output)
  yield* files.catalogFindings(output)
  yield* files.pluginFindings(values, io)
  let connection: Connection
  try {
    connection = await connectionFrom(io, values)
  } catch (error) {
    yield failure('settings', error)
    return
  }
  yield* network.settingsFindings(connection, io)
  using interrupt = listenForInterrupt(() => {})
  let reached = true
  for await (const finding of network.reachFindings(connection, io, interrupt.draining)) {
    if (finding.state === 'fail') reached = false
    yield finding
  }
  if (!reached || login.credentials === undefined) return
  yield* network.loginFindings(login.credentials, connection, io, interrupt.draining)
  if (values.report !== undefined)
    yield await reported(pathGiven(values.report, io), {
      ...connection,
      credentials: login.credentials,
      signal: interrupt.draining,
    })
}

async function reported(path: string, connection: Parameters<typeof openRaw>[0]): Promise<Finding> {
  const [{ openRaw }, { writeReport }] = await Promise.all([
    import('../../smugmug/raw-answer.ts'),
    import('../doctor/report.ts'),
  ])
  try {
    await using api = openRaw(connection)
    const { answers, odd } = await writeReport(path, versionLine(), api)
    const says = `${path} describes ${answers} answers; ${odd === 0 ? 'nothing' : counted(odd, 'thing')} in them was not expected`
    return ok('report', says)
  } catch (error) {
    return failure('report', error)
  }
}

/** What is there to log in with; whether SmugMug takes it is another question. */
async function loginOf({ io, secrets }: Context): Promise<{ finding: Finding; credentials?: Credentials }> {
  try {
    const { credentials, from } = await loadCredentials(io)
    for (const secret of Object.values(credentials)) secrets.add(secret)
    return { finding: ok('credentials', from === 'environment' ? 'In the environment' : from), credentials }
  } catch (error) {
    // Everybody begins like this.
    const isAtFault = !(error instanceof NotLoggedIn)
    return { finding: isAtFault ? failure('credentials', error) : warn('credentials', error.what, error.next) }
  }
}

function lineOf({ check, state, says, next }: Finding): string {
  const todo = next === undefined ? '' : `. ${/[.?!]$/.test(next) ? next : `${next}.`}`
  return `${state.padEnd(4)}  ${check.padEnd('credentials'.length)}  ${says}${todo}\n`
}

/** A user's folder often has the user's name. */
function pasteable(text: string): string {
  const home = homeFolder() ?? ''
  return printable(home.length > 1 ? text.replaceAll(new RegExp(`${RegExp.escape(home)}(?![\\w-])`, 'g'), '~') : text)
}
