import { SmugdlError } from '../../error.ts'

/**
 * How long a run bears with one host. A single address may fail for good while all others work; but when several
 * requests in a row were given up, each after all of its attempts, and nothing was answered in between, by any worker,
 * then the host is down, and the run ends instead of trying every image for a minute.
 */
export class Patience {
  #givenUp = 0

  answered(): void {
    this.#givenUp = 0
  }

  /** The error to throw for a request whose attempts are used up. */
  gaveUp(error: SmugdlError): SmugdlError {
    this.#givenUp++
    if (error.kind !== 'item' || this.#givenUp < MOST_GIVEN_UP) return error
    return new SmugdlError('unreachable', {
      what: `SmugMug keeps failing, ${this.#givenUp} requests in a row (${error.what})`,
      item: error.item,
      next: 'Run again later; nothing is lost',
      cause: error,
    })
  }
}

const MOST_GIVEN_UP = 3
