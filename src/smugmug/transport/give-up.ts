import { SmugdlError } from '../../error.ts'
import { HttpError } from './http-error.ts'

/**
 * Decides when a run gives up on a host. A single address may fail for good while all others work. But after several requests in a row were
 * given up, each after all of its attempts, and no worker got an answer in between, something that the host always has is requested. Without
 * an answer to that, the host is down, and the run ends instead of trying every image for a minute. The run also ends after far too many
 * failures in a row, even if that one request is answered. If others are answered in between, only the first few get all of their attempts.
 */
export class GiveUp {
  readonly #answers: () => Promise<boolean>
  #givenUp = 0
  #fruitless = 0

  /** `answers`: whether the host answers a request for something that it always has. */
  constructor(answers: () => Promise<boolean> = async () => false) {
    this.#answers = answers
  }

  /** Number of attempts, up to `most`, after which a request is given up: only a few once many have failed. Otherwise an account full of broken items would take a minute per album. */
  attempts(most: number): number {
    return this.#fruitless < MOST_FRUITLESS ? most : Math.min(most, 2)
  }

  /** `attempts`: the number needed. If a retry succeeded, later requests get more attempts again. */
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

/** A refusal that concerns one address only, because the account itself still answers this login. */
export function ofOneAddress(error: SmugdlError): SmugdlError {
  const { what, item, retry } = error
  const next = 'The next run tries again; all else is brought home'
  const details = { what, item, next, retry, cause: error }
  if (!(error instanceof HttpError)) return new SmugdlError('item', details)
  return new HttpError(error.status, 'item', { ...details, problem: error.problem })
}
