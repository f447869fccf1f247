import { posix, win32 } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInside, safePath } from '../../src/exporter/safe-path.ts'
import { nastyName, objections } from './names-on-disk.ts'

test('safePath() makes each name safe and joins them', () => {
  expect(safePath(['Travel', '5/6 Lax', 'IMG_1.JPG'])).toBe('Travel/5-6 Lax/IMG_1.JPG')
  expect(safePath(['..', '', 'C:', 'aux'])).toBe('_/_/C-/_aux')
})

test('safePath() needs a name', () => {
  expect(() => safePath([])).toThrow(TypeError)
})

test('safePath() stays inside the output, whatever the names', () => {
  fc.assert(
    fc.property(fc.array(nastyName, { minLength: 1, maxLength: 5 }), (names) => {
      const path = safePath(names)
      expect(path.split('/').flatMap(objections)).toEqual([])
      expect(path.split('/')).toHaveLength(names.length)
      expect(isInside(path)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test.each(['a', 'a/b.jpg', 'Who is this?/…', '..a/b..', '.hidden', 'console/nullable.jpg'])(
  'isInside() accepts %j',
  (path) => {
    expect(isInside(path)).toBe(true)
  },
)

test.each([
  ...['', '/', '/etc/passwd', 'a//b', 'a/', '.', '..', 'a/../b', 'a/.. /b', 'a/. ./b', 'a/...'],
  ...['a\\..\\b', '\\\\server\\share', 'C:', 'C:/x', 'C:x', 'a/b.jpg:stream', 'a\0', 'NUL', 'a/con.jpg', 'a/Com1 .txt'],
])('isInside() refuses %j', (path) => {
  expect(isInside(path)).toBe(false)
})

test('isInside() accepts nothing that Windows or POSIX would resolve outside', () => {
  const path = fc.array(fc.oneof(nastyName, fc.constantFrom('..', '.', '', '/', '\\', 'C:', 'a', '.. ', ' ..')), {
    maxLength: 6,
  })
  fc.assert(
    fc.property(path, fc.constantFrom('/', '\\', ''), (parts, separator) => {
      const path = parts.join(separator)
      if (!isInside(path)) return
      expect(posix.resolve('/output', path)).toMatch(/^\/output\/./s)
      expect(win32.resolve('D:\\output', path)).toMatch(/^D:\\output\\./s)
    }),
    { numRuns: 2000 },
  )
})
