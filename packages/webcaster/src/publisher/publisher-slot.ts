import type { Publisher, PublisherContext } from './publisher.js';
import { createPublisher, type PublisherName } from './registry.js';

/** The publisher in use. It is created when it is first needed, and again when the page chooses another one. */
export class PublisherSlot {
  readonly #context: PublisherContext;
  #current: { readonly name: PublisherName; readonly created: Promise<Publisher> } | null = null;

  constructor(context: PublisherContext) {
    this.#context = context;
  }

  /** The publisher in use; `null` if there is none, or if it could not be created. */
  async current(): Promise<Publisher | null> {
    return (await this.#current?.created.catch(() => null)) ?? null;
  }

  /** @throws GatecastError `publisher-unsupported`, `publisher-load-failed` */
  get(name: PublisherName): Promise<Publisher> {
    if (this.#current?.name === name) return this.#current.created;
    this.dispose();
    const created = createPublisher(name, this.#context);
    this.#current = { name, created };
    created.catch(() => {
      // The next call tries again.
      if (this.#current?.created === created) this.#current = null;
    });
    return created;
  }

  /** Renews the sign-in of a vendor's client, if there is one. @throws GatecastError */
  async renewSignIn(signal: AbortSignal): Promise<void> {
    await (await this.current())?.renewSignIn?.(signal);
  }

  dispose(): void {
    this.#current?.created.then((publisher) => publisher.dispose()).catch(() => undefined);
    this.#current = null;
  }
}
