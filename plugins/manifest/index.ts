import { type Account, defineExporter } from '../../src/exporter/index.ts'
import { albumsCsv, csv } from './csv.ts'
import { json } from './json.ts'
import { ndjson } from './ndjson.ts'

/** The files of each format, by what follows `manifest` in their names. */
const formats = {
  json: { '.json': json },
  ndjson: { '.ndjson': ndjson },
  csv: { '.csv': csv, '-albums.csv': albumsCsv },
} as const

/**
 * One file about the whole account (as CSV two, of images and of albums): every album and image with all metadata that SmugMug has for it, its hashes, and where each exporter put it.
 * It uses no bytes. The order is that of the names at home and nothing in it shows the time of a run, so two manifests can be compared
 * line by line; one that would be the same is not written again.
 */
export default defineExporter({
  name: 'manifest',
  apiVersion: 1,
  description: 'A list of everything, as JSON or CSV: what SmugMug says about each item, its hashes, and where it is',
  needs: 'listing',
  reserves: Object.values(formats).flatMap((files) => Object.keys(files).map((ending) => `manifest${ending}`)),
  hookMinutes: 60,
  options: {
    format: {
      type: 'string',
      choices: ['json', 'ndjson', 'csv'],
      default: 'json',
      help: 'One document, one JSON object per line, or two tables for spreadsheets: manifest.csv with the pictures and videos, manifest-albums.csv with the albums',
    },
  },
  create(context) {
    const { format } = context.options
    let account: Account | undefined

    async function write(name: string, lines: AsyncIterable<string>): Promise<void> {
      const file = await context.createFile([name])
      try {
        for await (const piece of inPieces(lines)) {
          context.signal.throwIfAborted()
          await file.write(piece)
        }
      } catch (error) {
        await file.abort()
        throw error
      }
      await file.commit()
    }

    return {
      begin(whose) {
        account = whose
      },
      deliver() {},
      async finish() {
        if (account === undefined) throw new Error('finish came before begin')
        for (const [ending, linesOf] of Object.entries(formats[format])) {
          await write(
            `manifest${ending}`,
            linesOf(account, () => context.listing()),
          )
        }
      },
    }
  },
})

/** Joins lines into chunks large enough for a write. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = ''
  for await (const line of lines) {
    piece += line
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield piece
}

const pieceLength = 1 << 18
