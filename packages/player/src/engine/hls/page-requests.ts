import type { HlsConfig, LoaderConfig } from 'hls.js';
import { requestMedia, type MediaRequest, type MediaRequestOptions } from '../../loading/request-media.js';
import { applyPageHooks } from './page-hooks.js';

type Limits = Pick<LoaderConfig, 'maxTimeToFirstByteMs' | 'maxLoadTimeMs'>;

export interface PageRequestsOptions {
  /** The page's `hlsConfig`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Address of the first playlist; `null` when it is composed. */
  readonly firstUrl: string | null;
  readonly send?: typeof requestMedia;
}

/**
 * Sends requests as the page's `hlsConfig` says: its hooks for each, and its time limits for those that are sent before
 * hls.js is there. hls.js gives the limits of its own requests.
 */
export function createPageRequests(options: PageRequestsOptions): typeof requestMedia {
  const { config, firstUrl, send = requestMedia } = options;
  return async (authorizer, request, requestOptions) => {
    const limits = request.context ? null : readLimits(config, request, request.url === firstUrl);
    const prepared = await applyPageHooks(config, request, requestOptions.signal);
    return send(authorizer, prepared, { ...requestOptions, ...(limits && limitsOf(limits)) });
  };
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
