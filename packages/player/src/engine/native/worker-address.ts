import { delay, systemClock, type Clock } from '@gatecast/token';
import { MEDIA_WORKER, type WorkerGreeting } from '../../media-worker/worker-messages.js';
import type { NativeAddress } from './native-address.js';
import { serveMediaRequests, type ServedEntry, type WorkerContainer } from './serve-media-requests.js';

/** A worker of the page's own replies within milliseconds, or when the browser has started it. */
const GREETING_LIMIT_MS = 2000;

/** Does a service worker of ours control the page? */
export async function hasMediaWorker(
  container: WorkerContainer | undefined,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<boolean> {
  const worker = container?.controller;
  if (!worker) return false;
  const { port1, port2 } = new MessageChannel();
  const ended = new AbortController();
  const end = (): void => ended.abort();
  signal.addEventListener('abort', end, { once: true });
  try {
    const reply = new Promise<boolean>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data === true);
    });
    worker.postMessage({ [MEDIA_WORKER]: 'hello' } satisfies WorkerGreeting, [port2]);
    const late = delay(clock, GREETING_LIMIT_MS, ended.signal).then(
      () => false,
      () => false,
    );
    return await Promise.race([reply, late]);
  } finally {
    end();
    signal.removeEventListener('abort', end);
    port1.close();
  }
}

/**
 * The address without a token: a service worker adds one to each request of the media element. It is never swapped.
 *
 * @param tokenAddress - reads the playlist by requests of the page.
 */
export function workerAddress(
  container: WorkerContainer,
  entry: ServedEntry,
  tokenAddress: NativeAddress,
): NativeAddress {
  serveMediaRequests(container, entry);
  return {
    async resolve(signal) {
      const { authorizer, url, stream } = entry;
      const { credentials, prove } = await authorizer.authorize(url, stream, { signal });
      if (prove) await tokenAddress.resolve(signal);
      return { src: url, credentials, swapAtMs: null, expiresAtMs: null };
    },
    inspect: (signal) => tokenAddress.inspect(signal),
    isGone: () => container.controller === null,
  };
}
