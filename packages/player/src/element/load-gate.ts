import { lazyPart } from '@gatecast/token';
import type { BeginHost } from './begin/begin-elsewhere.js';

declare global {
  interface Document {
    /** Chromium only: https://wicg.github.io/nav-speculation/prerendering.html */
    readonly prerendering?: boolean;
  }
}

/** What few pages ask for. */
const beginningsPart = lazyPart('beginnings', async () => (await import('./begin/beginnings.js')).beginnings);

/** What a load waits for, and what goes with it until the next one. */
export class LoadGate {
  readonly #host: BeginHost;
  #life = new AbortController();

  constructor(host: BeginHost) {
    this.#host = host;
  }

  /**
   * Does a load have to wait, because the page is prerendered, or because the element has `loading="lazy"` and is far from
   * what the viewer sees? Then it comes again.
   */
  isClosed(isAsked: boolean, isWanted: boolean): boolean {
    const host = this.#host;
    this.stop();
    const { signal } = (this.#life = new AbortController());
    if (!isAsked && host.element.loading === 'lazy') {
      this.#use('whenNear');
      return true;
    }
    if (!isWanted || !document.prerendering) return false;
    document.addEventListener('prerenderingchange', () => host.load(isAsked), { once: true, signal });
    return true;
  }

  /** Begins at the start time or where the viewer was, if the element has such an attribute. */
  begin(): void {
    const { startTime, remember } = this.#host.element;
    if (startTime !== null || remember) this.#use('beginElsewhere');
  }

  stop(): void {
    this.#life.abort();
  }

  #use(part: 'whenNear' | 'beginElsewhere'): void {
    const host = this.#host;
    const { signal } = this.#life;
    // Only the signal ends the attempts.
    beginningsPart({ signal }).then(
      (parts) => parts[part](host, signal),
      () => undefined,
    );
  }
}
