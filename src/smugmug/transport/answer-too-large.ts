import { SmugdlError } from '../../error.ts'

/** More has come than any page of the API holds. Asked again it would be the same; fewer entries of a list may be less. */
export class AnswerTooLarge extends SmugdlError {
  constructor(item: string, cause?: unknown) {
    super('item', { what: 'The answer is too large', item, next: 'The next run asks again', cause })
  }
}
