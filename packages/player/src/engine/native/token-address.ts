import { GatecastError, requestMedia, type Authorizer } from '@gatecast/token';
import type { ResolvedEntry } from '../../source/player-source.js';
import type { StreamTokens } from '@gatecast/element';
import type { NativeAddress } from './native-address.js';
import { readPlaylistFacts } from './playlist-facts.js';
import { swapAtMs } from './swap-schedule.js';

/** An address with the token in its URL, which is swapped with each token; or with a cookie, which needs no swap. */
export function tokenAddress(
  { url, stream }: ResolvedEntry & { readonly url: string },
  authorizer: Authorizer,
  tokens: StreamTokens | null,
): NativeAddress {
  return {
    async resolve(signal) {
      const request = await authorizer.authorize(url, stream, { signal });
      if (request.prove || Object.keys(request.headers).length > 0) throw headersUnsupported();
      // The URL is unchanged for an open stream, and for a cookie, which the browser sends itself.
      const token = request.url === url ? null : (tokens?.peek(stream) ?? null);
      return {
        src: request.url,
        credentials: request.credentials,
        swapAtMs: token && swapAtMs(token),
        expiresAtMs: token?.expiresAtMs ?? null,
      };
    },
    inspect(signal) {
      return readPlaylistFacts(url, async (playlistUrl) => {
        const request = { url: playlistUrl, stream, responseType: 'text' } as const;
        const response = await requestMedia(authorizer, request, { signal });
        return { text: String(response.data), url: response.url };
      });
    },
  };
}

function headersUnsupported(): GatecastError {
  return new GatecastError(
    'engine-unsupported',
    'The browser’s own HLS player cannot send the token in a header, or a proof of possession.',
    {
      hint: 'Remove the attribute dpop. Set playlist-signer to the backend’s playlist signer, or token-placement to query:<name>, path:<template> or cookie.',
    },
  );
}
