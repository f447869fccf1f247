import { SmugdlError } from '../error.ts'
import { withoutQuotes } from './variable.ts'

/**
 * A key, secret or token as it was typed, pasted or written into a variable: without blanks and characters that nobody sees, which web
 * pages and mails put around or into it, and without quotation marks around it. Throws `usage` for what SmugMug cannot have given, which
 * its server would answer with a riddle; `what` names it, and the text itself is in no error.
 */
export function secretText(text: string, what: string): string {
  const secret = withoutQuotes(text.replace(/[\s\p{Cf}]/gu, ''))
  if (/["'`“”‘’«»]/.test(secret))
    throw new SmugdlError('usage', {
      what: `${what} has a quotation mark in it`,
      next: 'Give it without quotation marks',
    })
  if (!/^[!-~]*$/.test(secret))
    throw new SmugdlError('usage', {
      what: `${what} has a character in it that none from SmugMug has`,
      next: 'Copy it from SmugMug again',
    })
  return secret
}
