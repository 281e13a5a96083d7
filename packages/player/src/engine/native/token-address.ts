import { GatecastError, type Authorizer } from '@gatecast/token';
import { requestMedia } from '../../loading/request-media.js';
import type { ResolvedEntry } from '../../source/player-source.js';
import type { StreamTokens } from '@gatecast/element';
import type { NativeAddress } from './native-address.js';
import { readPlaylistFacts } from './playlist-facts.js';
import { swapAtMs } from './swap-schedule.js';

/** The token on the URL, which has to be exchanged with it; or a cookie, which has not. */
export function tokenAddress(
  { url, stream }: ResolvedEntry & { readonly url: string },
  authorizer: Authorizer,
  tokens: StreamTokens | null,
): NativeAddress {
  return {
    async resolve(signal) {
      const request = await authorizer.authorize(url, stream, { signal });
      if (Object.keys(request.headers).length > 0) throw headersUnsupported();
      // Nothing was put on the URL: an open stream, or a cookie that goes along by itself.
      const token = request.url === url ? null : (tokens?.peek(stream) ?? null);
      return {
        src: request.url,
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
    'The browser’s own HLS player cannot send the token in a header.',
    {
      hint: 'Set playlist-signer to the backend’s playlist signer, or token-placement to query:<name>, path:<template> or cookie.',
    },
  );
}
