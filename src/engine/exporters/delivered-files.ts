import { dirname, join } from 'node:path'
import type { Catalog } from '../../catalog/catalog.ts'
import { SmugdlError } from '../../error.ts'
import type { Delivery, FileFacts, InspectDepth, Inspection } from '../../exporter/types.ts'
import type { Destination } from '../files/destination.ts'
import { syncFile } from '../files/fsync.ts'
import { hashOf } from '../files/hash.ts'
import { type FileProof, inspectFile, isFileProof, proofOf } from '../files/proof.ts'
import type { Recorder } from '../files/recorder.ts'
import { statOf } from '../files/same-file.ts'
import { type CurrentHook, currentHook, duringHook } from './current-hook.ts'
import { ownFiles } from './exporter-files.ts'
import type { InstalledExporter } from './installed.ts'
import { LivePaths } from './live-paths.ts'
import { Sidecars } from './sidecars.ts'
import { refuseSpecialOnPath } from './special-files.ts'

interface Parts {
  catalog: Catalog
  recorder: Recorder
  destination: Destination
  plan: { output: string }
}

/** The folders to which the user moved the pictures of an album. */
export interface MovedFolders {
  /** The folder that contains all of them, by the folder that the exporter wants for them. */
  to: ReadonlyMap<string, string>
  /** No picture of the album is where the exporter wants it. */
  isDeserted: boolean
}

export type DeliveredFiles = ReturnType<typeof deliveredFiles>

/** The files of one exporter at home, as smugdl itself sees them, independent of the exporter's answers. */
export function deliveredFiles(installed: InstalledExporter, { catalog, recorder, destination, plan }: Parts) {
  const { name } = installed.exporter
  const output = join(plan.output, installed.folder)
  const own = ownFiles(name, output, catalog)
  const paths = new LivePaths(name, { catalog, recorder })
  const sidecars = new Sidecars(installed, { output, catalog, destination, paths })
  const failed = (what: string, path: string, next: string) => new SmugdlError('item', { what, item: path, next })

  /** A delivery may name a file that the exporter wrote itself by its path alone. */
  async function provenOf(delivery: Delivery): Promise<FileProof> {
    const proof = isFileProof(delivery) ? delivery : await own.at(delivery.path)
    if (proof === undefined) throw new Error(`"${delivery.path}" was not written by this exporter`)
    return proof
  }

  /** The file at a path, which must exist and be non-empty unless the picture is empty. Durable when this resolves. */
  async function fileAt(path: string, { size: wanted }: Pick<FileFacts, 'size'>): Promise<FileProof> {
    if (!installed.trusted) await refuseSpecialOnPath(output, path)
    const there = await statOf(join(output, path))
    if (!there?.isFile())
      throw failed(
        `The exporter "${name}" says that it wrote ${path}, and there is no such file`,
        path,
        'It must have written the file, and awaited it, before it returns its path',
      )
    if (there.size === 0 && wanted > 0)
      throw failed(
        `The file ${path} that the exporter "${name}" made is empty, and the picture is not`,
        path,
        'It must await what it writes, and throw if a program that it starts fails',
      )
    const made = currentHook()?.made.get(path)
    if (made?.size === there.size && made.modifiedMs === there.mtimeMs) return made
    await syncFile(join(output, path))
    for (let folder = dirname(join(output, path)); folder.length >= plan.output.length; folder = dirname(folder))
      recorder.touched(folder)
    return proofOf(output, path, await hashOf(join(output, path)))
  }

  return {
    output,
    own,
    paths,
    sidecars,
    provenOf,
    /** By album, the folders to which the user moved its pictures (`followFolders`). */
    folders: new Map<string, MovedFolders>(),

    /** Runs hooks about one image or album until their result is recorded; no other image gets the paths that they took. */
    during<T>(of: Pick<CurrentHook, 'album' | 'image' | 'component'>, work: () => Promise<T>): Promise<T> {
      return duringHook(of, async () => {
        try {
          return await work()
        } finally {
          paths.release(currentHook())
        }
      })
    },

    /** What the exporter returned for one image, with the file's own proof. Throws `item` if there is no file that could contain it. */
    async proven(delivery: Delivery, facts: Pick<FileFacts, 'size'>): Promise<FileProof> {
      const proof = await fileAt(delivery.path, facts)
      paths.refuseTaken(delivery.path, currentHook(), proof.sha256)
      return { ...delivery, ...proof }
    },

    /** As `proven`, for an archive that may contain many images: recorded by its path, because a delivery of one image does not prove the archive. */
    async provenArchive(path: string, facts: Pick<FileFacts, 'size'>): Promise<FileProof> {
      const known = (await own.inspect(path, 'quick')) === 'ok' ? await own.at(path) : undefined
      const proof = known ?? (await fileAt(path, facts))
      paths.refuseTaken(path, currentHook(), proof.sha256)
      if (known === undefined) own.record(proof)
      return proof
    },

    /** Inspects as far as possible without the exporter; `unproven` if that is impossible. Files inspected during the running hook are not inspected again. */
    async inspect(delivery: Delivery, depth: InspectDepth): Promise<Inspection | 'unproven'> {
      const inspected = currentHook()?.inspected
      if (isFileProof(delivery)) return inspected?.get(delivery.path) ?? inspectFile(output, delivery, depth)
      if (inspected !== undefined && inspected.size > 0) return 'ok'
      if ((await own.at(delivery.path)) !== undefined) return own.inspect(delivery.path, depth)
      return (await statOf(join(output, delivery.path))) === undefined ? 'missing' : 'unproven'
    },

    async discard(delivery: Delivery): Promise<void> {
      // The file and its record are gone, as after a power cut that the exporter's own state survived.
      const isUnknown = !isFileProof(delivery) && (await own.at(delivery.path)) === undefined
      if (isUnknown && (await own.inspect(delivery.path, 'quick')) === 'missing') return
      await destination.discard(output, await provenOf(delivery))
      own.forget(delivery.path)
    },
  }
}
