import { expect, test } from 'vitest'
import { configDir, configDirIfAny } from '../../src/app/config-dir.ts'

const linux = { platform: 'linux', cwd: '/work', env: {} } as const

test('each platform has its own place', () => {
  expect(configDir(linux, '/home/jane')).toBe('/home/jane/.config/smugdl')
  expect(configDir({ ...linux, platform: 'darwin' }, '/Users/jane')).toBe(
    '/Users/jane/Library/Application Support/smugdl',
  )
  const windows = { platform: 'win32', cwd: 'C:\\work', env: { APPDATA: 'C:\\Users\\jane\\AppData\\Roaming' } } as const
  expect(configDir(windows, 'C:\\Users\\jane')).toBe('C:\\Users\\jane\\AppData\\Roaming\\smugdl')
  expect(configDir({ ...windows, env: {} }, 'C:\\Users\\jane')).toBe('C:\\Users\\jane\\AppData\\Roaming\\smugdl')
})

test('SMUGDL_CONFIG_DIR goes before everything, and may be relative', () => {
  expect(configDir({ ...linux, env: { SMUGDL_CONFIG_DIR: 'config', XDG_CONFIG_HOME: '/xdg' } }, '/home/jane')).toBe(
    '/work/config',
  )
})

test('XDG_CONFIG_HOME counts when it is absolute', () => {
  expect(configDir({ ...linux, env: { XDG_CONFIG_HOME: '/xdg' } }, '/home/jane')).toBe('/xdg/smugdl')
  expect(configDir({ ...linux, env: { XDG_CONFIG_HOME: 'xdg' } }, '/home/jane')).toBe('/home/jane/.config/smugdl')
})

test('a user without a home folder gets a sentence, and none where that is enough', () => {
  expect(() => configDir(linux, '')).toThrow('SMUGDL_CONFIG_DIR')
  expect(configDirIfAny(linux, '')).toBeUndefined()
  expect(configDir({ ...linux, env: { XDG_CONFIG_HOME: '/xdg' } }, '')).toBe('/xdg/smugdl')
  expect(configDir({ ...linux, env: { SMUGDL_CONFIG_DIR: '"/quoted"' } }, '')).toBe('/quoted')
})
