import { GatecastError, type MediaRequest, type MediaResponse, type MediaTiming } from '@gatecast/token';
import type {
  Fragment,
  FragmentLoaderContext,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  LoaderStats,
} from 'hls.js';
import { ChildAddresses, type ChildAddressesHost } from './child-addresses.js';
import type { RequestGuard } from './request-guard.js';

export interface HlsLoaderHost extends ChildAddressesHost {
  /** The stream whose token a request needs. */
  streamOf(context: LoaderContext): string;
  /** A response for which no request is sent: the composed multivariant playlist. */
  answer(url: string): string | null;
  /** Called with each response. Returns the URL to load instead, if that for a level is a multivariant playlist. */
  follow(response: MediaResponse, context: LoaderContext): string | null;
  /** Checks a playlist before hls.js reads it. @throws GatecastError */
  check(text: string, url: string): void;
  /** Changes a playlist before hls.js reads it. */
  edit(text: string): string;
  /** Called if hls.js throws as it reads a response: it reports no error itself. */
  onBroken(cause: unknown): void;
  /** Called with a segment before hls.js reads it. */
  onSegment(fragment: Fragment, data: ArrayBuffer): void;
  /** Called when bytes of a segment arrive that has been loading for some seconds. */
  onSlowBytes(): void;
  /** Does hls.js stop and start its loads at this moment? */
  isRestarting(): boolean;
  /** Sends a request: waits after failures, and may answer in place of the origin. */
  guard: RequestGuard['run'];
}

/** A segment that loads for longer than this may be why playback stands still. */
const SLOW_MS = 3000;

export type HlsLoaderClass = new (config: unknown) => Loader<LoaderContext>;

/**
 * Creates the loader that sends every request of hls.js: playlists, segments, init segments and keys.
 *
 * hls.js never gets a token: each response has the URL that hls.js requested, not the signed one.
 */
export function createHlsLoader(host: HlsLoaderHost): HlsLoaderClass {
  const addresses = new ChildAddresses(host);

  return class HlsLoader implements Loader<LoaderContext> {
    context: LoaderContext | null = null;
    stats = newStats();
    #controller = new AbortController();
    #callbacks: LoaderCallbacks<LoaderContext> | null = null;
    #headers: Headers | null = null;

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
      // hls.js 1.7 takes this for the end of the init segment that it loads next, and may stand still.
      const isForgotten = host.isRestarting() && context !== null && isInitSegment(context);
      if (callbacks && context && !isForgotten) callbacks.onAbort?.(stats, context, null);
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
        const response = await this.#request(context, config);
        if (this.#callbacks !== callbacks) return;
        this.#callbacks = null;
        this.#headers = response.headers;
        record(stats, response.timing, sizeOf(response.data));
        const { url, status, data } = response;
        isAnswered = true;
        if (isSegment(context) && data instanceof ArrayBuffer) host.onSegment(context.frag, data);
        // As the default loader does: hls.js counts these bytes for its bandwidth estimate.
        callbacks.onProgress?.(stats, context, data as string | ArrayBuffer, null);
        callbacks.onSuccess({ url, code: status, data: data as string | ArrayBuffer }, stats, context, null);
      } catch (error) {
        if (isAnswered) host.onBroken(error);
        if (this.#callbacks !== callbacks) return;
        this.#callbacks = null;
        if (error instanceof DOMException && error.name === 'TimeoutError') {
          callbacks.onTimeout(stats, context, null);
          return;
        }
        const typed = error instanceof GatecastError ? error : null;
        callbacks.onError(
          { code: typed?.status ?? 0, text: typed?.message ?? 'request failed' },
          context,
          null,
          stats,
        );
      }
    }

    async #request(context: LoaderContext, config: LoaderConfiguration): Promise<MediaResponse> {
      const composed = host.answer(context.url);
      if (composed !== null) return localResponse(context.url, host.edit(composed));
      return host.guard(context, config, this.#controller.signal, async () => {
        const response = await this.#send(context, config);
        const { data, url } = response;
        if (typeof data !== 'string' || 'frag' in context) return response;
        host.check(data, url);
        return { ...response, data: host.edit(data) };
      });
    }

    async #send(context: LoaderContext, config: LoaderConfiguration): Promise<MediaResponse> {
      const { maxTimeToFirstByteMs, maxLoadTimeMs } = config.loadPolicy;
      const options = {
        signal: this.#controller.signal,
        firstByteTimeoutMs: limit(maxTimeToFirstByteMs),
        totalTimeoutMs: limit(maxLoadTimeMs),
        onProgress: (loaded: number, total: number) => {
          this.stats.loaded = loaded;
          if (total > 0) this.stats.total = total;
          if ('frag' in context && performance.now() - this.stats.loading.start > SLOW_MS) host.onSlowBytes();
        },
      };
      const outer = mediaRequest(context, host);
      const response = addresses.remember(
        outer,
        (await this.#early(context, options.onProgress)) ?? (await addresses.request(outer, options)),
      );
      const inner = host.follow(response, context);
      if (inner === null) return response;
      const followed = { ...outer, url: inner };
      const media = addresses.remember(
        followed,
        (await host.early.take(inner)) ?? (await addresses.request(followed, options)),
      );
      host.follow(media, context);
      return media;
    }

    /** The response of an early request; `null` if it failed, so that the engine's own request reports the reason. */
    async #early(
      context: LoaderContext,
      onProgress: (loadedBytes: number, totalBytes: number) => void,
    ): Promise<MediaResponse | null> {
      try {
        return await host.early.take(context.url, context.rangeStart ?? 0, onProgress);
      } catch {
        return null;
      }
    }
  };
}

function mediaRequest(context: LoaderContext, host: HlsLoaderHost): MediaRequest {
  const { url, responseType, rangeStart, rangeEnd, headers } = context;
  return {
    url,
    context,
    stream: host.streamOf(context),
    responseType: responseType === 'arraybuffer' || responseType === 'json' ? responseType : 'text',
    range: rangeEnd ? { start: rangeStart ?? 0, end: rangeEnd } : null,
    ...(headers && { headers }),
  };
}

/** Is it a segment, or the first part of one? */
function isSegment(context: LoaderContext): context is FragmentLoaderContext {
  return 'part' in context && !(context as FragmentLoaderContext).part?.index;
}

function isInitSegment(context: LoaderContext): boolean {
  return 'frag' in context && (context as FragmentLoaderContext).frag.sn === 'initSegment';
}

function localResponse(url: string, data: string): MediaResponse {
  const nowMs = performance.now();
  return {
    url,
    status: 200,
    data,
    headers: new Headers(),
    timing: { startMs: nowMs, firstByteMs: nowMs, endMs: nowMs },
  };
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

/** A limit of hls.js, where 0 and `Infinity` mean that there is none. */
function limit(valueMs: number): number {
  return valueMs > 0 ? valueMs : Infinity;
}
