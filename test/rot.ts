import { readFile, stat, utimes, writeFile } from 'node:fs/promises'

/** Turns a bit of a file, in its byte `at`, and leaves its size and time. */
export async function rot(path: string, at = 1000): Promise<void> {
  const { atime, mtime } = await stat(path)
  const bytes = await readFile(path)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  await writeFile(path, bytes)
  await utimes(path, atime, mtime)
}
