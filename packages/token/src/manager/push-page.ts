import { delay, type Clock } from '../time/clock.js';

/** What events need of the browser. */
export interface PushPage {
  /** Web Locks; `null` where there are none. */
  readonly locks: Pick<LockManager, 'request'> | null;
  /** Where `pagehide` and `pageshow` come from. */
  readonly window: EventTarget | null;
  /** Has this origin responded by HTTP/2 or HTTP/3, where one connection carries all requests? Unknown counts as not. */
  isMultiplexed(origin: string): boolean;
}

/** Streams of events that the tabs of a browser profile keep open to one origin, out of its six connections of HTTP/1.1. */
const SLOTS = [0, 1];
/** A page that is shown again may be hidden at once. */
const SHOWN_MS = 500;

type Run = (signal: AbortSignal) => Promise<void>;
/** Resolves with a wait after which it runs again, in any slot; with nothing when it is done. */
type Listen = (signal: AbortSignal) => Promise<(() => Promise<void>) | undefined>;

/** This browser. */
export function browserPush(): PushPage {
  const { window, navigator, performance } = globalThis as Partial<typeof globalThis>;
  return {
    locks: (window && navigator?.locks) ?? null,
    window: window ?? null,
    isMultiplexed: (origin) =>
      performance?.getEntriesByType('resource').some((entry) => {
        const { name, nextHopProtocol } = entry as PerformanceResourceTiming;
        return name.startsWith(`${origin}/`) && /^h[23]/.test(nextHopProtocol);
      }) ?? false,
  };
}

/**
 * Runs `listen` while the page is shown, so that an open stream does not keep the page out of the back/forward cache. Over
 * HTTP/1.1 it waits first until one of the slots of this origin is free.
 *
 * @param origin - of the events; `null` if a function of the page opens them: its own origin counts.
 * @param listen - never rejects. Its signal aborts with `signal`, and when the page is hidden.
 * @param inTurn - runs what is given while the page may listen. @defaultValue at once
 * @throws the reason of `signal`.
 */
export async function listenInPage(
  page: PushPage,
  clock: Clock,
  origin: string | null,
  signal: AbortSignal,
  listen: Listen,
  inTurn: (signal: AbortSignal, run: Run) => Promise<void> = (shown, run) => run(shown),
): Promise<void> {
  const { locks } = page;
  const inAnySlot: Run = async (shown) => {
    let wait: Awaited<ReturnType<Listen>> = () => Promise.resolve();
    const run: Run = async (each) => void (wait = await listen(each));
    while (wait) {
      // Without a connection it takes no slot from another tab.
      await wait();
      wait = undefined;
      if (shown.aborted) return;
      const isFree = !locks || page.isMultiplexed(origin ?? '');
      await (isFree ? run(shown) : inSlot(locks, origin ?? 'page', shown, run));
    }
  };
  for (;;) {
    const shown = new AbortController();
    const end = (): void => shown.abort();
    signal.addEventListener('abort', end);
    page.window?.addEventListener('pagehide', end);
    await inTurn(shown.signal, inAnySlot);
    page.window?.removeEventListener('pagehide', end);
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
    if (!shown.signal.aborted) return;
    await pageshow(page.window, signal);
    await delay(clock, SHOWN_MS, signal);
  }
}

/** Waits for any slot. The first one counts; a second one that is free at the same time is given back at once. */
async function inSlot(
  locks: Pick<LockManager, 'request'>,
  origin: string,
  signal: AbortSignal,
  listen: Run,
): Promise<void> {
  const waiting = new AbortController();
  const end = (): void => waiting.abort();
  signal.addEventListener('abort', end);
  let hasRun = false;
  const run = async (): Promise<void> => {
    if (hasRun || signal.aborted) return;
    hasRun = true;
    end();
    await listen(signal);
  };
  const requests = SLOTS.map(async (slot) =>
    locks.request(`gatecast-push ${origin} ${String(slot)}`, { signal: waiting.signal }, run),
  );
  await Promise.allSettled(requests);
  signal.removeEventListener('abort', end);
  // The browser refuses locks, as in a document without an origin.
  if (!signal.aborted) await run();
}

function pageshow(window: EventTarget | null, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const show = (): void => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    const end = (): void => {
      window?.removeEventListener('pageshow', show);
      reject(signal.reason as Error);
    };
    window?.addEventListener('pageshow', show, { once: true });
    signal.addEventListener('abort', end, { once: true });
  });
}
