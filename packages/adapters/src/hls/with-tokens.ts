import { requestMedia, wrongOption, type Placement } from '@gatecast/token';
import type { FragmentLoaderContext, HlsConfig, LoaderContext } from 'hls.js';
import type HlsClass from 'hls.js';
import { readPlacement } from '../session/read-options.js';
import type { LicenceOptions, StreamRequest, TokenOptions } from '../session/token-options.js';
import {
  openSession,
  type SessionContext,
  type TokenControl,
  type TokenSession,
} from '../session/open-session.js';

import { createMediaLoader, mediaRequestOf, timeLimitsOf, type MediaLoaderClass } from './media-loader.js';
import { askPageHooks } from './ask-page-hooks.js';
import type { LicenceHls, LicenceSetupArguments } from './licence-host.js';

/** An instance of hls.js. Not its default export, which a project with `nodenext` may see as a namespace. */
type Hls = ConstructorParameters<HlsConfig['abrController']>[0];

/** Options of hls.js’s `withTokens`. */
export type HlsTokenOptions = TokenOptions & LicenceOptions;

/**
 * Lets an hls.js load a protected stream: each playlist, segment, key, licence and certificate is requested with the token of its
 * stream.
 *
 * A token is renewed ahead while hls.js loads. A refusal (401 or 403) is one renewal and one repeat, of which hls.js sees only
 * the result. If the new token is refused, too, hls.js gets a network error with the status, as from its own loader.
 * hls.js never gets a token: the addresses that it keeps, logs and reports have none.
 *
 * @param hls - call it before `loadSource`. A source that is loading already is loaded again.
 * @throws GatecastError `option-invalid`
 */
export function withTokens(hls: Hls, options: HlsTokenOptions): TokenControl;
/**
 * Returns a configuration for an hls.js that another library creates, such as vidstack or `hls-video-element`. Tokens are
 * no longer renewed when hls.js has requested nothing for a minute, or when `options.signal` aborts.
 *
 * @example
 * ```ts
 * const hls = new Hls(withTokens({ lowLatencyMode: true }, { tokenUrl: '/api/tokens' }));
 * ```
 */
export function withTokens(config: Partial<HlsConfig>, options: HlsTokenOptions): Partial<HlsConfig>;
export function withTokens(
  target: Hls | Partial<HlsConfig>,
  options: HlsTokenOptions,
): TokenControl | Partial<HlsConfig> {
  return hlsWithSession(target, options, {});
}

/** @param context - what tests replace. */
export function hlsWithSession(
  target: Hls | Partial<HlsConfig>,
  options: HlsTokenOptions,
  context: SessionContext,
): TokenControl | Partial<HlsConfig> {
  const hls = 'loadSource' in target ? target : null;
  const config = hls?.config ?? (target as Partial<HlsConfig>);
  const { licencePlacement = 'header', ...rest } = options;
  const { loader: before, licenseXhrSetup: setup, pLoader, fLoader } = config;
  if (pLoader ?? fLoader) throw wrongOption('pLoader and fLoader send no tokens.', 'Remove them.');
  const placement = readPlacement(licencePlacement);
  const session = openSession(rest, context);
  const { release, signal } = session;
  const ours = {
    loader: createLoader(session, config, placement),
    licenseXhrSetup(this: LicenceHls, ...request: LicenceSetupArguments) {
      return onDemand().then((part) => part.prepareLicence(session, placement, setup, this, request));
    },
  };
  if (!hls) return { ...config, ...ours };
  if (signal.aborted) return session;
  const { userConfig } = hls;
  Object.assign(hls.config, ours);
  // Of this, hls.js creates players for interstitials and I-frames. The page may create others of its own object.
  Object.assign(hls, { userConfig: { ...userConfig, ...ours } });
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

/** What few players need, or not at their start. */
const onDemand = () => import('./on-demand.js');

function createLoader(
  session: TokenSession,
  hooks: Partial<HlsConfig>,
  licencePlacement: Placement,
): MediaLoaderClass {
  const { clock, fetch } = session;
  return createMediaLoader({
    async send(context, config, { signal, stats, onProgress, hlsConfig }) {
      // The source of a player that hls.js has created is named by a playlist: it may be an advertisement.
      if ((context.type as string) === 'manifest' && !hlsConfig?.primarySessionId) session.open(context.url);
      const stream = session.streamOf(streamRequest(context));
      // Of the start: the end of the session ends no request.
      const authorizer =
        (context.type as string) === 'server-certificate'
          ? (await onDemand()).certificateAuthorizer(session, licencePlacement, context)
          : session.authorizer;
      const options = { ...timeLimitsOf(config), signal, onProgress, clock, fetch };
      try {
        const given = mediaRequestOf(context, stream);
        const request = await askPageHooks(hooks, given, signal);
        const load = () => requestMedia(authorizer, request, options);
        const response = await load().catch((error: unknown) =>
          onDemand().then(
            (part) => part.repeatByPolicy(error, config.loadPolicy, { stats, signal, clock }, load),
            () => {
              throw error;
            },
          ),
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
  const { url, frag } = context as Partial<FragmentLoaderContext> & LoaderContext;
  return {
    url,
    playlist: frag?.baseurl ?? url,
    kind: 'keyInfo' in context ? 'key' : frag ? 'segment' : 'level' in context ? 'playlist' : 'other',
    rendition: frag && `${frag.type} ${String(frag.level)}`,
  };
}
