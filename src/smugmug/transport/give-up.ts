import { SmugdlError } from '../../error.ts'
import { HttpError } from './http-error.ts'

/**
 * How long a run bears with one host. A single address may fail for good while all others work; but when several
 * requests in a row were given up, each after all of its attempts, and nothing was answered in between, by any worker,
 * then the host is asked for something that it always has: without an answer to that it is down, and the run ends instead of trying every
 * image for a minute. It ends as well when far too many in a row were given up, whatever that one request is answered. Where others are
 * answered in between, only the first few get all of their attempts.
 */
export class GiveUp {
  readonly #answers: () => Promise<boolean>
  #givenUp = 0
  #fruitless = 0

  /** `answers`: whether the host gives what it always has. */
  constructor(answers: () => Promise<boolean> = async () => false) {
    this.#answers = answers
  }

  /** Number of attempts, up to `most`, after which a request is given up: only few once many were in vain. Otherwise an account of junk would take a minute per album. */
  attempts(most: number): number {
    return this.#fruitless < MOST_FRUITLESS ? most : Math.min(most, 2)
  }

  /** `attempts`: how many it took. Where it helps to ask again, patience comes back. */
  answered(attempts: number): void {
    this.#givenUp = 0
    if (attempts > 1) this.#fruitless = Math.max(0, this.#fruitless - 1)
  }

  /** The error to throw for a request whose attempts are used up. */
  async gaveUp(error: SmugdlError): Promise<SmugdlError> {
    this.#givenUp++
    this.#fruitless++
    const givenUp = this.#givenUp
    if (error.kind !== 'item' || givenUp < SUSPICIOUS) return error
    if (givenUp < MOST_GIVEN_UP && (await this.#answers())) return error
    return new SmugdlError('unreachable', {
      what: `SmugMug keeps failing, ${givenUp} requests in a row (${error.what})`,
      item: error.item,
      next: 'Run again later; nothing is lost',
      cause: error,
    })
  }
}

const SUSPICIOUS = 3
const MOST_GIVEN_UP = 20
const MOST_FRUITLESS = 5

/** A refusal that turns out to be of one address, because the account itself still answers this login. */
export function ofOneAddress(error: SmugdlError): SmugdlError {
  const { what, item, retry } = error
  const next = 'The next run tries again; all else is brought home'
  const details = { what, item, next, retry, cause: error }
  if (!(error instanceof HttpError)) return new SmugdlError('item', details)
  return new HttpError(error.status, 'item', { ...details, problem: error.problem })
}
