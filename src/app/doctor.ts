import type { Credentials } from '../smugmug/connect.ts'
import type { RawApi } from '../smugmug/raw-answer.ts'
import type { Settings } from './config-file.ts'
import { type Connection, connectionFrom } from './connection.ts'
import { loadCredentials, NotLoggedIn } from './credentials.ts'
import { type Finding, failure, ok, warn } from './doctor/finding.ts'
import type { Surroundings } from './environment.ts'
import type { PlaceValues } from './plugin-folders.ts'
import { chosenHome } from './remembered-homes.ts'
import { counted } from './text/quantities.ts'

export interface DoctorOptions extends PlaceValues {
  readonly output?: string | undefined
  readonly caFile: string | undefined
  /** Throws `usage` for a setting that no command knows. */
  checkSettings(settings: Settings): void
  /** Writes what SmugMug's answers look like, for smugdl's developers; resolves to where, and to what came of it. */
  report?: ((api: RawApi) => Promise<{ path: string; answers: number; odd: number }>) | undefined
}

/**
 * Looks at all that a helper would ask about, from what is nearest to what is farthest: what one finding makes pointless is not looked at.
 * Each finding is an event. Changes nothing, and runs no plugin. Throws when it is interrupted, and what nobody foresaw.
 */
export async function doctor(options: DoctorOptions, use: Surroundings<Finding>): Promise<void> {
  for await (const finding of findings(options, use)) use.events(finding)
}

async function* findings(options: DoctorOptions, use: Surroundings<Finding>): AsyncGenerator<Finding> {
  const { environment, signal, now } = use
  const [files, network] = await Promise.all([import('./doctor/files.ts'), import('./doctor/network.ts')])
  const { output } = await chosenHome(options.output, { environment })
  yield* files.configFindings(environment)
  yield* files.settingsFindings(environment, options.checkSettings)
  const login = await loginOf(use)
  yield login.finding
  yield* files.outputFindings(output)
  yield* files.catalogFindings(output)
  yield* files.pluginFindings(options, environment)
  let connection: Connection
  try {
    connection = await connectionFrom(environment, options)
  } catch (error) {
    yield failure('settings', error)
    return
  }
  yield* network.settingsFindings(connection, environment)
  let reached = true
  for await (const finding of network.reachFindings(connection, now, signal)) {
    if (finding.state === 'fail') reached = false
    yield finding
  }
  const { credentials } = login
  if (!reached || credentials === undefined) return
  yield* network.loginFindings(credentials, await files.accountAt(output), connection, now, signal)
  if (options.report !== undefined) yield await reported(options.report, { ...connection, credentials, signal })
}

async function reported(
  report: NonNullable<DoctorOptions['report']>,
  connection: Connection & { credentials: Credentials; signal: AbortSignal },
): Promise<Finding> {
  const { openRaw } = await import('../smugmug/raw-answer.ts')
  try {
    await using api = openRaw(connection)
    const { path, answers, odd } = await report(api)
    const unexpected = odd === 0 ? 'nothing' : counted(odd, 'thing')
    return ok('report', `${path} describes ${answers} answers; ${unexpected} in them was not expected`)
  } catch (error) {
    return failure('report', error)
  }
}

/** What is there to log in with; whether SmugMug takes it is another question. */
async function loginOf({
  environment,
  secrets,
}: Pick<Surroundings, 'environment' | 'secrets'>): Promise<{ finding: Finding; credentials?: Credentials }> {
  try {
    const { credentials, from } = await loadCredentials(environment)
    for (const secret of Object.values(credentials)) secrets?.add(secret)
    return { finding: ok('credentials', from === 'environment' ? 'In the environment' : from), credentials }
  } catch (error) {
    // Everybody begins like this.
    const isAtFault = !(error instanceof NotLoggedIn)
    return { finding: isAtFault ? failure('credentials', error) : warn('credentials', error.what, error.next) }
  }
}
