import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { executableName, nodeVersion, targetOf, targets } from '../../scripts/targets.ts'

test('the executables hold the Node that the tests ran on', () => {
  expect(nodeVersion).toBe(packageJson.devDependencies.node)
})

test('executables are named after version and system', () => {
  expect(targets.map((target) => executableName('1.2.3', target))).toEqual([
    'smugdl-1.2.3-linux-x64',
    'smugdl-1.2.3-linux-arm64',
    'smugdl-1.2.3-macos-x64',
    'smugdl-1.2.3-macos-arm64',
    'smugdl-1.2.3-windows-x64.exe',
  ])
})

test("a machine's own target follows from Node's names, and an unknown machine is told what there is", () => {
  expect(targetOf('darwin', 'arm64')).toMatchObject({ platform: 'macos', arch: 'arm64' })
  expect(targetOf('win32', 'x64')).toMatchObject({ platform: 'windows', arch: 'x64' })
  expect(() => targetOf('freebsd', 'x64')).toThrow('not made for freebsd-x64, only for linux-x64')
})
