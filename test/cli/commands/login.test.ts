import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { login } from '../../../src/cli/commands/login.ts'
import { logout } from '../../../src/cli/commands/logout.ts'
import { whoami } from '../../../src/cli/commands/whoami.ts'
import { authorize } from '../../../src/cli/login/authorize.ts'
import { type Simulator, type SimulatorOptions, simulate } from '../../../src/simulator/simulate.ts'
import { type TestIo, type TestIoOptions, testIo } from '../world.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smugdl-'))
})

/** Somebody in front of a terminal, or of a pipe, with a SmugMug to log in to. */
async function person(options: TestIoOptions = {}, simulator: SimulatorOptions = {}) {
  const smugmug = await simulate(undefined, simulator)
  const env = { SMUGDL_CONFIG_DIR: join(folder, 'config'), SMUGDL_API_ORIGIN: smugmug.origin, ...options.env }
  const io = testIo({ now: simulator.now ?? Date.now, ...options, env })
  if (options.tty) Object.assign(io.stdin, { setRawMode: () => {} })
  const secrets = new Set<string>()
  const context = { io, secrets }
  return {
    smugmug,
    io,
    secrets,
    logIn: (flags: { pin?: boolean; browser?: boolean } = {}) =>
      login.run({ pin: false, browser: true, caFile: undefined, ...flags }, context),
    whoAmI: (json = false) => whoami.run({ json, caFile: undefined }, context),
    logOut: () => logout.run({}, context),
    typeKey: (key = smugmug.credentials.apiKey, secret = smugmug.credentials.apiSecret) =>
      io.type(`${key}\n${secret}\n`),
    [Symbol.asyncDispose]: () => smugmug.close(),
  }
}

/** The address that the user is shown, the `n`th one. */
async function shown(io: TestIo, n = 1): Promise<string> {
  const found = await io.saw(new RegExp(`(?:[\\s\\S]*?  http\\S+/authorize\\?\\S+){${n}}\n`))
  return found.trim().split(/\s+/).at(-1) ?? ''
}

/** What a user does in the browser; the page that they see then. */
async function decide(address: string, approve: 0 | 1 = 1): Promise<string> {
  return (await fetch(`${address}&approve=${approve}`)).text()
}

async function pinAt(address: string): Promise<string> {
  const page = await decide(address)
  return /id="pin">(\d{6})</.exec(page)?.[1] ?? 'no PIN on the page'
}

function wrongPin(pin: string): string {
  return pin === '000000' ? '000001' : '000000'
}

