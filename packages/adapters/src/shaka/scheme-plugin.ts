import type shaka from 'shaka-player';
import { pageAddress } from '../session/read-options.js';
import { sendWithToken } from './send-with-token.js';
import type { RequestClaim, Shaka } from './token-send.js';

/** A request gets its token when it is sent, and stays as it is, so that no filter or event shows the token. */
export const claims = new WeakMap<shaka.extern.Request, RequestClaim>();

/** How many players with tokens each copy of the library has. */
const holders = new WeakMap<Shaka, number>();

/**
 * Registers the plugin while a player has tokens; the library’s own one comes back with the end of the last.
 *
 * @returns a function that registers it again, in place of one that the page has registered meanwhile.
 */
export function holdSchemes(shaka: Shaka, signal: AbortSignal): () => void {
  const { HttpFetchPlugin, HttpXHRPlugin } = shaka.net;
  const plugin = HttpFetchPlugin.isSupported() ? HttpFetchPlugin : HttpXHRPlugin;
  const own: shaka.extern.SchemePlugin = (...request) =>
    plugin.parse(...request) as ReturnType<shaka.extern.SchemePlugin>;
  holders.set(shaka, (holders.get(shaka) ?? 0) + 1);
  const withTokens = createPlugin(shaka, own);
  const hold = (): void => {
    register(shaka, withTokens);
  };
  hold();
  signal.addEventListener('abort', () => {
    const left = (holders.get(shaka) ?? 1) - 1;
    holders.set(shaka, left);
    if (left === 0) register(shaka, own);
  });
  return hold;
}

/** With the priority of the library’s own plugin, which it replaces. */
function register({ net: { NetworkingEngine } }: Shaka, plugin: shaka.extern.SchemePlugin): void {
  for (const scheme of ['http', 'https'])
    NetworkingEngine.registerScheme(scheme, plugin, NetworkingEngine.PluginPriority.PREFERRED, true);
}

function createPlugin(shaka: Shaka, own: shaka.extern.SchemePlugin): shaka.extern.SchemePlugin {
  return (url, request, ...rest) => {
    const claim = claims.get(request);
    if (!claim || claim.session.signal.aborted) return own(url, request, ...rest);
    const life = new AbortController();
    // The library gives a relative address a scheme, and no host.
    const whole = pageAddress(url);
    const sent = sendWithToken({ shaka, own, claim, url: whole, request, rest, signal: life.signal });
    return new shaka.util.AbortableOperation(sent, async () => {
      life.abort();
      await sent.catch(() => undefined);
    });
  };
}
