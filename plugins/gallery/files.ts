import { createHash } from 'node:crypto'
import type { ExporterContext } from '../../src/exporter/index.ts'

/** The pages of a gallery on the disk: each is written when its bytes change, and removed when it is no longer written. */
export class GalleryFiles {
  readonly #context: ExporterContext<never> | Pick<ExporterContext, 'writeFile' | 'inspect' | 'discard' | 'state'>
  readonly #written = new Map<string, string>()
  #before: Readonly<Record<string, string>> | undefined

  constructor(context: Pick<ExporterContext, 'writeFile' | 'inspect' | 'discard' | 'state'>) {
    this.#context = context
  }

  async write(path: string, text: string): Promise<void> {
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 22)
    this.#written.set(path, hash)
    const before = await this.#known()
    if (before[path] === hash && (await this.#context.inspect({ path }, 'quick')) === 'ok') return
    await this.#context.writeFile(path.split('/'), text)
  }

  /** Removes, after all pages were written, those of albums that are gone. */
  async removeOthers(): Promise<void> {
    for (const path of Object.keys(await this.#known())) {
      if (this.#written.has(path)) continue
      if ((await this.#context.inspect({ path }, 'quick')) === 'ok') await this.#context.discard({ path })
    }
    await this.#context.state.set('pages', Object.fromEntries(this.#written))
  }

  async #known(): Promise<Readonly<Record<string, string>>> {
    this.#before ??= ((await this.#context.state.get('pages')) ?? {}) as Readonly<Record<string, string>>
    return this.#before
  }
}
