import { parseAddress } from '../../source/parse-address.js';
import type { EngineHost } from '../engine.js';
import type { NativeAddress } from './native-address.js';
import type { NativeOptions } from './native-options.js';
import type { NativeEntry } from './pick-native-entry.js';
import { signerAddress } from './signer-address.js';
import { tokenAddress } from './token-address.js';
import { workerAddress } from './worker-address.js';
import { WorkerLink } from './worker-link.js';

/** The address of an entry and how the browser may request it. */
export interface FoundAddress {
  readonly address: NativeAddress;
  /** Are requests without cookies enough, or is the address one of the page's own origin? */
  readonly isOwnOrigin: boolean;
  /** Must the browser request it with CORS, also on the page's own origin? */
  readonly needsCors: boolean;
}

type FindHost = Pick<EngineHost<NativeOptions>, 'authorizer' | 'tokens' | 'options' | 'output'>;

/** Longest wait for a worker of ours while there is another way. One that runs replies within milliseconds. */
const REPLY_MS = 500;
/** The same without another way: the browser may have to start the worker first. */
const ONLY_WAY_REPLY_MS = 2000;

/**
 * The first way that there is to authorize the requests of the browser: a service worker of ours, the signer of the backend, the
 * token in the address.
 *
 * @param steps - `signal` ends the search, `life` what an address needs as long as it is played.
 * @param container - exists only in secure contexts.
 * @throws GatecastError why there is no token, if the page has a service worker; `config-invalid`; or the signal's reason.
 */
export async function findAddress(
  { authorizer, tokens, options, output }: FindHost,
  entry: NativeEntry,
  { signal, life }: { readonly signal: AbortSignal; readonly life: AbortSignal },
  container = (navigator as Partial<Navigator>).serviceWorker,
): Promise<FoundAddress> {
  const { url, stream } = entry;
  const withToken = tokenAddress(entry, authorizer, tokens);
  const link = tokens && container ? WorkerLink.of(container) : null;
  if (link?.isUsable && (await canUse(link, entry, { authorizer, options, signal }))) {
    const served = { url, stream, authorizer, signal: life };
    return {
      address: workerAddress(link, served, output.video, withToken),
      isOwnOrigin: true,
      needsCors: true,
    };
  }
  if (options.playlistSigner === '') return { address: withToken, isOwnOrigin: true, needsCors: false };
  const signer = parseAddress('playlist-signer', options.playlistSigner, document.baseURI);
  const address = signerAddress(entry, signer.href, tokens);
  return { address, isOwnOrigin: signer.origin === location.origin, needsCors: false };
}

/** Is the worker one of ours, and can it send the requests? It is asked while the token arrives. */
async function canUse(
  link: WorkerLink,
  { url, stream }: NativeEntry,
  {
    authorizer,
    options,
    signal,
  }: Pick<FindHost, 'authorizer' | 'options'> & { readonly signal: AbortSignal },
): Promise<boolean> {
  const [isOurs, { prove, headers }] = await Promise.all([
    !link.isSilent && link.isOurs(REPLY_MS, signal),
    authorizer.authorize(url, stream, { signal }),
  ]);
  // It cannot prove possession of a key; the signer can do without.
  if (prove) return false;
  const isOnlyWay = options.playlistSigner === '' && Object.keys(headers).length > 0;
  return isOurs || (isOnlyWay && link.isOurs(ONLY_WAY_REPLY_MS, signal));
}

/** `crossorigin` of the media element for an address. */
export function crossOriginOf(
  { isOwnOrigin, needsCors }: Omit<FoundAddress, 'address'>,
  isCrossOrigin: boolean,
  credentials: RequestCredentials | undefined,
): string | null {
  // Without CORS, Chromium refuses segments from another origin than the playlist's, and reports no reason. Safari may repeat the
  // requests that a worker has sent by itself.
  if (!isCrossOrigin && !needsCors) return null;
  return isOwnOrigin && credentials !== 'include' ? 'anonymous' : 'use-credentials';
}
