import { wrongOption } from '@gatecast/token';
import type { LicenseRequest, MediaPlayerClass } from 'dashjs';
import { pageAddress, readPlacement } from '../session/read-options.js';
import type { LicenceOptions, TokenOptions } from '../session/token-options.js';
import { openSession, type SessionContext, type TokenControl } from '../session/open-session.js';
import { createInterceptors } from './interceptors.js';

/** Options of dash.js’s `withTokens`. */
export type DashTokenOptions = TokenOptions & LicenceOptions;

/**
 * Lets a dash.js player load a protected stream: manifests, segments and licences are requested with the token of their stream.
 *
 * A token is renewed ahead while the player loads. A refusal (401 or 403) is one renewal and one repeat, of which the player sees
 * only the result. If the new token is refused, too, the player sees the status and goes on by its own settings for retries.
 * The player keeps, logs and reports no token.
 *
 * @param player - call it before `initialize` or `attachSource`, and again after `reset`, which removes the interceptors.
 * @throws GatecastError `option-invalid`
 * @example
 * ```ts
 * const player = dashjs.MediaPlayer().create();
 * withTokens(player, { tokenUrl: '/api/tokens' });
 * player.initialize(video, 'https://cdn.example.com/live/demo.mpd', true);
 * ```
 */
export function withTokens(player: MediaPlayerClass, options: DashTokenOptions): TokenControl {
  return dashWithSession(player, options, {});
}

/** @param context - what tests replace. */
export function dashWithSession(
  player: MediaPlayerClass,
  options: DashTokenOptions,
  context: SessionContext,
): TokenControl {
  const { licencePlacement = 'header', ...rest } = options;
  if (rest.dpop)
    throw wrongOption('dash.js cannot send proofs of possession.', 'Remove dpop, or use Shaka Player.');
  const placement = readPlacement(licencePlacement);
  const session = openSession(rest, context);
  if (session.signal.aborted) return session;
  const { onRequest, onResponse, endAll } = createInterceptors(session, () => sourceOf(player));
  const onLicence = async (request: LicenseRequest): Promise<void> => {
    const part = await import('./licence-filter.js').catch(() => null);
    await part?.filterLicence(request, { session, placement, source: sourceOf(player) });
  };
  const onTeardown = (): void => {
    endAll();
    session.rest();
  };
  player.addRequestInterceptor(onRequest);
  player.addResponseInterceptor(onResponse);
  player.registerLicenseRequestFilter(onLicence);
  player.on('streamTeardownComplete', onTeardown);
  session.signal.addEventListener('abort', () => {
    player.removeRequestInterceptor(onRequest);
    player.removeResponseInterceptor(onResponse);
    player.unregisterLicenseRequestFilter(onLicence);
    player.off('streamTeardownComplete', onTeardown);
  });
  return session;
}

/** `null` before a source is attached, for a manifest that is an object, and after `reset`. */
function sourceOf(player: MediaPlayerClass): string | null {
  try {
    const source: unknown = player.getSource();
    return typeof source === 'string' ? pageAddress(source) : null;
  } catch {
    return null;
  }
}
