import { wrongOption } from '@gatecast/token';
import type shaka from 'shaka-player';
import { pageAddress, readPlacement } from '../session/read-options.js';
import type { LicenceOptions, StreamRequest, TokenOptions } from '../session/token-options.js';
import { openSession, type SessionContext, type TokenControl } from '../session/open-session.js';
import { claims, holdSchemes } from './scheme-plugin.js';
import type { Shaka } from './token-send.js';

/** Options of Shaka Player’s `withTokens`. */
export interface ShakaTokenOptions extends TokenOptions, LicenceOptions {
  /** The library that has created the player: the import, or the global of the script tag. */
  readonly shaka: Shaka;
}

/** Of `shaka.net.NetworkingEngine.RequestType`, which is the same in all versions since 4.0. */
const kinds: Partial<Record<number, StreamRequest['kind']>> = {
  0: 'playlist',
  1: 'segment',
  2: 'licence',
  5: 'licence',
  6: 'key',
};

/**
 * Lets a Shaka Player load a protected stream: manifests, segments, keys and licences are requested with the token of their
 * stream.
 *
 * A token is renewed ahead while the player loads. A refusal (401 or 403) is one renewal and one repeat, of which the player sees
 * only the result. If the new token is refused, too, it gets its own error 1001 with the status. The player never gets a token: its
 * requests, responses and errors have none.
 *
 * Requests go through a plugin for `http` and `https`, registered while a player with tokens exists, and in place of others with
 * the priority `PREFERRED`. A plugin of the page with the priority `APPLICATION` stays in its place, and then requests have no tokens.
 *
 * @param player - call it before `load`.
 * @throws GatecastError `option-invalid`
 * @example
 * ```ts
 * withTokens(player, { shaka, tokenUrl: '/api/tokens' });
 * await player.load('https://cdn.example.com/live/demo.mpd');
 * ```
 */
export function withTokens(player: shaka.Player, options: ShakaTokenOptions): TokenControl {
  return shakaWithSession(player, options, {});
}

/** @param context - what tests replace. */
export function shakaWithSession(
  player: shaka.Player,
  options: ShakaTokenOptions,
  context: SessionContext,
): TokenControl {
  const { shaka, licencePlacement = 'header', ...rest } = options;
  const engine = player.getNetworkingEngine();
  if (!(engine instanceof shaka.net.NetworkingEngine))
    throw wrongOption(
      'The player is destroyed, or of another copy of Shaka Player.',
      'Set shaka to the library that has created the player.',
    );
  const placement = readPlacement(licencePlacement);
  const session = openSession(rest, context);
  const { signal } = session;
  if (signal.aborted) return session;

  const hold = holdSchemes(shaka, signal);
  const filter: shaka.extern.RequestFilter = (type, request, details) => {
    hold();
    const { uris, attempt } = request;
    const url = pageAddress(uris[attempt % uris.length] ?? '');
    const kind = kinds[type] ?? 'other';
    const isPreload = details?.isPreload;
    if (isPreload && rest.stream === undefined) {
      if (session.authorizer.isAllowed(url))
        throw wrongOption('A source that is preloaded has no stream name.', 'Set stream to a function.');
      return;
    }
    const asset = isPreload ? null : player.getAssetUri();
    const source = pageAddress(asset ?? url);
    if (asset) session.open(source);
    const playlist = kind === 'playlist' ? url : source;
    const rendition = details?.stream?.originalId ?? undefined;
    const stream = session.streamOf({ url, kind, rendition, playlist });
    claims.set(request, { session, stream, licencePlacement: kind === 'licence' ? placement : null });
  };
  const onUnloading = (): void => {
    session.rest();
  };
  engine.registerRequestFilter(filter);
  player.addEventListener('unloading', onUnloading);
  signal.addEventListener('abort', () => {
    engine.unregisterRequestFilter(filter);
    player.removeEventListener('unloading', onUnloading);
  });
  return session;
}
