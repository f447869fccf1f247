import { SmugdlError } from '../../error.ts'

/** The answer is larger than any page of the API. A retry would not help; requesting fewer entries of a list may. */
export class AnswerTooLarge extends SmugdlError {
  constructor(item: string, cause?: unknown) {
    super('item', { what: 'The answer is too large', item, next: 'The next run asks again', cause })
  }
}
