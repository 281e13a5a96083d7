import type { ServedEntry } from './entry-server.js';
import type { NativeAddress } from './native-address.js';
import type { WorkerLink } from './worker-link.js';

/** After so many failures without a picture, the worker is of no use, although the browser got all that it has requested. */
const MAX_STRIKES = 2;

/**
 * The address without a token: a service worker adds one to each request of the media element. It is never swapped.
 *
 * @param media - the media element that plays it.
 * @param tokenAddress - reads the playlist by requests of the page.
 */
export function workerAddress(
  link: WorkerLink,
  entry: ServedEntry,
  media: Pick<EventTarget, 'addEventListener'>,
  tokenAddress: NativeAddress,
): NativeAddress {
  const server = link.serve(entry);
  /** Failures since the browser has loaded a picture. */
  let strikes = 0;
  media.addEventListener('loadeddata', () => (strikes = 0), { signal: entry.signal });
  return {
    async resolve(signal) {
      const { authorizer, url, stream } = entry;
      const { credentials, prove } = await authorizer.authorize(url, stream, { signal });
      if (prove) await tokenAddress.resolve(signal);
      link.sayHello();
      server.watch.restart();
      return { src: url, credentials, swapAtMs: null, expiresAtMs: null };
    },
    async inspect(signal) {
      const facts = await tokenAddress.inspect(signal);
      const failure = server.takeFailure();
      if (failure) throw failure;
      return facts;
    },
    isGone: () => !link.isUsable,
    isUseless() {
      const { verdict } = server.watch;
      if (verdict === 'player') strikes += 1;
      if (verdict === 'passed-by' || strikes >= MAX_STRIKES) link.giveUp();
      return !link.isUsable;
    },
  };
}
