import { connectionFrom } from '../../app/connection.ts'
import { type ApiKey, knownApiKey, loadCredentials, tryCredentialsFolder, variablesSet } from '../../app/credentials.ts'
import { nameOfLogin } from '../../app/remembered-homes.ts'
import { waitsTo } from '../../app/run-event-of.ts'
import { secretText } from '../../app/secret-text.ts'
import { accessText, howToRaise } from '../../app/text/granted-access.ts'
import { printable } from '../../app/text/printable.ts'
import { counted } from '../../app/text/quantities.ts'
import { SmugdlError } from '../../error.ts'
import type { Access } from '../../smugmug/api/access.ts'
import type { LoginOptions, Token } from '../../smugmug/login.ts'
import { type Context, defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { networkFlags } from '../flags.ts'
import { asking } from '../in-terminal.ts'
import type { Io } from '../io.ts'
import { ask } from '../prompt.ts'

export const login = defineCommand({
  about:
    'SmugMug asks you in the browser whether smugdl may read your account; it requests nothing else. Type the key and secret (they are not shown), pipe them in as two lines, or set SMUGDL_API_KEY and SMUGDL_API_SECRET.',
  flags: {
    pin: {
      type: 'boolean',
      default: false,
      help: 'Type in a PIN that SmugMug shows, for example if the browser is on another computer',
    },
    browser: { type: 'boolean', default: true, help: 'Only print the address, for you to open' },
    ...networkFlags,
  },
  examples: [
    ['smugdl login', 'opens the browser'],
    ['smugdl login --pin', 'works where there is no browser'],
  ],
  exits: { ...exits(2, 3, 5, 130), 0: 'logged in' },
  async run(values, context) {
    const { io } = context
    const present = await loadCredentials(io).catch(() => undefined)
    const name = await nameOfLogin(io)
    if (present !== undefined)
      io.stderr.write(`You are logged in${name === undefined ? '' : ` as ${name}`}. A new login replaces it.\n`)
    const access = await logIn(values, context)
    io.stdout.write(access === 'public' ? `${howToRaise}\n` : 'Run `smugdl` to download everything.\n')
    if (variablesSet(io.env).length === 4)
      io.stderr.write('The login in the environment (SMUGDL_ACCESS_TOKEN) takes precedence until you unset it.\n')
    return 0
  },
})

/** Asks for everything that a login needs, stores it, and greets the user. */
export async function logIn(
  values: { pin: boolean; browser: boolean; caFile: string | undefined },
  context: Context,
): Promise<Access> {
  const { io, secrets } = context
  const connection = await connectionFrom(io, values)
  await tryCredentialsFolder(io)
  const { login } = await import('../../app/login.ts')
  using use = asking(context)
  const reach = { ...connection, signal: use.signal, onEvent: waitsTo(use) }
  const { key, token } = await authorized(reach, values, { io, secrets })
  const credentials = { ...key, accessToken: token.token, accessTokenSecret: token.secret }
  const { user, access, path } = await login(credentials, values, use)
  io.stdout.write(`Hello ${printable(user.name || user.nickName)}, you are logged in as ${printable(user.nickName)}.\n`)
  io.stdout.write(`This login sees ${accessText[access]}.\n`)
  io.stderr.write(`The login is in ${printable(path)}; only you may read it. smugdl logout removes it.\n`)
  return access
}

/** Key and token; at a terminal, a key that SmugMug does not know is asked for again. */
async function authorized(
  reach: Omit<LoginOptions, keyof ApiKey>,
  values: { pin: boolean; browser: boolean },
  { io, secrets }: Context,
): Promise<{ key: ApiKey; token: Token }> {
  const { authorize, isOfTheKey } = await import('../login/authorize.ts')
  const known = await knownApiKey(io)
  if (known === undefined) io.stderr.write(howToApply)
  for (let attempt = 1; ; attempt++) {
    const key = known?.from === 'environment' ? known : await askForKey(known, reach.signal, io)
    secrets.add(key.apiKey).add(key.apiSecret)
    try {
      return { key, token: await authorize({ ...reach, ...key }, { ...values, secrets }, io) }
    } catch (error) {
      const canAskAgain = io.stdin.isTTY && known?.from !== 'environment' && attempt < KEY_TRIES
      if (!canAskAgain || !isOfTheKey(error)) throw error
      io.stderr.write(`${error.what}. Please enter both again.\n`)
    }
  }
}

const KEY_TRIES = 3

const howToApply = `smugdl needs an API key of your own, which SmugMug gives for free and at once:
  https://api.smugmug.com/api/developer/apply
There, enter a name such as "My backup", say that it is an application for non-commercial use which downloads your own pictures, and leave addresses empty. Then come back with the key and the secret.
`

async function askForKey(present: ApiKey | undefined, signal: AbortSignal, io: Io): Promise<ApiKey> {
  const apiKey = await askFor(`API key${present ? ' (Enter keeps the present one)' : ''}`, signal, io, {
    showsEnd: true,
  })
  if (apiKey === '' && present !== undefined) return { apiKey: present.apiKey, apiSecret: present.apiSecret }
  const apiSecret = await askFor('API secret', signal, io)
  if (apiKey !== '' && apiKey === apiSecret)
    throw new SmugdlError('usage', {
      what: 'Key and secret are the same',
      next: 'SmugMug shows both beside each other; copy each',
    })
  if (apiKey !== '' && apiSecret !== '') return { apiKey, apiSecret }
  throw new SmugdlError('usage', {
    what: `No API ${apiKey === '' ? 'key' : 'secret'} was given`,
    next: 'Type it when asked, pipe key and secret in as two lines, or set SMUGDL_API_KEY and SMUGDL_API_SECRET',
  })
}

/** `showsEnd`: a key alone is no secret, and its end shows which one was pasted. */
async function askFor(question: string, signal: AbortSignal, io: Io, { showsEnd = false } = {}): Promise<string> {
  const answer = secretText((await ask(`${question}: `, io, { signal, hidden: true })) ?? '', `The ${question}`)
  // Confirms the input, which was not echoed.
  const end = showsEnd && answer.length > 8 ? `, ends in …${answer.slice(-3)}` : ''
  if (io.stdin.isTTY && answer !== '') io.stderr.write(`  ${counted(answer.length, 'character')}${end}\n`)
  return answer
}