async function expectLoggedIn({ io, smugmug, secrets }: { io: TestIo; smugmug: Simulator; secrets: Set<string> }) {
  expect(io.out()).toContain(`you are logged in as ${smugmug.world.user.nickName}.`)
  const path = join(folder, 'config', 'credentials.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const { apiSecret, accessToken, accessTokenSecret } = JSON.parse(await readFile(path, 'utf8'))
  expect([...secrets]).toEqual(expect.arrayContaining([apiSecret, accessTokenSecret]))
  for (const secret of [...secrets, accessToken]) expect(io.out() + io.err()).not.toContain(secret)
}

test('by PIN: key and secret piped in, the page opened elsewhere, the PIN typed', async () => {
  await using jane = await person()
  const done = jane.logIn({ pin: true })
  jane.typeKey()
  const address = await shown(jane.io)
  expect(new URL(address).searchParams.get('Access')).toBe('Full')
  expect(new URL(address).searchParams.get('Permissions')).toBe('Read')
  jane.io.type(`${await pinAt(address)}\n`)
  expect(await done).toBe(0)
  await expectLoggedIn(jane)
  expect(jane.io.out()).toContain('This login sees everything in the account')
  expect(jane.io.err()).toContain('https://api.smugmug.com/api/developer/apply')
})

test('by callback: the browser brings the answer back', async () => {
  await using jane = await person()
  const done = jane.logIn({ browser: false })
  jane.typeKey()
  expect(await decide(await shown(jane.io))).toContain('Thank you')
  expect(await done).toBe(0)
  await expectLoggedIn(jane)
})

test('the browser that is there is opened, and nothing has to be typed but the key', async () => {
  const browser = join(folder, 'xdg-open')
  await writeFile(browser, `#!/bin/sh\nexec '${process.execPath}' -e 'fetch(process.argv[1] + "&approve=1")' "$1"\n`)
  await chmod(browser, 0o755)
  await using jane = await person({ env: { DISPLAY: ':0', PATH: `${folder}:${process.env.PATH}` } })
  jane.typeKey()
  expect(await jane.logIn()).toBe(0)
  await expectLoggedIn(jane)
  expect(jane.io.err()).toMatch(/ {2}http\S+authorize/)
})

test.each<[string, Record<string, string>, { browser: boolean }?]>([
  ['no screen', {}],
  ['ssh', { DISPLAY: ':10', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }],
  ['no opener', { DISPLAY: ':0', PATH: '/nowhere' }],
  ['ssh and a browser elsewhere', { SSH_TTY: '/dev/pts/0' }, { browser: false }],
])('with %s, the PIN is asked for without being told to', async (_why, env, flags) => {
  await using jane = await person({ env })
  const done = jane.logIn(flags)
  jane.typeKey()
  jane.io.type(`${await pinAt(await shown(jane.io))}\n`)
  expect(await done).toBe(0)
  expect(jane.io.err()).toMatch(/so SmugMug shows a PIN\./)
})

test('a callback that SmugMug refuses becomes a PIN', async () => {
  await using jane = await person()
  const body = 'oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback'
  jane.smugmug.faults.add({ path: 'getRequestToken', times: 1, do: { kind: 'status', status: 401, body } })
  const done = jane.logIn({ browser: false })
  jane.typeKey()
  jane.io.type(`${await pinAt(await shown(jane.io))}\n`)
  expect(await done).toBe(0)
  expect(jane.io.err()).toContain('does not accept an address on this computer')
})

test('at a terminal, Enter gets a PIN while the browser is waited for', async () => {
  await using jane = await person({ tty: true })
  const done = jane.logIn({ browser: false })
  await jane.io.saw(/API key: /)
  jane.typeKey()
  await jane.io.saw(/press Enter\./)
  jane.io.type('\n')
  jane.io.type(`${await pinAt(await shown(jane.io, 2))}\n`)
  expect(await done).toBe(0)
  await expectLoggedIn(jane)
})

test('a wrong PIN can be corrected, and what is no PIN is not even sent', async () => {
  await using jane = await person()
  const done = jane.logIn({ pin: true })
  jane.typeKey()
  const pin = await pinAt(await shown(jane.io))
  jane.io.type('12345\n')
  await jane.io.saw(/A PIN has six digits/)
  jane.io.type(`${wrongPin(pin)}\n`)
  await jane.io.saw(/rejected this PIN/)
  jane.io.type(` ${pin.slice(0, 3)} ${pin.slice(3)}\n`)
  expect(await done).toBe(0)
  const trades = jane.smugmug.requests.filter(({ path }) => path.endsWith('getAccessToken'))
  expect(trades.map(({ status }) => status)).toEqual([401, 200])
})

test('twice wrong, or an empty line, gets a new PIN', async () => {
  await using jane = await person()
  const done = jane.logIn({ pin: true })
  jane.typeKey()
  const pin = await pinAt(await shown(jane.io))
  jane.io.type(`${wrongPin(pin)}\n${wrongPin(pin)}\n`)
  await shown(jane.io, 2)
  expect(jane.io.err()).toContain('rejected this PIN too')
  jane.io.type('\n')
  jane.io.type(`${await pinAt(await shown(jane.io, 3))}\n`)
  expect(await done).toBe(0)
})

test('a wrong PIN with nobody to correct it ends as not logged in', async () => {
  await using jane = await person({
    input: 'KEY\nSECRET\n000000\n',
    env: { SMUGDL_API_KEY: '', SMUGDL_API_SECRET: '' },
  })
  jane.smugmug.faults.add({
    path: 'getRequestToken',
    do: { kind: 'status', status: 200, body: 'oauth_token=a&oauth_token_secret=b' },
  })
  jane.smugmug.faults.add({
    path: 'getAccessToken',
    do: { kind: 'status', status: 401, body: 'oauth_problem=verifier_invalid' },
  })
  await expect(jane.logIn({ pin: true })).rejects.toMatchObject({
    kind: 'auth',
    what: expect.stringContaining('input ended'),
  })
  expect(await readdir(folder)).toEqual([])
})

test('after five minutes the login has expired, says so, and starts again', async () => {
  let now = Date.now()
  await using jane = await person({}, { now: () => now })
  const done = jane.logIn({ pin: true })
  jane.typeKey()
  const pin = await pinAt(await shown(jane.io))
  now += 5 * 60_000 + 1_000
  jane.io.type(`${pin}\n`)
  await jane.io.saw(/five minutes that SmugMug gives are over/)
  jane.io.type(`${await pinAt(await shown(jane.io, 2))}\n`)
  expect(await done).toBe(0)
})

test('a browser that brings nothing back in time is no longer waited for, and the next try waits for the user', async () => {
  const authorizeSoon = ({ io, smugmug, secrets }: Awaited<ReturnType<typeof person>>, signal: AbortSignal) => {
    const { origin, credentials } = smugmug
    const { apiKey, apiSecret } = credentials
    const options = { pin: false, browser: false, secrets, lifeMs: 1 }
    return authorize({ origin, userAgent: 'test', signal, apiKey, apiSecret }, options, io)
  }
  await using piped = await person()
  await expect(authorizeSoon(piped, new AbortController().signal)).rejects.toMatchObject({
    kind: 'auth',
    what: expect.stringContaining('five minutes'),
  })

  const controller = new AbortController()
  await using jane = await person({ tty: true })
  const cancelled = expect(authorizeSoon(jane, controller.signal)).rejects.toMatchObject({ kind: 'cancelled' })
  await jane.io.saw(/five minutes[\s\S]*Press Enter to start again: /)
  jane.io.type('\n')
  await shown(jane.io, 2)
  controller.abort()
  await cancelled
})

test('a wrong key has its own sentence; at a terminal it is asked for again', async () => {
  await using piped = await person()
  piped.typeKey('not-the-key')
  await expect(piped.logIn({ pin: true })).rejects.toMatchObject({
    kind: 'auth',
    what: 'SmugMug does not know this API key',
  })

  await using jane = await person({ tty: true, columns: 200 })
  const done = jane.logIn({ pin: true })
  jane.typeKey('not-the-key')
  await jane.io.saw(/does not know this API key\. Please enter both again\.[\s\S]*API key: /)
  jane.typeKey(undefined, 'not-the-secret')
  await jane.io.saw(/secret does not belong to its key[^\n]*Please enter both again\.[\s\S]*API key: /)
  jane.typeKey()
  jane.io.type(`${await pinAt(await shown(jane.io))}\n`)
  expect(await done).toBe(0)
  await expectLoggedIn(jane)
})

test.each([
  ['PIN', { pin: true }],
  ['callback', { browser: false }],
])('by %s, a no is a no', async (way, flags) => {
  await using jane = await person()
  const refusal = expect(jane.logIn(flags)).rejects.toMatchObject({
    kind: 'auth',
    what: expect.stringContaining('you declined'),
  })
  jane.typeKey()
  await decide(await shown(jane.io), 0)
  if (way === 'PIN') jane.io.type('123456\n')
  await refusal
  expect(await readdir(folder)).toEqual([])
})

test('a login with public access only is recognised, and told that logging in again does not help', async () => {
  await using jane = await person({}, { granted: 'Public' })
  const done = jane.logIn({ browser: false })
  jane.typeKey()
  await decide(await shown(jane.io))
  expect(await done).toBe(0)
  expect(jane.io.out()).toContain('This login sees public pictures only')
  expect(jane.io.out()).toContain('Logging in again cannot change that')
  expect(jane.io.out()).toContain('Account Settings → Privacy → Authorized Services')
})

test('key and secret may come from the environment, and then nothing is asked', async () => {
  await using smugmug = await simulate()
  const { apiKey, apiSecret } = smugmug.credentials
  const env = {
    SMUGDL_CONFIG_DIR: join(folder, 'config'),
    SMUGDL_API_ORIGIN: smugmug.origin,
    SMUGDL_API_KEY: apiKey,
    SMUGDL_API_SECRET: apiSecret,
  }
  const io = testIo({ env, now: Date.now })
  const secrets = new Set<string>()
  const done = login.run({ pin: false, browser: false, caFile: undefined }, { io, secrets })
  await decide(await shown(io))
  expect(await done).toBe(0)
  expect(io.err()).not.toContain('developer/apply')
  await expectLoggedIn({ io, smugmug, secrets })
})

test('a login beside a whole one in the environment says which of them counts', async () => {
  await using smugmug = await simulate()
  const env = { ...smugmug.environment, SMUGDL_CONFIG_DIR: join(folder, 'config') }
  const io = testIo({ env, now: Date.now })
  const done = login.run({ pin: false, browser: false, caFile: undefined }, { io, secrets: new Set() })
  await decide(await shown(io))
  expect(await done).toBe(0)
  expect(io.err()).toContain('The login in the environment (SMUGDL_ACCESS_TOKEN) takes precedence')
})

test('who logs in again may keep the key', async () => {
  await using jane = await person({ tty: true })
  const once = jane.logIn({ browser: false })
  jane.typeKey()
  await decide(await shown(jane.io))
  await once
  const again = jane.logIn({ browser: false })
  await jane.io.saw(/Enter keeps the present one/)
  jane.io.type('\r')
  await decide(await shown(jane.io, 2))
  expect(await again).toBe(0)
})

test('whoever waits because SmugMug hiccups is told why', async () => {
  await using smugmug = await simulate()
  smugmug.faults.add({ path: '!authuser', times: 1, do: { kind: 'status', status: 503 } })
  const io = testIo({ env: smugmug.environment, now: Date.now })
  expect(await whoami.run({ json: false, caFile: undefined }, { io, secrets: new Set() })).toBe(0)
  expect(io.err()).toMatch(/SmugMug answered 503 \(attempt 1\); again in/)
})

test('no key at all is a usage error', async () => {
  await using jane = await person({ input: '\n' })
  await expect(jane.logIn()).rejects.toMatchObject({ kind: 'usage', what: 'No API key was given' })
})

test('whoami tells who, what the login may see and where it comes from; logout ends that', async () => {
  await using jane = await person()
  const done = jane.logIn({ browser: false })
  jane.typeKey()
  await decide(await shown(jane.io))
  await done
  const { nickName, name } = jane.smugmug.world.user
  const file = join(folder, 'config', 'credentials.json')
  const before = jane.io.out().length
  expect(await jane.whoAmI()).toBe(0)
  expect(jane.io.out().slice(before).split('\n')).toEqual([
    `${name} (${nickName})`,
    `https://${nickName}.smugmug.com`,
    'Sees everything in the account, private and hidden pictures included; it can change nothing',
    `Logged in by ${file}`,
    '',
  ])
  const json = jane.io.out().length
  expect(await jane.whoAmI(true)).toBe(0)
  expect(JSON.parse(jane.io.out().slice(json))).toMatchObject({ nickName, name, access: 'full', credentials: file })

  expect(await jane.logOut()).toBe(0)
  expect(jane.io.out()).toContain('stays authorised until you revoke it')
  await expect(jane.whoAmI()).rejects.toMatchObject({ kind: 'auth', what: 'Nobody is logged in' })
  expect(await jane.logOut()).toBe(0)
})

test('whoami says that the environment logs in, and that a revoked login is over', async () => {
  await using smugmug = await simulate()
  const io = testIo({ env: smugmug.environment, now: Date.now })
  const context = { io, secrets: new Set<string>() }
  await whoami.run({ json: false, caFile: undefined }, context)
  expect(io.out()).toContain('Logged in by the environment')
  smugmug.revoke()
  await expect(whoami.run({ json: false, caFile: undefined }, context)).rejects.toMatchObject({
    kind: 'auth',
    next: expect.stringContaining('smugdl login'),
  })
})
