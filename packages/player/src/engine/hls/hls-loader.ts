import {
  createMediaLoader,
  mediaRequestOf,
  timeLimitsOf,
  type LoaderRun,
  type MediaLoaderClass,
} from '@gatecast/adapters/hls.js';
import type { MediaResponse } from '@gatecast/token';
import type { Fragment, FragmentLoaderContext, LoaderConfiguration, LoaderContext } from 'hls.js';
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

export type HlsLoaderClass = MediaLoaderClass;

/** Creates the loader that sends every request of hls.js: playlists, segments, init segments and keys. */
export function createHlsLoader(host: HlsLoaderHost): HlsLoaderClass {
  const addresses = new ChildAddresses(host);

  return createMediaLoader({
    // hls.js 1.7 takes this for the end of the init segment that it loads next, and may stand still.
    isForgotten: (context) => host.isRestarting() && isInitSegment(context),
    onBroken: (cause) => {
      host.onBroken(cause);
    },
    onSegment: (fragment, data) => {
      host.onSegment(fragment, data);
    },
    async send(context, config, run) {
      const composed = host.answer(context.url);
      if (composed !== null) return localResponse(context.url, host.edit(composed));
      return host.guard(context, config, run.signal, async () => {
        const response = await request(context, config, run);
        const { data, url } = response;
        if (typeof data !== 'string' || 'frag' in context) return response;
        host.check(data, url);
        return { ...response, data: host.edit(data) };
      });
    },
  });

  async function request(
    context: LoaderContext,
    config: LoaderConfiguration,
    { signal, stats, onProgress }: LoaderRun,
  ): Promise<MediaResponse> {
    const options = {
      ...timeLimitsOf(config),
      signal,
      onProgress: (loaded: number, total: number) => {
        onProgress(loaded, total);
        if ('frag' in context && performance.now() - stats.loading.start > SLOW_MS) host.onSlowBytes();
      },
    };
    const outer = mediaRequestOf(context, host.streamOf(context));
    const response = addresses.remember(
      outer,
      (await early(context, options.onProgress)) ?? (await addresses.request(outer, options)),
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
  async function early(
    context: LoaderContext,
    onProgress: LoaderRun['onProgress'],
  ): Promise<MediaResponse | null> {
    try {
      return await host.early.take(context.url, context.rangeStart ?? 0, onProgress);
    } catch {
      return null;
    }
  }
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
