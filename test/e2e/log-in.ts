import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { command } from './program.ts'
import type { Scenario } from './scenario.ts'

/** `smugdl login --pin` without a terminal: key, secret and PIN come through a pipe, a browser elsewhere grants the access. */
export async function logIn(scene: Scenario): Promise<{ code: number; said: string }> {
  const { apiKey, apiSecret } = scene.smugmug.credentials
  const env = { SMUGDL_API_ORIGIN: scene.smugmug.origin, SMUGDL_CONFIG_DIR: join(scene.folder, 'config') }

  const [first = '', ...rest] = [...command, 'login', '--pin']
  const child = spawn(first, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  child.stdin.write(`${apiKey}\n${apiSecret}\n`)
  let address: string | undefined
  while (address === undefined) {
    await once(child.stderr, 'data')
    address = /(http\S+\/authorize\?\S+)\n/.exec(said)?.[1]
  }
  const page = await (await fetch(`${address}&approve=1`)).text()
  child.stdin.end(`${/id="pin">(\d{6})</.exec(page)?.[1]}\n`)
  return { code: (await ended)[0], said }
}
