/**
 * A process of its own that takes the lock of an output when it is told to: reads `{ output, at }` as lines of JSON, waits for the moment
 * `at` in a loop, so that several start as one, and says whether it won. Keeps what it won.
 */
import { createInterface } from 'node:readline'
import { RunLock } from '../../src/catalog/lock/lock.ts'
import { SmugdlError } from '../../src/error.ts'

const won: RunLock[] = []

for await (const line of createInterface(process.stdin)) {
  const { output, at } = JSON.parse(line)
  while (Date.now() < at);
  process.stdout.write(`${JSON.stringify(attempt(output))}\n`)
}

function attempt(output: string): { won: boolean; message?: string } {
  try {
    won.push(RunLock.acquire(output, { command: 'smugdl contender', now: 0 }))
    return { won: true }
  } catch (error) {
    if (!(error instanceof SmugdlError)) throw error
    return { won: false, message: error.message }
  }
}
