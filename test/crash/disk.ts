import { link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Call } from './trace.ts'

interface Inode {
  /** What a reader sees. */
  bytes: Buffer
  /** What the disk was made to keep; undefined for nothing. */
  durable: Buffer | undefined
}

type Entry = Inode | 'folder'

/** What remains of files and names that nobody made durable: nothing, or all of it in the catalog's folder, which is worse. */
export type Cut = 'nothing' | 'only of the catalog'

/**
 * A disk that keeps two books: what programs see, and what is sure to be there after a power cut. Bytes are safe after an fsync of
 * their file; names after one of the folder that holds them, if that folder is safe itself. POSIX promises no more; that a rename takes
 * place whole or not at all is what journals of file systems add (ext4, XFS, Btrfs, APFS, NTFS), and what we rely on.
 */
export class Disk {
  readonly #seen = new Map<string, Entry>([['', 'folder']])
  readonly #safe = new Map<string, Entry>([['', 'folder']])
  /** Old names and new ones. */
  readonly #renamed = new Map<string, string>()

  /** All that is in `folder` is safe. */
  static async of(folder: string): Promise<Disk> {
    const disk = new Disk()
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const bytes = entry.isFile() ? await readFile(path) : undefined
      const made: Entry = bytes === undefined ? 'folder' : { bytes, durable: bytes }
      disk.#seen.set(relative(folder, path), made)
      disk.#safe.set(relative(folder, path), made)
    }
    return disk
  }

  /** What a traced call did. */
  apply({ name, paths, flags, data, offset, result }: Call): void {
    const [path = '', to = ''] = paths
    if (result < 0) return
    switch (name) {
      case 'mkdir':
        this.#seen.set(path, 'folder')
        return
      case 'openat':
        if (flags.includes('O_CREAT') && !this.#seen.has(path))
          this.#seen.set(path, { bytes: empty, durable: undefined })
        if (flags.includes('O_TRUNC')) this.#file(path).bytes = empty
        return
      case 'write':
      case 'pwrite64': {
        const file = this.#file(path)
        file.bytes = written(file.bytes, data?.subarray(0, result) ?? empty, offset ?? file.bytes.length)
        return
      }
      case 'ftruncate': {
        const file = this.#file(path)
        file.bytes = written(file.bytes, empty, offset ?? 0).subarray(0, offset)
        return
      }
      case 'copy_file_range':
      case 'sendfile': {
        const [from, into] = name === 'sendfile' ? [to, path] : [path, to]
        const file = this.#file(into)
        const at = file.bytes.length
        file.bytes = written(file.bytes, this.#file(from).bytes.subarray(at, at + result), at)
        return
      }
      case 'link':
      case 'rename':
        this.#seen.set(to, this.#file(path))
        if (name === 'link' || path === to) return
        this.#seen.delete(path)
        this.#renamed.set(path, to)
        return
      case 'unlink':
      case 'rmdir':
        this.#seen.delete(path)
        return
      case 'fsync':
      case 'fdatasync':
        this.#sync(path)
        return
      case 'utimensat':
      case 'ioctl':
        return
      default:
        throw new Error(`nobody knows what ${name} does to a disk`)
    }
  }

  /** Whether programs saw exactly these files: else a call was misread. */
  async sees(folder: string): Promise<boolean> {
    const real = await Disk.of(folder)
    const told = ({ bytes }: Inode) => bytes.toString('latin1')
    const all = (entries: Map<string, Entry>) =>
      [...entries].map(([path, entry]) => `${path} ${entry === 'folder' ? entry : told(entry)}`).sort()
    return JSON.stringify(all(real.#seen)) === JSON.stringify(all(this.#seen))
  }

  /** What is there when the power comes back, in a new folder. */
  async afterPowerCut(cut: Cut, folder: string): Promise<void> {
    const isKept = (path: string) => cut === 'only of the catalog' && path.startsWith('.smugdl')
    const entries = new Map([
      ...[...this.#safe].filter(([path]) => !isKept(path)),
      ...[...this.#seen].filter(([path]) => isKept(path)),
    ])
    const places = new Map<Inode, string>()
    for (const [path, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const place = join(folder, path)
      if (path !== '' && entries.get(parentOf(path)) !== 'folder') {
        entries.delete(path)
      } else if (entry === 'folder') {
        await mkdir(place)
      } else {
        const other = places.get(entry)
        if (other === undefined) await writeFile(place, (isKept(path) ? entry.bytes : entry.durable) ?? empty)
        else await link(other, place)
        places.set(entry, place)
      }
    }
  }

  #sync(path: string): void {
    const entry = this.#seen.get(path)
    if (entry === undefined) return
    if (entry !== 'folder') {
      entry.durable = entry.bytes
      return
    }
    for (const [inside, made] of this.#safe) {
      if (inside === '' || parentOf(inside) !== path || this.#seen.has(inside)) continue
      this.#safe.delete(inside)
      const renamed = this.#renamed.get(inside)
      if (renamed !== undefined && this.#seen.get(renamed) === made) this.#keep(renamed, made)
    }
    for (const [inside, made] of this.#seen) {
      if (inside !== '' && parentOf(inside) === path) this.#safe.set(inside, made)
    }
  }

  /** With the folders around it, which were made before. */
  #keep(path: string, made: Entry): void {
    this.#safe.set(path, made)
    if (path !== '') this.#keep(parentOf(path), 'folder')
  }

  #file(path: string): Inode {
    const entry = this.#seen.get(path)
    if (entry === undefined || entry === 'folder') throw new Error(`${path} is no file on this disk`)
    return entry
  }
}

function parentOf(path: string): string {
  const parent = dirname(path)
  return parent === '.' ? '' : parent
}

/** `bytes` with `data` at `at`; what lies between is zero. */
function written(bytes: Buffer, data: Buffer, at: number): Buffer {
  const result = Buffer.alloc(Math.max(bytes.length, at + data.length))
  bytes.copy(result)
  data.copy(result, at)
  return result
}

const empty = Buffer.alloc(0)
