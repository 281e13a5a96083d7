import type { PublisherName } from '../element/webcaster-options.js';
import type { Publisher, PublisherContext } from './publisher.js';
import { createPublisher } from './registry.js';

/** The publisher in use: made when it is first needed, and anew when another one is named. */
export class PublisherSlot {
  readonly #context: PublisherContext;
  #current: { readonly name: PublisherName; readonly made: Promise<Publisher> } | null = null;

  constructor(context: PublisherContext) {
    this.#context = context;
  }

  /** The one that was made already; `null` without one, or when it could not be made. */
  async made(): Promise<Publisher | null> {
    return (await this.#current?.made.catch(() => null)) ?? null;
  }

  /** @throws GatecastError `publisher-unsupported`, `publisher-load-failed` */
  get(name: PublisherName): Promise<Publisher> {
    if (this.#current?.name === name) return this.#current.made;
    this.dispose();
    const made = createPublisher(name, this.#context);
    this.#current = { name, made };
    made.catch(() => {
      // The next one who asks tries again.
      if (this.#current?.made === made) this.#current = null;
    });
    return made;
  }

  dispose(): void {
    this.#current?.made.then((publisher) => publisher.dispose()).catch(() => undefined);
    this.#current = null;
  }
}
