import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { openArchive } from '../../engine/adopt/archive-reader.ts'
import { isInside } from '../../exporter/safe-path.ts'

/** What an archive would put somewhere. */
interface Member {
  /** As the archive has it: any text, and a path to nowhere. */
  readonly name: string
  readonly kind: 'file' | 'folder' | 'other'
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Limits that no plugin reaches, but archives made to fill disks do. */
const most = { files: 20_000, bytes: 100_000_000 }

/** Whether a path names an archive that `unpack` takes. */
export function isArchive(path: string): boolean {
  return /\.(?:zip|tgz|tar|tar\.gz)$/i.test(path)
}

/**
 * Unpacks a foreign archive into an empty folder, and writes nothing outside of it: only files and folders, no links and no
 * path that leads out. Throws with a sentence, without its full stop, for whatever it does not take; the folder is to be removed then.
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  const members = /\.zip$/i.test(archive) ? inZip(archive) : inTar(archive)
  let files = 0
  let bytes = 0
  for await (const member of members) {
    const name = bare(member.name)
    if (name === '' || name === '.' || isOfMacOs(name)) {
      await drained(member)
      continue
    }
    if (!isInside(name)) throw new Error(`it would put ${JSON.stringify(name)} outside of the plugin's folder`)
    if (member.kind === 'other') throw new Error(`${name} is a link or a device; a plugin has files only`)
    if (member.kind === 'folder') {
      await mkdir(join(folder, name), { recursive: true })
      await drained(member)
      continue
    }
    files += 1
    if (files > most.files) throw new Error(`it has more than ${most.files} files`)
    await write(join(folder, name), counted(member.bytes), name)
  }

  async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > most.bytes) throw tooLarge()
      yield chunk
    }
  }
}

/** A tar goes on only when what is in front was read. */
async function drained({ bytes }: Member): Promise<void> {
  for await (const _ of bytes);
}

/** Without `./` in front, and without what marks a folder. */
function bare(name: string): string {
  let end = name.length
  while (name[end - 1] === '/') end -= 1
  return name.slice(0, end).replace(/^(?:\.\/)+/, '')
}

/** What Finder adds to archives. */
function isOfMacOs(name: string): boolean {
  return /^__MACOSX(?:\/|$)|(?:^|\/)\.DS_Store$/.test(name)
}

/** Never over anything: what is there came from the archive, too. */
async function write(path: string, bytes: AsyncIterable<Uint8Array>, name: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'wx', 0o644).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST'
      ? new Error(`it has two files called ${name}`)
      : error
  })
  try {
    for await (const chunk of bytes) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
}

async function* inZip(path: string): AsyncGenerator<Member> {
  await using archive = await openArchive(path)
  if (archive.trouble !== undefined) throw new Error(archive.trouble)
  for (const { number, name, trouble, isLink } of archive.entries) {
    if (trouble !== undefined) throw new Error(`${name}: ${trouble}`)
    yield { name, kind: isLink ? 'other' : 'file', bytes: await archive.read(number) }
  }
}

async function* inTar(path: string): AsyncGenerator<Member> {
  const members = extract()
  const steps = /gz$/i.test(path) ? [createGunzip()] : []
  const fed = pipeline([createReadStream(path), ...steps, bounded, members as unknown as Writable])
  // Told by the loop, too, unless that has ended.
  fed.catch(() => {})
  for await (const entry of members) {
    const { name, type } = entry.header
    const kind = type === 'directory' ? 'folder' : type === 'file' || type === 'contiguous-file' ? 'file' : 'other'
    yield { name, kind, bytes: entry as AsyncIterable<Uint8Array> }
  }
  await fed
}

/** What no file comes of takes its time, too. */
async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > 2 * most.bytes) throw tooLarge()
    yield chunk
  }
}

function tooLarge(): Error {
  return new Error(`it would grow to more than ${most.bytes / 1e6} MB`)
}
