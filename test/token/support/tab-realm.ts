import { endpointSource, TokenManager, type RenewalReason } from '@gatecast/token';

/** A token as the tab has got it. */
export interface SeenToken {
  readonly value: unknown;
  readonly reason: RenewalReason;
  /** Had the token before it expired? */
  readonly isLate: boolean;
}

export interface OpenTab {
  readonly manager: TokenManager;
  readonly seen: ReadonlyMap<string, SeenToken[]>;
  readonly failures: number;
  /** Requests in flight. */
  readonly asking: number;
  /** Resolves when each stream has a token. */
  start(): Promise<void>;
  /** As a page does without its session, or with another one: the lease ends. */
  leave(): void;
}

/** A manager as a page has it, with the modules, locks and channels of this realm. */
function openTab(url: string, session: string | undefined, streams: readonly string[]): OpenTab {
  let [asking, failures] = [0, 0];
  const { fetch } = globalThis;
  globalThis.fetch = async (...request) => {
    asking += 1;
    try {
      return await fetch(...request);
    } finally {
      asking -= 1;
    }
  };
  const source = endpointSource({ url, credentials: 'omit', session });
  const manager = new TokenManager({ source, purpose: 'playback' });
  const seen = new Map<string, SeenToken[]>(streams.map((stream) => [stream, []]));
  const ends = new Map<string, number>();
  const lease = manager.lease({
    streams,
    onEvent(event) {
      if (event.type === 'failed') failures += 1;
      if (event.type !== 'refreshed') return;
      const { stream, reason, expiresAtMs } = event;
      const isLate = manager.serverClock.now() > (ends.get(stream) ?? Infinity);
      ends.set(stream, expiresAtMs ?? Infinity);
      seen.get(stream)?.push({ value: manager.peek(stream)?.value, reason, isLate });
    },
  });
  return {
    manager,
    seen,
    get failures() {
      return failures;
    },
    get asking() {
      return asking;
    },
    async start() {
      await Promise.all(streams.map((stream) => manager.get(stream)));
    },
    leave() {
      lease.release();
      globalThis.fetch = fetch;
    },
  };
}

export interface TabRealm {
  openTab: typeof openTab;
}

// Each frame that loads this script has a copy of everything.
Object.assign(globalThis, { tabRealm: { openTab } satisfies TabRealm });
