import { requestMedia } from '@gatecast/token';
import type { FragmentLoaderContext, HlsConfig, LoaderContext } from 'hls.js';
import type Hls from 'hls.js';
import { invalidOption } from '../session/check-options.js';
import type { StreamRequest, TokenOptions } from '../session/token-options.js';
import {
  openSession,
  type SessionContext,
  type TokenControl,
  type TokenSession,
} from '../session/open-session.js';
import { askPageHooks } from './ask-page-hooks.js';
import { createMediaLoader, mediaRequestOf, timeLimitsOf, type MediaLoaderClass } from './media-loader.js';
import { repeatByPolicy } from './repeat-by-policy.js';

/**
 * Lets an hls.js load a protected stream: each playlist, segment and key is requested with the token of its stream.
 *
 * A token is renewed ahead while hls.js loads. A refusal (401 or 403) is one renewal and one repeat, of which hls.js sees only
 * the result. If the new token is refused, too, hls.js gets a network error with the status, as from its own loader.
 * hls.js never gets a token: the addresses that it keeps, logs and reports have none.
 *
 * @param hls - call it before `loadSource`. A source that is loading already is loaded again.
 * @throws GatecastError `option-invalid`
 */
export function withTokens(hls: Hls, options: TokenOptions): TokenControl;
/**
 * Returns a configuration for an hls.js that another library creates, such as vidstack or `hls-video-element`. Tokens are
 * no longer renewed when hls.js has requested nothing for a minute, or when `options.signal` aborts.
 *
 * @example
 * ```ts
 * const hls = new Hls(withTokens({ lowLatencyMode: true }, { tokenUrl: '/api/tokens' }));
 * ```
 */
export function withTokens(config: Partial<HlsConfig>, options: TokenOptions): Partial<HlsConfig>;
export function withTokens(
  target: Hls | Partial<HlsConfig>,
  options: TokenOptions,
): TokenControl | Partial<HlsConfig> {
  return hlsWithSession(target, options, {});
}

/** @param context - what tests replace. */
export function hlsWithSession(
  target: Hls | Partial<HlsConfig>,
  options: TokenOptions,
  context: SessionContext,
): TokenControl | Partial<HlsConfig> {
  const hls = isHls(target) ? target : null;
  const config = isHls(target) ? target.config : target;
  if (config.pLoader ?? config.fLoader)
    throw invalidOption(
      'hls.js has a pLoader or fLoader, which sends no tokens.',
      'Remove it. With cmcd, give withTokens the configuration in place of the instance.',
    );
  const session = openSession(options, context);
  const loader = createLoader(session, config);
  if (!hls) return { ...config, loader };
  addTo(hls, session, loader);
  return session;
}

function isHls(target: Hls | Partial<HlsConfig>): target is Hls {
  return 'loadSource' in target;
}

function addTo(hls: Hls, session: TokenSession, loader: MediaLoaderClass): void {
  const { config, url } = hls;
  const { Events } = hls.constructor as typeof Hls;
  const before = config.loader;
  config.loader = loader;
  const onDestroying = (): void => {
    session.release();
  };
  hls.on(Events.DESTROYING, onDestroying);
  session.signal.addEventListener('abort', () => {
    hls.off(Events.DESTROYING, onDestroying);
    if (config.loader === loader) config.loader = before;
  });
  if (url) hls.loadSource(url);
}

function createLoader(session: TokenSession, hooks: Partial<HlsConfig>): MediaLoaderClass {
  const { clock, fetch } = session;
  return createMediaLoader({
    async send(context, config, { signal, stats, onProgress }) {
      const kind: string = context.type;
      if (kind === 'manifest') session.open(context.url);
      const stream = session.streamOf(streamRequest(context));
      const options = { ...timeLimitsOf(config), signal, onProgress, clock, fetch };
      try {
        const given = mediaRequestOf(context, stream);
        const request = await askPageHooks(hooks, given, signal);
        const response = await repeatByPolicy(config.loadPolicy, { stats, signal, clock }, () =>
          requestMedia(session.authorizer, request, options),
        );
        return response.url === request.url ? { ...response, url: given.url } : response;
      } catch (error) {
        session.report(stream, error);
        throw error;
      }
    },
  });
}

/** What hls.js requests. Of a segment or key it knows the playlist. */
function streamRequest(context: LoaderContext): StreamRequest {
  const { url } = context;
  if (!('frag' in context))
    return {
      url,
      playlist: url,
      kind: 'level' in context ? 'playlist' : 'other',
    };
  const { frag } = context as FragmentLoaderContext;
  return {
    url,
    playlist: frag.baseurl,
    kind: 'keyInfo' in context ? 'key' : 'segment',
    rendition: `${frag.type} ${String(frag.level)}`,
  };
}
