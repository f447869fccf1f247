import { describe, expect, test } from 'vitest'
import { type GrantValues, grantsOf } from '../../src/app/plugin-permissions.ts'

const none: GrantValues = { allowNet: [], allowRun: [], allowAll: [], allowRead: [], allowWrite: [] }
const where = { env: {}, cwd: '/here', platform: 'linux' as const }

describe('rights are given to a plugin by name', () => {
  test('and to no other', () => {
    const values = { ...none, allowNet: ['a'], allowRead: ['a:/x', 'b:y/z', 'a:c:d'], allowAll: ['b'] }
    const grants = grantsOf(values, ['a', 'b'], where)
    expect(grants('a')).toEqual({ all: false, net: true, run: false, read: ['/x', '/here/c:d'], write: [] })
    expect(grants('b')).toEqual({ all: true, net: false, run: false, read: ['/here/y/z'], write: [] })
  })

  test.each<[Partial<GrantValues>, string]>([
    [{ allowNet: ['aa'] }, '--allow-net names a plugin that is not chosen: aa. Did you mean a?'],
    [{ allowRun: ['zip'] }, '--allow-run is for plugins, and this exporter is built in: zip'],
    [{ allowRead: ['a'] }, '--allow-read takes PLUGIN:PATH: a'],
    [{ allowWrite: ['a:'] }, '--allow-write takes PLUGIN:PATH: a:'],
    [{ allowWrite: ['a:/x/*'] }, '--allow-write takes no pattern: name the folder: a:/x/*'],
  ])('%j is refused: it would give a right to nobody', (values, sentence) => {
    expect(() => grantsOf({ ...none, ...values }, ['a'], where)).toThrow(sentence)
  })
})
