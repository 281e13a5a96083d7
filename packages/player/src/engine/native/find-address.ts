import { parseAddress } from '../../source/parse-address.js';
import type { EngineHost } from '../engine.js';
import type { NativeAddress } from './native-address.js';
import type { NativeOptions } from './native-options.js';
import type { NativeEntry } from './pick-native-entry.js';
import { signerAddress } from './signer-address.js';
import { tokenAddress } from './token-address.js';
import { hasMediaWorker, workerAddress } from './worker-address.js';

/** The address of an entry and how the browser may request it. */
export interface FoundAddress {
  readonly address: NativeAddress;
  /** Are requests without cookies enough, or is the address one of the page's own origin? */
  readonly isOwnOrigin: boolean;
}

/**
 * The first way that there is to authorize the requests of the browser: a service worker of ours, the signer of the backend, the
 * token in the address.
 *
 * @param steps - `signal` ends the search, `life` what an address needs as long as it is played.
 */
export async function findAddress(
  { authorizer, tokens, options }: EngineHost<NativeOptions>,
  entry: NativeEntry,
  { signal, life }: { readonly signal: AbortSignal; readonly life: AbortSignal },
): Promise<FoundAddress> {
  const withToken = tokenAddress(entry, authorizer, tokens);
  // Only in secure contexts.
  const { serviceWorker } = navigator as Partial<Navigator>;
  if (tokens && serviceWorker && (await hasMediaWorker(serviceWorker, signal))) {
    const { url, stream } = entry;
    const served = { url, stream, authorizer, signal: life };
    return { address: workerAddress(serviceWorker, served, withToken), isOwnOrigin: true };
  }
  if (options.playlistSigner === '') return { address: withToken, isOwnOrigin: true };
  const signer = parseAddress('playlist-signer', options.playlistSigner, document.baseURI);
  const address = signerAddress(entry, signer.href, tokens);
  return { address, isOwnOrigin: signer.origin === location.origin };
}
