import { cpSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { refusal } from './refusals.ts'

/**
 * Closes gaps in Node's permission model (nodejs.org/api/permissions.html, "Limitations and known issues"), before the first line of a plugin runs.
 * The functions are replaced on the modules themselves, so that import, require and process.getBuiltinModule are all covered:
 * - V8's flags, which make V8 write files anywhere by itself (--trace-turbo-path and others) and open its internals;
 * - `cpSync` of folders, which copies symbolic links as links where `symlink` is refused;
 * - signals to other processes and their priorities, unless it may `run` programs, which could send them.
 */
export function closeDoors({ run }: { run: boolean }): void {
  const require = createRequire(import.meta.url)
  const modules = {
    v8: require('node:v8'),
    fs: require('node:fs'),
    os: require('node:os'),
  }
  close(modules.v8, 'setFlagsFromString', () => refuse('Flags', 'change the flags of V8'))
  close(modules.fs, 'cpSync', copyFile)
  if (!run) {
    close(modules.os, 'setPriority', () => refuse('Signal', 'change the priority of a process'))
    for (const name of ['kill', '_kill', '_debugProcess', '_debugEnd'])
      close(process, name, () => refuse('Signal', 'send a signal to another process'))
  }
  syncBuiltinESMExports()
}

function close(of: object, name: string, value: unknown): void {
  Object.defineProperty(of, name, { value, writable: false, configurable: false })
}

function refuse(permission: string, wanted: string): never {
  throw refusal(permission, wanted)
}

const copy = cpSync

/** Only single files, because a folder may contain links. */
function copyFile(from: string | URL, to: string | URL, options?: { recursive?: boolean }): void {
  if (options?.recursive === true)
    refuse('Links', 'copy a folder with cpSync, which copies links as links (fs.cp does it without)')
  copy(from, to, { ...options, recursive: false, verbatimSymlinks: false, dereference: true } as Parameters<
    typeof cpSync
  >[2])
}
