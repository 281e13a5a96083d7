import type { TabChannel, TabEnvironment } from '../source/tab-scope.js';
import { readMessage, writeMessage, type Received, type TabMessage } from './tab-message.js';

export type Release = () => void;

/**
 * The connection of a tab to the others of its group: a channel for messages, a lock that shows who is there, and one that
 * shows whose turn it is to ask. The browser releases both when the page is closed or crashes.
 */
export class TabLink {
  readonly id: string = crypto.randomUUID();
  readonly #name: string;
  readonly #environment: TabEnvironment;
  readonly #channel: TabChannel;
  /** Ends each lock that is held or waited for. */
  readonly #ends = new Set<Release>();
  readonly #isPresent: Promise<void>;
  #isClosed = false;

  constructor(name: string, environment: TabEnvironment, onMessage: (message: Received) => void) {
    this.#name = name;
    this.#environment = environment;
    this.#channel = environment.openChannel(name);
    this.#channel.onmessage = ({ data }) => {
      const message = readMessage(data);
      if (message && message.from !== this.id) onMessage(message);
    };
    this.#isPresent = this.#hold(this.#name, { mode: 'shared' }).then(
      () => undefined,
      () => undefined,
    );
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Number of other tabs in the group. */
  async peers(): Promise<number> {
    await this.#isPresent;
    const { held = [] } = await this.#environment.locks.query();
    return Math.max(0, held.filter(({ name }) => name === this.#name).length - 1);
  }

  /** Milliseconds since the epoch by the clock of the device, which all tabs share. */
  wallNow(): number {
    return this.#environment.wallNow();
  }

  post(message: TabMessage): void {
    if (!this.#isClosed) this.#channel.postMessage(writeMessage(this.id, message));
  }

  /**
   * Waits for this tab's turn to ask; resolves with a function that ends it.
   *
   * @throws the signal's reason, that of a closed link, or that of a browser that does not grant locks.
   */
  takeTurn(signal: AbortSignal): Promise<Release> {
    return this.#hold(this.#turnName, { signal });
  }

  /** Takes the turn from a tab that does not respond. */
  stealTurn(): Promise<Release> {
    return this.#hold(this.#turnName, { steal: true });
  }

  /** Waits until no other tab holds the lock of this name, for what only one of the tabs does. Otherwise as {@link takeTurn}. */
  holdAlone(name: string, signal: AbortSignal): Promise<Release> {
    return this.#hold(`${this.#name} ${name}`, { signal });
  }

  close(): void {
    this.#isClosed = true;
    for (const end of [...this.#ends]) end();
    this.#channel.onmessage = null;
    this.#channel.close();
  }

  get #turnName(): string {
    return `${this.#name} turn`;
  }

  /** Holds a lock until it is released, or until the link is closed. A signal ends the wait for it. */
  #hold(name: string, { signal, ...options }: LockOptions): Promise<Release> {
    return new Promise<Release>((resolve, reject) => {
      if (this.#isClosed || signal?.aborted) {
        reject(new Error('No lock is needed.'));
        return;
      }
      const queued = new AbortController();
      let release: Release = () => queued.abort();
      const end = (): void => {
        this.#ends.delete(end);
        signal?.removeEventListener('abort', end);
        release();
      };
      this.#ends.add(end);
      signal?.addEventListener('abort', end);
      const run = (): Promise<void> =>
        new Promise((done) => {
          signal?.removeEventListener('abort', end);
          release = done;
          if (this.#ends.has(end)) resolve(end);
          // It was granted and ended in the same moment.
          else done();
        });
      // The browser allows no signal when a lock is stolen.
      const wanted = options.steal ? options : { ...options, signal: queued.signal };
      // It also rejects when another tab steals the lock, long after it was granted. Then nobody waits for it.
      this.#environment.locks.request(name, wanted, run).catch((error: unknown) => {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }
}
