import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What a program cost. */
export interface Cost {
  seconds: number
  /** Of the processor, its children's too. */
  processor: number
  /** Megabytes, at its largest. */
  memory: number
}

/** Runs a program to its end under GNU time. Throws where it ends with another code than `ends`. */
export async function measured(
  [file = '', ...args]: readonly string[],
  { folder, env = {}, ends = [0] }: { folder: string; env?: Record<string, string>; ends?: readonly number[] },
): Promise<Cost> {
  const told = join(folder, 'cost')
  const child = spawn('/usr/bin/time', ['-q', '-f', '%e %U %S %M', '-o', told, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const began = performance.now()
  const [code] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ])
  const seconds = (performance.now() - began) / 1000
  if (!ends.includes(code)) throw new Error(`${file} ${args.join(' ')} ended with ${code}`)
  const [, user = 0, system = 0, kilobytes = 0] = readFileSync(told, 'utf8').split(' ').map(Number)
  rmSync(told)
  return { seconds, processor: user + system, memory: kilobytes / 1000 }
}

/** The least of two rounds, and the most memory: what another program did to the machine meanwhile only adds to it. */
export function least(one: Cost | undefined, other: Cost): Cost {
  if (one === undefined) return other
  return {
    seconds: Math.min(one.seconds, other.seconds),
    processor: Math.min(one.processor, other.processor),
    memory: Math.max(one.memory, other.memory),
  }
}
