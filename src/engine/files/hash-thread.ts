/** A file that a thread is to read. */
export interface Wanted {
  path: string
  /** MD5, too. */
  md5: boolean
}

/** `error`: the properties of Node's own, which an error loses on the way from thread to thread. */
export type Hashed = { size: number; md5: string; sha256: string } | { error: { message: string; code?: string } }

/**
 * What a thread does: reads the files of each message, one after the other, and answers with a message. It comes to the thread as text, as
 * the executable holds no file that a thread could load: it cannot use anything from outside of it.
 */
export function hashThread(): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads')
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs')
  const { createHash } = process.getBuiltinModule('node:crypto')
  const buffer = Buffer.allocUnsafeSlow(256 * 1024)

  function hashed({ path, md5 }: Wanted): Hashed {
    const file = openSync(path, 'r')
    try {
      const sha256 = createHash('sha256')
      const other = md5 ? createHash('md5') : undefined
      let size = 0
      for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer)) {
        const piece = buffer.subarray(0, bytes)
        sha256.update(piece)
        other?.update(piece)
        size += bytes
      }
      return { size, md5: other?.digest('hex') ?? '', sha256: sha256.digest('hex') }
    } finally {
      closeSync(file)
    }
  }

  function answerFor(file: Wanted): Hashed {
    try {
      return hashed(file)
    } catch (error) {
      return { error: { ...(error as Error), message: (error as Error).message } }
    }
  }

  parentPort?.on('message', (files: readonly Wanted[]) => parentPort.postMessage(files.map(answerFor)))
}
