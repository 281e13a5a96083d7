import type { TokenPurpose } from '@gatecast/contract';
import { proveRequests } from '../dpop/prove-requests.js';
import type { TokenFunction, TokenSource } from './token-source.js';

/** What a page wants to be told about. */
export interface EventQuestion {
  readonly purpose: TokenPurpose;
  readonly streams: readonly string[];
}

/**
 * Opens the events of a token source: `GET` at the address of its endpoint, with the credentials and headers of its token requests.
 *
 * @returns `null` if the source is a function of the page that has no events.
 * @throws what `fetch` throws.
 */
export async function openEvents(
  source: TokenSource,
  question: EventQuestion,
  signal: AbortSignal,
  now: () => number,
): Promise<Response | null> {
  const { endpoint, key } = source;
  if (!endpoint) {
    const listen = typeof key === 'function' ? (key as Partial<TokenFunction>).listen : undefined;
    return listen ? listen(question, { signal }) : null;
  }
  const { url, credentials = 'same-origin', dpop } = endpoint;
  const plain = endpoint.fetch ?? globalThis.fetch.bind(globalThis);
  const fetch = dpop ? proveRequests({ endpoint: url, secret: null, now })(plain) : plain;
  const headers = { Accept: 'text/event-stream' };
  return fetch(eventsUrl(url, question), { headers, credentials, cache: 'no-store', signal });
}

/** The address of the events. What its query has already stays as it is written. */
export function eventsUrl(url: string, { purpose, streams }: EventQuestion): string {
  const [address = ''] = url.split('#', 1);
  const fields = [`purpose=${purpose}`, ...streams.map((stream) => `stream=${encodeURIComponent(stream)}`)];
  return `${address}${address.includes('?') ? '&' : '?'}${fields.join('&')}`;
}
