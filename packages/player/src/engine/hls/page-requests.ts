import { askPageHooks } from '@gatecast/adapters/hls.js';
import type { HlsConfig, LoaderConfig } from 'hls.js';
import {
  requestMedia,
  type MediaRequest,
  type MediaRequestOptions,
  type MediaResponse,
} from '@gatecast/token';
import { checkHlsConfig } from './check-hls-config.js';
import { configOf } from './config-of.js';
import { withCertificates, withLicences } from './drm/player-licences.js';
import type { EngineHost } from '../engine.js';
import type { HlsOptions } from './hls-options.js';
import { plainAddresses, withAddedData, type PlainAddresses } from './plain-addresses.js';

type Limits = Pick<LoaderConfig, 'maxTimeToFirstByteMs' | 'maxLoadTimeMs'>;

/** The page's options, and its source. */
interface Page {
  readonly options: HlsOptions;
  /** The playlist of a single entry is the first; that of several is composed. */
  readonly source: { readonly entries: readonly { readonly url: string | null }[] };
  readonly send?: typeof requestMedia;
}

/**
 * Sends a request as the page's `hlsConfig` says: with its hooks, and its time limits if it is sent before hls.js is there.
 * hls.js gives the limits of its own requests.
 */
export async function sendAsPage(
  { options: { hlsConfig }, source: { entries }, send = requestMedia }: Page,
  ...[authorizer, request, options]: Parameters<typeof requestMedia>
): Promise<MediaResponse> {
  const isFirst = entries.length === 1 && request.url === entries[0]?.url;
  const limits = request.context ? null : readLimits(hlsConfig, request, isFirst);
  const prepared = await askPageHooks(hlsConfig, request, options.signal);
  const url = withAddedData(prepared.url, request.context);
  const response = await send(
    authorizer,
    { ...prepared, url },
    { ...options, ...(limits && limitsOf(limits)) },
  );
  return response.url === url ? { ...response, url: prepared.url } : response;
}

/** The limits that the page has set for a kind of request; `null` without any. */
function readLimits(
  config: Readonly<Record<string, unknown>>,
  { responseType }: MediaRequest,
  isFirst: boolean,
): Limits | null {
  const kind = isFirst ? 'manifest' : responseType === 'text' ? 'playlist' : 'frag';
  const policies = config as Partial<HlsConfig>;
  const policy = policies[`${kind}LoadPolicy`];
  if (policy) return policy.default;
  // The older setting of hls.js.
  const timeOutMs = config[`${kind === 'playlist' ? 'level' : kind}LoadingTimeOut`];
  if (typeof timeOutMs !== 'number') return null;
  return { maxTimeToFirstByteMs: timeOutMs, maxLoadTimeMs: timeOutMs };
}

/** 0 means without a limit, as in hls.js. */
function limitsOf({ maxTimeToFirstByteMs, maxLoadTimeMs }: Limits): Partial<MediaRequestOptions> {
  return {
    firstByteTimeoutMs: maxTimeToFirstByteMs || Infinity,
    totalTimeoutMs: maxLoadTimeMs || Infinity,
  };
}

/** What only pages with an `hlsConfig`, CMCD or licence servers need. It is one chunk. */
export const pageRequests = {
  checkHlsConfig,
  configOf: (host: EngineHost<HlsOptions>) => withLicences(host, configOf(host)),
  plainAddresses: (host: EngineHost<HlsOptions>): PlainAddresses => ({
    ...plainAddresses,
    restore: (loader) => withCertificates(host, plainAddresses.restore(loader)),
  }),
  sendAsPage,
};

export type PageRequests = typeof pageRequests;
