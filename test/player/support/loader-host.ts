import type { HlsLoaderHost } from '@gatecast/player/internal/engine/hls/hls-loader';

/** What surrounds a loader of hls.js with one open stream. */
export function loaderHost(part: Pick<HlsLoaderHost, 'early'> & Partial<HlsLoaderHost>): HlsLoaderHost {
  return {
    tokens: null,
    signal: new AbortController().signal,
    streamOf: () => 'demo',
    answer: () => null,
    follow: () => null,
    edit: (text) => text,
    check: () => undefined,
    onBroken: () => undefined,
    onSegment: () => undefined,
    onSlowBytes: () => undefined,
    isRestarting: () => false,
    guard: (_context, _config, _signal, send) => send(),
    ...part,
  };
}
