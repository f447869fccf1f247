import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

interface Line {
  /** There and back. */
  delayMs: number
  /** Towards the client, of all connections together. */
  bytesPerSecond: number
}

/** Bytes of a connection that may be under way: about what systems allow by themselves. */
const window = 4 * 1024 * 1024

/** A line to a server on this machine as long and as narrow as one to a server far away. Handshakes take their turns, TCP's too. */
export function farLine(port: number, { delayMs, bytesPerSecond }: Line): Server {
  let freeAt = 0
  const free = (bytes: number) => {
    freeAt = Math.max(performance.now(), freeAt) + (bytes / bytesPerSecond) * 1000
    return freeAt - performance.now()
  }
  return createServer((client) => {
    const server = connect(port, '127.0.0.1').setNoDelay()
    client.setNoDelay()
    let handshakeMs = delayMs
    late(client, server, () => {
      const wait = delayMs / 2 + handshakeMs
      handshakeMs = 0
      return wait
    })
    late(server, client, (bytes) => delayMs / 2 + free(bytes))
  })
}

/** Passes on what comes, in its order, each piece so many milliseconds after it came. */
function late(from: Socket, to: Socket, waitMs: (bytes: number) => number): void {
  let underWay = 0
  let last: Promise<unknown> = Promise.resolve()
  const pass = (bytes: number, act: () => void) => {
    const arrives = sleep(waitMs(bytes))
    last = Promise.all([last, arrives]).then(act)
  }
  from.on('data', (chunk: Buffer) => {
    underWay += chunk.length
    if (underWay > window) from.pause()
    pass(chunk.length, () => {
      if (!to.destroyed) to.write(chunk)
      underWay -= chunk.length
      if (underWay <= window) from.resume()
    })
  })
  from.on('error', () => to.destroy())
  from.on('close', () => pass(0, () => to.destroy()))
}
