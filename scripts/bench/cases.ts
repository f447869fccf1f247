import type { ServerOptions } from './server.ts'

/** An account, and where it is. */
export interface Case extends Omit<ServerOptions, 'tls' | 'delayMs' | 'bytesPerSecond' | 'listCostMs'> {
  name: string
  /** With `--all`. */
  whole: Pick<ServerOptions, 'albums' | 'imagesPerAlbum' | 'bytes'>
}

/** Each is measured near and far. */
export const cases: readonly Case[] = [
  { name: 'small', ...account(20, 100, 30_000), whole: account(20, 100, 30_000) },
  { name: 'typical', ...account(3, 50, 3_000_000), whole: account(12, 50, 3_000_000) },
  { name: 'huge', ...account(1, 4, 250_000_000), whole: account(1, 4, 1_000_000_000) },
  { name: 'many-albums', ...account(400, 5, 30_000), whole: account(2000, 5, 30_000) },
]

export const places = {
  near: { tls: false, delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY },
  /** A gigabit, as far away as the other side of an ocean. */
  far: { tls: true, delayMs: 60, bytesPerSecond: 125_000_000 },
} as const

function account(albums: number, imagesPerAlbum: number, bytes: number) {
  return { albums, imagesPerAlbum, bytes }
}
