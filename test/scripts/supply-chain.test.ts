import { expect, test } from 'vitest'
import { faultsOf, signatureFaults, withoutIntegrity } from '../../scripts/supply-chain.ts'

test('a package that nothing pins is a fault, but for a build for another system that the registry does not have', () => {
  const elsewhere = { version: '1.0.0', optional: true, os: ['aix'], cpu: ['ppc64'] }
  const found = withoutIntegrity({
    '': { version: '0.1.0' },
    'node_modules/pinned': { version: '1.0.0', integrity: 'sha512-x' },
    'node_modules/bare': { version: '1.0.0' },
    'node_modules/bare-optional': { version: '1.0.0', optional: true },
    'node_modules/for-aix': elsewhere,
    'node_modules/from-afar': { ...elsewhere, resolved: 'https://example.org/from-afar.tgz' },
  })
  expect(found).toEqual({
    unpinned: ['node_modules/bare', 'node_modules/bare-optional', 'node_modules/from-afar'],
    elsewhere: ['node_modules/for-aix'],
  })
})

test('what is bundled is named by the SBOM, in that version, and has a license that is allowed', () => {
  const bundled = [
    { name: 'good', version: '1.0.0', license: 'MIT' },
    { name: 'good', version: '2.0.0', license: 'MIT' },
    { name: 'viral', version: '1.0.0', license: 'AGPL-3.0-only' },
  ]
  const components = [
    { name: 'good', version: '1.0.0' },
    { name: 'viral', version: '1.0.0' },
  ]
  expect(faultsOf(bundled, components)).toEqual([
    'good@2.0.0 is bundled, and the SBOM does not name it',
    'viral@1.0.0 is bundled under AGPL-3.0-only, which is not allowed',
  ])
})

test('a signature that is not valid is a fault; where none could be checked, the reason is told', () => {
  const invalid = JSON.stringify({ invalid: [{ name: 'forged', version: '1.0.0', code: 'EINTEGRITYSIGNATURE' }] })
  expect(signatureFaults(invalid, '')).toEqual({ faults: ['forged@1.0.0 has a signature that is not valid'] })
  expect(signatureFaults('{"invalid":[],"missing":[]}', '')).toEqual({ faults: [] })
  const offline = 'npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error network request to x failed\n'
  expect(signatureFaults('', offline)).toEqual({ unknown: 'request to x failed' })
  expect(signatureFaults('', '')).toEqual({ unknown: 'npm did not say why' })
})
