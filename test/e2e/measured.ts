import type { Fault } from '../../src/simulator/faults.ts'
import { World } from '../../src/simulator/world.ts'
import { junk } from './junk.ts'
import { start } from './program.ts'
import type { Scenario } from './scenario.ts'

const MB = 1024 * 1024
/** More than an answer may be, and what the limits on characters and on parts let pass. */
export const sizes = { 'too much': 15 * MB, 'what passes': 7.5 * MB, 'what passes in parts': MB }

export function account(albums: number): World {
  const world = new World()
  for (let i = 0; i < albums; i++) {
    const album = world.addAlbum({ name: `Album ${i}` })
    for (let n = 0; n < 5; n++) world.addImage(album, { size: 100 })
  }
  return world
}

/** The right answer, but a field more in its first record. */
export function withJunk(kind: string, length: number): Fault {
  const text = junk[kind]?.(length) ?? ''
  return {
    kind: 'rewritten',
    rewrite: (answer) => answer.replace(/"(NickName|AlbumKey|NodeID|ImageKey)":/, `"Junk":${text},$&`),
  }
}

export function downloadMeasured(scene: Scenario) {
  return measuredRun(scene, ['download', '-o', scene.output])
}

/** A whole run of the program in a process of its own, and the most memory that it had at once, as the kernel counts it. */
export async function measuredRun({ smugmug, folder }: Scenario, args: readonly string[]) {
  const env = { HOME: folder, SMUGDL_CONFIG_DIR: `${folder}/config`, ...smugmug.environment }
  const ended = await start(args, env, folder, ['python3', '-c', measured]).ended
  return { ...ended, peakMb: Number(/^peak (\d+)$/m.exec(ended.stderr)?.[1]) / 1024 }
}

const measured = `
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)`
