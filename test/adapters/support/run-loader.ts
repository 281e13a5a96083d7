import type { Loader, LoaderConfiguration, LoaderContext, LoaderResponse, LoaderStats } from 'hls.js';
import type { FakeClock } from '../../support/fake-clock.js';

type LoaderClass = new (config: never) => Loader<LoaderContext>;

export interface LoaderResult {
  readonly kind: 'success' | 'error' | 'timeout' | 'abort';
  readonly response?: LoaderResponse;
  readonly error?: { readonly code: number; readonly text: string };
  readonly stats: LoaderStats;
}

/** The policy of hls.js 1.7 for manifests; those for segments have no retries. */
export const policy = (retries: number): LoaderConfiguration => {
  const retry = { maxNumRetry: retries, retryDelayMs: 1000, maxRetryDelayMs: 8000 };
  return {
    loadPolicy: {
      maxTimeToFirstByteMs: 10_000,
      maxLoadTimeMs: 20_000,
      timeoutRetry: retry,
      errorRetry: retry,
    },
  } as LoaderConfiguration;
};

/** Loads as hls.js does: one loader a request. */
export function load(
  loaderClass: unknown,
  context: Partial<LoaderContext> & { readonly url: string },
  config: LoaderConfiguration = policy(0),
): { readonly loader: Loader<LoaderContext>; readonly results: LoaderResult[] } {
  const Class = loaderClass as LoaderClass;
  const loader = new Class({} as never);
  const results: LoaderResult[] = [];
  loader.load({ responseType: '', ...context } as LoaderContext, config, {
    onSuccess: (response, stats) => results.push({ kind: 'success', response, stats }),
    onError: (error, _context, _details, stats) => results.push({ kind: 'error', error, stats }),
    onTimeout: (stats) => results.push({ kind: 'timeout', stats }),
    onAbort: (stats) => results.push({ kind: 'abort', stats }),
  });
  return { loader, results };
}

export const manifest = (url: string) => ({ url, type: 'manifest', level: 0, levelOrTrack: null }) as never;

export const segment = (url: string, baseurl: string, range: object = {}) =>
  ({
    url,
    responseType: 'arraybuffer',
    type: 'media-fragment',
    frag: { baseurl, type: 'main', level: 1, sn: 7 },
    part: null,
    ...range,
  }) as never;

/** Lets requests and responses pass, and the time in which streams wait for others to share a request. */
export const pass = (time: FakeClock): Promise<void> => time.advance(20);
