import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Served, ServerOptions, Work } from './server.ts'

/** The account of a case, in a process of its own (`server.ts`). The caller must stop it. */
export async function startServer(options: ServerOptions) {
  const child = fork(join(import.meta.dirname, 'server.ts'), [JSON.stringify(options)], { stdio: 'inherit' })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the server has ended')))
  ended.catch(() => {}) // reported to the caller that waits for an answer
  const answer = <T>() => Promise.race([once(child, 'message').then(([message]) => message as T), ended])
  const served = await answer<Served>()
  return {
    served,
    async work(): Promise<Work> {
      child.send('work')
      return answer<Work>()
    },
    stop: () => child.disconnect(),
  }
}
