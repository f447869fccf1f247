import { sidecarOptions } from '../../src/exporter/index.ts'

export const options = {
  path: {
    type: 'string',
    template: 'album',
    default: '{album.path}.zip',
    help: 'Where the archive of each album goes: a template of the fields of albums ("smugdl fields" shows them)',
  },
  entry: {
    type: 'string',
    template: 'image',
    default: '{name}',
    help: 'The name of each picture in the archive: a template of all fields',
  },
  ...sidecarOptions,
  compression: {
    type: 'string',
    choices: ['none', 'deflate'],
    default: 'none',
    help: 'Pictures and videos are already compressed; deflate takes long and saves next to nothing',
  },
} as const
