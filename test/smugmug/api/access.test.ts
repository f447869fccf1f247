import { expect, test } from 'vitest'
import { accessOf } from '../../../src/smugmug/api/access.ts'
import { userOf } from '../../../src/smugmug/api/user.ts'

const owner = { AccountStatus: 'Active', Plan: 'Portfolio', ImageCount: 48_211 }

test.each([
  ['what the owner sees', { ResponseLevel: 'Full', ...owner }, 'full'],
  ['what the owner sees, without a level', owner, 'full'],
  ['one field of the owner', { ResponseLevel: 'Full', ImageCount: 0 }, 'full'],
  ['a lesser level', { ResponseLevel: 'Public', ...owner }, 'public'],
  ['the full level, but nothing that only the owner sees', { ResponseLevel: 'Full' }, 'public'],
  ['neither', {}, 'public'],
])('%s means the access that it should', (_what, fields, access) => {
  expect(accessOf(userOf({ NickName: 'jdoe', Name: 'Jane Doe', ...fields }, '/api/v2!authuser'))).toBe(access)
})
