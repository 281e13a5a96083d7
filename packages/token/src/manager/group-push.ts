import type { ServerEvent } from '../source/event-parser.js';
import type { TabLink } from '../tabs/tab-link.js';
import type { ManagerContext, TabPush } from './manager-context.js';
import type { PushedRequests } from './pushed-requests.js';
import { startPush } from './start-push.js';

/** Tells other tabs that the backend sends events: they may have seen no token response. */
const LISTEN: ServerEvent = { type: 'listen', data: '' };

export interface GroupPushOptions {
  readonly requests: PushedRequests & { readonly purpose: 'playback' | 'ingest' };
  readonly context: ManagerContext;
  /** Connects with the other tabs. Rejects if that takes too long. */
  connect(signal: AbortSignal): Promise<TabLink>;
  /** The connection, if there is one. */
  link(): TabLink | null;
  digest(text: string): Promise<string>;
}

/**
 * The events of a backend in a group of tabs: of those with the same streams one has a connection, and hands what it hears to all. When it
 * is closed or hidden, the browser gives its lock to another one.
 */
export class GroupPush implements TabPush {
  readonly #options: GroupPushOptions;
  #onPushed: TabPush['onPushed'] = null;

  constructor(options: GroupPushOptions) {
    this.#options = options;
  }

  get onPushed(): TabPush['onPushed'] {
    return this.#onPushed;
  }

  set onPushed(callback: TabPush['onPushed']) {
    const isNew = !this.#onPushed;
    this.#onPushed = callback;
    if (isNew) this.tellNew();
  }

  tell(event: ServerEvent): void {
    this.#options.link()?.post({ type: 'pushed', event });
  }

  /** A tab has come that may not know that the backend sends events. */
  tellNew(): void {
    if (this.#onPushed) this.tell(LISTEN);
  }

  heard(event: ServerEvent): void {
    const { requests, context } = this.#options;
    if (!this.#onPushed) startPush(requests, context, requests.purpose);
    else if (event.type !== LISTEN.type) this.#onPushed(event);
  }

  /** Tabs that the browser does not connect listen each for itself. */
  async listenForAll(
    streams: readonly string[],
    signal: AbortSignal,
    listen: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    let release = (): void => undefined;
    try {
      const link = await this.#options.connect(signal);
      release = await link.holdAlone(await this.#options.digest(JSON.stringify(streams)), signal);
    } catch {
      // It goes on without a lock.
    }
    if (!signal.aborted) await listen(signal);
    release();
  }
}
