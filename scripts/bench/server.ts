import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { bigWorld } from '../../src/simulator/big.ts'
import { drained } from '../../src/simulator/drained.ts'
import { originalOf } from '../../src/simulator/files.ts'
import { photoUrl, readPhotoPath } from '../../src/simulator/photo-url.ts'
import { simulate } from '../../src/simulator/simulate.ts'
import type { Image, World } from '../../src/simulator/world.ts'
import { testCertificate } from '../../test/smugmug/certificate.ts'
import { farLine } from './far-line.ts'

/*
 * The account of one case, in a process of its own: the simulator answers what is asked of the API, and a few lines the pictures, for a tenth of
 * what the simulator would need. Started with the case as its argument; says where it is, and for each message how much it did by then.
 */
export interface ServerOptions {
  albums: number
  imagesPerAlbum: number
  /** Of a picture. */
  bytes: number
  /** Of each picture, for a sidecar. */
  caption?: string
  tls: boolean
  /** There and back. */
  delayMs: number
  /** In all. */
  bytesPerSecond: number
  /** Milliseconds for each listed image. */
  listCostMs: number
}

/** What the server says first. */
export interface Served {
  environment: Record<string, string>
  /** Addresses of all pictures. */
  urls: string[]
}

/** What it did by now. */
export interface Work {
  requests: number
  /** Milliseconds. */
  processor: number
  /** When the first picture since the last message was asked for, in milliseconds since 1970; absent where none was. */
  firstPictureAt?: number
}

const options: ServerOptions = JSON.parse(process.argv[2] ?? '')
const world = bigWorld(options)
const media: { requests: number; firstAt: number | undefined } = { requests: 0, firstAt: undefined }
const files = new Map([...world.images].map(([key, image]) => [key, pictureOf(image)]))
const inner = { port: 0 }
const front = options.tls ? createTlsServer(testCertificate, onConnection) : createServer(onConnection)
const frontPort = await listen(front)
const isFar = options.delayMs > 0
const port = isFar ? await listen(farLine(frontPort, options)) : frontPort
const origin = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`
const simulator = await simulate(world, {
  origin,
  keepRequests: 0,
  rateLimit: { requests: 1e9, windowSeconds: 3600 },
  listCostMs: options.listCostMs,
})
inner.port = Number(new URL(simulator.listensAt).port)
for (const image of world.images.values()) originalOf(image).md5()

process.send?.({ environment: simulator.environment, urls: urlsOf(world) } satisfies Served)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const requests = media.requests + simulator.counts.api
  process.send?.({
    requests,
    processor: (user + system) / 1000,
    ...(media.firstAt !== undefined && { firstPictureAt: media.firstAt }),
  } satisfies Work)
  media.firstAt = undefined
})
process.on('disconnect', () => process.exit())

function urlsOf({ images }: World): string[] {
  return [...images.values()].map((image) => photoUrl(image, image.albums[0], 'D', 'jpg', origin))
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Every client has connections for pictures and others for the API, so the first request tells. */
function onConnection(socket: Socket): void {
  socket.setNoDelay()
  socket.on('error', () => socket.destroy())
  socket.once('data', (first: Buffer) => {
    if (first.subarray(0, 12).toString() === 'GET /photos/') sendPictures(socket, first)
    else relay(socket, first)
  })
}

function relay(socket: Socket, first: Buffer): void {
  const api = connect(inner.port, '127.0.0.1')
  api.on('error', () => socket.destroy())
  socket.on('close', () => api.destroy())
  api.write(first)
  socket.pipe(api).pipe(socket)
}

function sendPictures(socket: Socket, first: Buffer): void {
  let text = ''
  let busy = Promise.resolve()
  const onData = (chunk: Buffer) => {
    text += chunk.toString('latin1')
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const path = text.slice(4, text.indexOf(' ', 4))
      text = text.slice(end + 4)
      busy = busy.then(() => answer(socket, path))
    }
  }
  socket.on('data', onData)
  onData(first)
}

async function answer(socket: Socket, path: string): Promise<void> {
  media.requests += 1
  media.firstAt ??= Date.now()
  const file = files.get(readPhotoPath(path)?.key ?? '')
  if (file === undefined) return void socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
  socket.cork()
  socket.write(file.head)
  for (const chunk of file.chunks()) {
    if (socket.destroyed) return
    if (socket.write(chunk)) continue
    socket.uncork()
    await drained(socket)
    socket.cork()
  }
  socket.uncork()
}

interface Picture {
  head: string
  chunks(): Iterable<Buffer>
}

/** Small ones are kept. */
function pictureOf(image: Image): Picture {
  const { content } = originalOf(image)
  const head = `HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: ${content.size}\r\n\r\n`
  if (content.size > 200_000) return { head, chunks: () => originalOf(image).content.chunks() }
  const whole = Buffer.concat([...content.chunks()])
  return { head, chunks: () => [whole] }
}
