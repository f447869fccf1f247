import { type Account, defineExporter } from '../../src/exporter/index.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { ndjson } from './ndjson.ts'

const formats = { json, ndjson, csv }

/**
 * One file about the whole account: every album and image with all that SmugMug tells of it, its hashes, and where each exporter put it.
 * It wants no bytes. The order is that of the names at home and nothing in it tells the time of a run, so two manifests can be compared
 * line by line; one that would be the same is not written again.
 */
export default defineExporter({
  name: 'manifest',
  apiVersion: 1,
  description: 'A list of everything, as JSON or CSV: what SmugMug tells of it, its hashes, and where it is',
  needs: 'listing',
  reserves: Object.keys(formats).map((format) => `manifest.${format}`),
  hookMinutes: 60,
  options: {
    format: {
      type: 'string',
      choices: ['json', 'ndjson', 'csv'],
      default: 'json',
      help: 'One document, a JSON object a line, or a table of the most important facts for spreadsheets',
    },
  },
  create(context) {
    const { format } = context.options
    let account: Account | undefined
    return {
      begin(whose) {
        account = whose
      },
      deliver() {},
      async finish() {
        if (account === undefined) throw new Error('finish came before begin')
        const file = await context.createFile([`manifest.${format}`])
        try {
          for await (const piece of inPieces(formats[format](account, () => context.listing()))) {
            context.signal.throwIfAborted()
            await file.write(piece)
          }
        } catch (error) {
          await file.abort()
          throw error
        }
        await file.commit()
      },
    }
  },
})

/** Joins lines to what is worth a write. */
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
