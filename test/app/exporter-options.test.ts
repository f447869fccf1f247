import { describe, expect, it } from 'vitest'
import { exporterOptions } from '../../src/app/exporter-options.ts'
import { Catalog } from '../../src/catalog/catalog.ts'
import { lastOptions } from '../../src/engine/run/last-options.ts'
import type { Exporter } from '../../src/exporter/types.ts'
import { installed } from '../installed.ts'

const folder: Exporter = {
  name: 'folder',
  apiVersion: 1,
  options: {
    mtime: { type: 'string', choices: ['captured', 'uploaded', 'none'], default: 'captured', help: 'Time' },
    depth: { type: 'number', default: 3, help: 'Depth' },
    flat: { type: 'boolean', default: false, help: 'Flat' },
    prefix: { type: 'string', help: 'Prefix' },
  },
  create: () => ({ deliver() {} }),
}
const plain: Exporter = { name: 'plain', apiVersion: 1, create: () => ({ deliver() {} }) }

describe('exporterOptions()', () => {
  it('is complete without any setting', () => {
    expect(exporterOptions([], [folder, plain].map(installed))).toEqual({
      folder: { mtime: 'captured', depth: 3, flat: false },
      plain: {},
    })
  })

  it('parses each by its type; the last of an option wins', () => {
    const settings = [
      'folder.mtime=none',
      'folder.mtime=uploaded',
      'folder.depth=1.5',
      'folder.flat=yes',
      'folder.prefix=a=b',
    ]
    expect(exporterOptions(settings, [installed(folder)]).folder).toEqual({
      mtime: 'uploaded',
      depth: 1.5,
      flat: true,
      prefix: 'a=b',
    })
  })

  it.each([
    ['mtime=none', '--set takes EXPORTER.OPTION=VALUE: mtime=none'],
    [
      'layout=url',
      `a template today: --set 'folder.path={album.path}/{name}' for names, --set 'folder.path={album.url}/{name}'`,
    ],
    ['folder.layout=url', `a template today: --set 'folder.path={album.path}/{name}' for names`],
    ['folder.mtime', '--set takes EXPORTER.OPTION=VALUE: folder.mtime'],
    ['floder.mtime=none', 'an exporter that is not chosen: floder. Did you mean folder?'],
    ['zip.level=9', 'an exporter that is not chosen: zip. Choose it with --exporter zip'],
    [
      'folder.mtme=none',
      'The exporter folder has no option mtme. Did you mean mtime? It has mtime, depth, flat, prefix',
    ],
    ['folder.toString=1', 'has no option toString'],
    ['plain.x=1', 'The exporter plain has no option x. It has none'],
    [
      'folder.mtime=upload',
      '--set folder.mtime cannot be: upload. Did you mean uploaded? It is one of captured, uploaded, none',
    ],
    ['folder.depth=', '--set folder.depth cannot be: . It is a number'],
    ['folder.flat=maybe', '--set folder.flat cannot be: maybe. It is true or false'],
  ])('refuses %s', (setting, text) => {
    expect(() => exporterOptions([setting], [folder, plain].map(installed))).toThrow(text)
  })
})

describe('a template of paths', () => {
  const paths: Exporter = {
    ...plain,
    name: 'folder',
    options: { path: { type: 'string', template: 'image', default: '{album.path}/{name}', help: 'Paths' } },
  }
  const options = (settings: string[], before: Record<string, string> = {}) =>
    exporterOptions(settings, [installed(paths)], () => before).folder

  it('is parsed before anything is asked of SmugMug', () => {
    expect(() => options(['folder.path={albm}/{name}'])).toThrow(/column 2: there is no field albm/)
    expect(options(['folder.path={key}'])).toEqual({ path: '{key}' })
  })

  it('stands for the layout of earlier versions, asked for or remembered', () => {
    expect(options(['folder.layout=urlpath'])).toEqual({ path: '{album.url}/{name}' })
    expect(options(['folder.layout=names'], { path: '{key}' })).toEqual({ path: '{album.path}/{name}' })
    using catalog = Catalog.open(':memory:')
    catalog.state.set('', 'options of folder', { layout: 'urlpath' })
    const before = lastOptions('folder', catalog)
    expect(exporterOptions([], [installed(paths)], () => before).folder).toEqual({ path: '{album.url}/{name}' })
    expect(() => options(['folder.layout=url'])).toThrow(/no option layout/)
  })
})
