import { GatecastError, type MediaRequest, type MediaResponse, type MediaTiming } from '@gatecast/token';
import type {
  Fragment,
  FragmentLoaderContext,
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  LoaderStats,
} from 'hls.js';

/** One request of a loader. */
export interface LoaderRun {
  /** Aborts when hls.js needs the response no longer. */
  readonly signal: AbortSignal;
  readonly stats: LoaderStats;
  readonly onProgress: (loadedBytes: number, totalBytes: number) => void;
  /** Options of the hls.js, which may be one that another hls.js has created. */
  readonly hlsConfig?: Partial<HlsConfig> | undefined;
}

/** What surrounds the loaders of one hls.js. */
export interface MediaLoaderHost {
  /** Sends the request of a loader. @throws GatecastError, or DOMException `TimeoutError`. */
  send(context: LoaderContext, config: LoaderConfiguration, run: LoaderRun): Promise<MediaResponse>;
  /** Called with a segment, or its first part, before hls.js reads it. */
  onSegment?(fragment: Fragment, data: ArrayBuffer): void;
  /** Called if hls.js throws as it reads a response: it reports no error itself. */
  onBroken?(cause: unknown): void;
  /** Does hls.js hear nothing of an abort? @defaultValue it does */
  isForgotten?(context: LoaderContext): boolean;
}

export type MediaLoaderClass = new (config?: Partial<HlsConfig>) => Loader<LoaderContext>;

/**
 * Creates the loader that sends every request of hls.js: playlists, segments, init segments and keys. Both
 * `<secure-player>` and `withTokens` use it.
 *
 * hls.js never gets a token: each response has the URL that hls.js requested, not the signed one.
 */
export function createMediaLoader(host: MediaLoaderHost): MediaLoaderClass {
  return class MediaLoader implements Loader<LoaderContext> {
    context: LoaderContext | null = null;
    stats = newStats();
    #controller = new AbortController();
    #callbacks: LoaderCallbacks<LoaderContext> | null = null;
    #headers: Headers | null = null;
    readonly #hlsConfig: Partial<HlsConfig> | undefined;

    constructor(hlsConfig?: Partial<HlsConfig>) {
      this.#hlsConfig = hlsConfig;
    }

    load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      this.context = context;
      this.#callbacks = callbacks;
      this.stats.loading.start = performance.now();
      void this.#run(context, config, callbacks);
    }

    abort(): void {
      const { context, stats } = this;
      const callbacks = this.#stop();
      if (callbacks && context && !host.isForgotten?.(context)) callbacks.onAbort?.(stats, context, null);
    }

    destroy(): void {
      this.#stop();
      this.context = null;
    }

    getCacheAge(): number | null {
      const age = this.#headers?.get('Age');
      return age ? parseFloat(age) : null;
    }

    getResponseHeader(name: string): string | null {
      return this.#headers?.get(name) ?? null;
    }

    #stop(): LoaderCallbacks<LoaderContext> | null {
      const callbacks = this.#callbacks;
      this.#callbacks = null;
      if (!callbacks) return null;
      this.stats.aborted = true;
      this.#controller.abort();
      return callbacks;
    }

    async #run(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): Promise<void> {
      const { stats } = this;
      let isAnswered = false;
      try {
        const response = await host.send(context, config, {
          signal: this.#controller.signal,
          stats,
          hlsConfig: this.#hlsConfig,
          onProgress: (loaded, total) => {
            stats.loaded = loaded;
            if (total > 0) stats.total = total;
          },
        });
        if (this.#callbacks !== callbacks) return;
        this.#callbacks = null;
        this.#headers = response.headers;
        record(stats, response.timing, sizeOf(response.data));
        const { url, status, data } = response;
        isAnswered = true;
        if (isSegment(context) && data instanceof ArrayBuffer) host.onSegment?.(context.frag, data);
        // As the default loader does: hls.js counts these bytes for its bandwidth estimate.
        callbacks.onProgress?.(stats, context, data as string | ArrayBuffer, null);
        callbacks.onSuccess({ url, code: status, data: data as string | ArrayBuffer }, stats, context, null);
      } catch (error) {
        if (isAnswered) host.onBroken?.(error);
        if (this.#callbacks !== callbacks) return;
        this.#callbacks = null;
        if (isTimeout(error)) callbacks.onTimeout(stats, context, null);
        else {
          const { status = 0, message = 'request failed' } = error instanceof GatecastError ? error : {};
          callbacks.onError({ code: status, text: message }, context, null, stats);
        }
      }
    }
  };
}

/** The request that a loader is to send. */
export function mediaRequestOf(context: LoaderContext, stream: string): MediaRequest {
  const { url, responseType, rangeStart, rangeEnd, headers } = context;
  return {
    url,
    context,
    stream,
    responseType: responseType === 'arraybuffer' || responseType === 'json' ? responseType : 'text',
    range: rangeEnd ? { start: rangeStart ?? 0, end: rangeEnd } : null,
    ...(headers && { headers }),
  };
}

/** The limits of hls.js for a request, where 0 and `Infinity` mean that it has none. */
export function timeLimitsOf({ loadPolicy: { maxTimeToFirstByteMs, maxLoadTimeMs } }: LoaderConfiguration): {
  firstByteTimeoutMs: number;
  totalTimeoutMs: number;
} {
  return {
    firstByteTimeoutMs: maxTimeToFirstByteMs || Infinity,
    totalTimeoutMs: maxLoadTimeMs || Infinity,
  };
}

/** Did a request take longer than hls.js lets it? */
export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** Is it a segment, or the first part of one? */
function isSegment(context: LoaderContext): context is FragmentLoaderContext {
  return 'part' in context && !(context as FragmentLoaderContext).part?.index;
}

function newStats(): LoaderStats {
  return {
    aborted: false,
    loaded: 0,
    retry: 0,
    total: 0,
    chunkCount: 0,
    bwEstimate: 0,
    loading: { start: 0, first: 0, end: 0 },
    parsing: { start: 0, end: 0 },
    buffering: { start: 0, first: 0, end: 0 },
  };
}

/** Takes the times of the request alone: the wait for a token would lower the bandwidth estimate. */
function record(stats: LoaderStats, { startMs, firstByteMs, endMs }: MediaTiming, bytes: number): void {
  stats.loading = { start: startMs, first: firstByteMs, end: Math.max(endMs, firstByteMs) };
  stats.loaded = stats.total = bytes;
  stats.bwEstimate = (bytes * 8000) / Math.max(1, endMs - firstByteMs);
}

function sizeOf(data: unknown): number {
  return data instanceof ArrayBuffer ? data.byteLength : typeof data === 'string' ? data.length : 0;
}
