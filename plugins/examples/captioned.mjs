// Runs a program for each picture: a copy with its caption written into it by ExifTool. smugdl plugins allow captioned run

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** @type {import('../../src/exporter/types.ts').Exporter} */
export default {
  name: 'captioned',
  apiVersion: 1,
  description: 'Copies with their captions in them, made by ExifTool',
  wants: ['run'], // asked for before the first byte
  alters: true, // its files have other bytes than the pictures: they are kept and verified, and prove nothing
  options: {
    program: { type: 'string', default: 'exiftool', help: 'How ExifTool is called here' },
  },

  create(context) {
    /** @param {string[]} args */
    const exiftool = (args) =>
      // A program that fails or writes nothing must not look like one that did its work: execFile throws for an exit code other than 0.
      run(context.options.program, args, { encoding: 'buffer', maxBuffer: 1e9, signal: context.signal })

    return {
      // Without the program nothing is downloaded.
      prepare: async () => void (await exiftool(['-ver'])),

      async deliver(image, file, { album }) {
        const path = [...album.directory, image.name] // with other folders than the album's, put image.key into the name
        const caption = image.caption ?? ''
        if (image.isVideo || caption === '') return context.place(file, path)
        const options = ['-m', '-codedcharacterset=utf8', `-XMP-dc:Description=${caption}`]
        // `-o -` writes to standard output: the downloaded file is never changed.
        const { stdout } = await exiftool([...options, '-o', '-', '--', file.path])
        if (stdout.length === 0) throw new Error('ExifTool wrote nothing')
        return context.writeFile(path, stdout)
      },
    }
  },
}
