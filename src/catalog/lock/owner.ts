import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { SmugdlError } from '../../error.ts'

/** The owner of an output, as named in its `.smugdl/lock`. */
export interface LockOwner {
  host: string
  pid: number
  /** Identifies the boot of the machine: the kernel's own id on Linux, elsewhere its time in milliseconds since 1970. */
  boot: string | number
  /** Its command line, without secrets. */
  command: string
  since: number
}

/** This process. */
export function ourselves({ command, now }: { command: string; now: number }): LockOwner {
  return { host: hostname(), pid: process.pid, boot: thisBoot(), command, since: now }
}

/** Undefined if smugdl did not write the lock, or not completely. */
export function ownerIn(text: string): LockOwner | undefined {
  try {
    const { host, pid, boot, command, since } = JSON.parse(text)
    const isWhole =
      typeof host === 'string' &&
      Number.isSafeInteger(pid) &&
      pid > 0 &&
      (typeof boot === 'string' || typeof boot === 'number') &&
      typeof command === 'string' &&
      typeof since === 'number' &&
      !Number.isNaN(new Date(since).getTime())
    return isWhole ? { host, pid, boot, command, since } : undefined
  } catch {
    return undefined
  }
}

/** Whether the owner was started under the kernel that runs now. */
export function isOfThisBoot({ host, boot }: LockOwner): boolean {
  if (host !== hostname()) return false
  const ours = thisBoot()
  if (typeof boot === 'number' && typeof ours === 'number') return Math.abs(boot - ours) <= toleranceMs
  return boot === ours
}

/** Whether a time is before this machine was started. */
export function isBeforeBoot(timeMs: number): boolean {
  return timeMs < startedAt() - toleranceMs
}

/** The error if the owner lives, or has not written its name yet. */
export function held(output: string, owner: LockOwner | undefined, cause?: unknown): SmugdlError {
  return new SmugdlError('destination', {
    what: owner ? `Another run is using this folder: ${nameOf(owner)}` : 'Another run is using this folder',
    item: output,
    next: 'Wait for it to end, or stop it',
    cause,
  })
}

/** The error if it cannot be known here whether the owner lives. */
export function unreleased(output: string, owner: LockOwner | undefined): SmugdlError {
  return new SmugdlError('destination', {
    what:
      owner === undefined
        ? 'This folder is locked, and its lock does not say by whom'
        : owner.host === hostname()
          ? `A run from before this machine was last started has not released this folder: ${nameOf(owner)}`
          : `A run on another machine has not released this folder: ${nameOf(owner)}`,
    item: output,
    next: `If that run is no longer alive, clear its lock: smugdl runs --unlock --output ${JSON.stringify(output)}`,
  })
}

/** Tolerance for clocks that are set and systems that count whole seconds; a machine takes longer than this to restart. */
const toleranceMs = 10_000

/** There may be no /proc, or one that shows processes only: a sandbox, `ProcSubset=pid` of systemd. */
function thisBoot(): string | number {
  if (process.platform !== 'linux') return startedAt()
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return startedAt()
  }
}

function startedAt(): number {
  return Math.round(Date.now() - uptime() * 1000)
}

function nameOf({ host, pid, command, since }: LockOwner): string {
  // Swedish writes the local time as everything else here is written: 2026-11-24 03:15.
  const began = new Date(since).toLocaleString('sv', { dateStyle: 'short', timeStyle: 'short' })
  return `"${command}" on ${host}, process ${pid}, since ${began}`
}
