import { requestMedia, wrongOption } from '@gatecast/token';
import type { FragmentLoaderContext, HlsConfig, Loader, LoaderContext } from 'hls.js';
import type HlsClass from 'hls.js';
import type { StreamRequest, TokenOptions } from '../session/token-options.js';
import {
  openSession,
  type SessionContext,
  type TokenControl,
  type TokenSession,
} from '../session/open-session.js';

import { createMediaLoader, mediaRequestOf, timeLimitsOf, type MediaLoaderClass } from './media-loader.js';
import { askPageHooks } from './ask-page-hooks.js';

/** An instance of hls.js. Not its default export, which a project with `nodenext` may see as a namespace. */
type Hls = ConstructorParameters<HlsConfig['abrController']>[0];

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

type LoadArguments =
  Parameters<Loader<LoaderContext>['load']> extends [unknown, ...infer Rest] ? Rest : never;

/** @param context - what tests replace. */
export function hlsWithSession(
  target: Hls | Partial<HlsConfig>,
  options: TokenOptions,
  context: SessionContext,
): TokenControl | Partial<HlsConfig> {
  const hls = 'loadSource' in target ? target : null;
  const config = hls?.config ?? (target as Partial<HlsConfig>);
  const { loader: before, pLoader, fLoader } = config;
  if (pLoader ?? fLoader)
    throw wrongOption(
      'pLoader and fLoader send no tokens.',
      'Remove them. With cmcd, pass the configuration, not the instance.',
    );
  const session = openSession(options, context);
  const { release, signal } = session;
  const loader = createLoader(session, config);
  if (!hls) return { ...config, loader };
  if (signal.aborted) return session;
  const { userConfig } = hls;
  hls.config.loader = loader;
  // Of this, hls.js creates players for interstitials and I-frames. The page may create others of its own object.
  Object.assign(hls, { userConfig: { ...userConfig, loader } });
  const { DESTROYING } = (hls.constructor as typeof HlsClass).Events;
  hls.on(DESTROYING, release);
  signal.addEventListener('abort', () => {
    hls.off(DESTROYING, release);
    if (before) hls.config.loader = before;
    Object.assign(hls, { userConfig });
  });
  if (hls.url) hls.loadSource(hls.url);
  return session;
}

function createLoader(session: TokenSession, hooks: Partial<HlsConfig>): MediaLoaderClass {
  const { clock, fetch } = session;
  const MediaLoader = createMediaLoader({
    async send(context, config, { signal, stats, onProgress }) {
      const stream = session.streamOf(streamRequest(context));
      // Of the start: the end of the session ends no request.
      const { authorizer } = session;
      const options = { ...timeLimitsOf(config), signal, onProgress, clock, fetch };
      try {
        const given = mediaRequestOf(context, stream);
        const request = await askPageHooks(hooks, given, signal);
        const load = () => requestMedia(authorizer, request, options);
        const response = await load().catch(async (error: unknown) => {
          if (signal.aborted) throw error;
          const part = await import('./repeat-by-policy.js').catch(() => null);
          if (!part) throw error;
          return part.repeatByPolicy(error, config.loadPolicy, { stats, signal, clock }, load);
        });
        return response.url === request.url ? { ...response, url: given.url } : response;
      } catch (error) {
        session.report(stream, error);
        throw error;
      }
    },
  });
  return class extends MediaLoader {
    readonly #config: unknown;

    constructor(config: unknown) {
      super(config);
      this.#config = config;
    }

    override load(context: LoaderContext, ...rest: LoadArguments): void {
      const kind: string = context.type;
      // The source of a player that hls.js has created is named by a playlist: it may be an advertisement.
      if (kind === 'manifest' && !(this.#config as Partial<HlsConfig>).primarySessionId)
        session.open(context.url);
      super.load(context, ...rest);
    }
  };
}

/** What hls.js requests. Of a segment or key it knows the playlist. */
function streamRequest(context: LoaderContext): StreamRequest {
  const { url, frag } = context as Partial<FragmentLoaderContext> & LoaderContext;
  return {
    url,
    playlist: frag?.baseurl ?? url,
    kind: 'keyInfo' in context ? 'key' : frag ? 'segment' : 'level' in context ? 'playlist' : 'other',
    rendition: frag && `${frag.type} ${String(frag.level)}`,
  };
}
