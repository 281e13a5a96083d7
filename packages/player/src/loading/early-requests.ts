import type { Authorizer } from '@gatecast/token';
import type { PeekedResource } from './peek-playlist.js';
import { requestMedia, type MediaResponse } from './request-media.js';
import { deferred, type Deferred } from '@gatecast/element';

/** A live playlist older than this says less than a new request. */
const PLAYLIST_AGE_MS = 4000;

interface EarlyRequest {
  readonly response: Promise<MediaResponse>;
  readonly madeAtMs: number;
  readonly isPlaylist: boolean;
}

/** A playlist that was asked for and is not there yet; most of that time its request waits for its token. */
interface AwaitedPlaylist {
  readonly standIn: Deferred<MediaResponse>;
  readonly request: AbortController;
}

/**
 * Requests made before the engine is there to make them. The engine's loader takes each answer once, in place of a
 * request of its own; one that failed or grew old is not taken, so that the engine asks again in its own way.
 */
export class EarlyRequests {
  readonly #authorizer: Authorizer;
  readonly #signal: AbortSignal;
  readonly #requests = new Map<string, EarlyRequest>();
  readonly #awaited = new Map<string, AwaitedPlaylist>();

  constructor(authorizer: Authorizer, signal: AbortSignal) {
    this.#authorizer = authorizer;
    this.#signal = signal;
    signal.addEventListener(
      'abort',
      () => {
        for (const { request } of this.#awaited.values()) request.abort(signal.reason);
      },
      { once: true },
    );
  }

  /** Playlists that came with the token response answer the first requests for them. */
  offerPlaylists(playlists: Readonly<Record<string, string>>, baseUrl: string): void {
    for (const [address, text] of Object.entries(playlists)) {
      const url = new URL(address, baseUrl).href;
      const nowMs = performance.now();
      const timing = { startMs: nowMs, firstByteMs: nowMs, endMs: nowMs };
      const key = keyOf(url, 0);
      const response = { url, status: 200, data: text, headers: new Headers(), timing };
      void this.#keep(key, Promise.resolve(response), true);
      // The same answer brings the token that this playlist's own request waits for: unless that is called off now,
      // it is sent, and what follows waits a round trip for what is here already.
      const awaited = this.#awaited.get(key);
      awaited?.standIn.resolve(response);
      awaited?.request.abort();
    }
  }

  /** Requests a playlist unless it is here already. */
  playlist(url: string, stream: string): Promise<MediaResponse> {
    const key = keyOf(url, 0);
    const known = this.#requests.get(key);
    if (known) return known.response;
    return this.#keep(key, this.#awaitPlaylist(key, url, stream), true);
  }

  /** Requests an init or media segment. */
  segment({ url, range }: PeekedResource, stream: string): void {
    const key = keyOf(url, range?.start ?? 0);
    if (this.#requests.has(key)) return;
    const request = { url, stream, range, responseType: 'arraybuffer' } as const;
    void this.#keep(key, requestMedia(this.#authorizer, request, { signal: this.#signal }), false);
  }

  /** The answer to a request of the engine, if it was made early; `null` otherwise. */
  take(url: string, rangeStart = 0): Promise<MediaResponse> | null {
    const key = keyOf(url, rangeStart);
    const early = this.#requests.get(key);
    if (!early) return null;
    this.#requests.delete(key);
    const isStale = early.isPlaylist && performance.now() - early.madeAtMs > PLAYLIST_AGE_MS;
    return isStale ? null : early.response;
  }

  /** Lets go of what the engine did not ask for. */
  clear(): void {
    this.#requests.clear();
  }

  async #awaitPlaylist(key: string, url: string, stream: string): Promise<MediaResponse> {
    this.#signal.throwIfAborted();
    const awaited = { standIn: deferred<MediaResponse>(), request: new AbortController() };
    const { signal } = awaited.request;
    this.#awaited.set(key, awaited);
    const request = { url, stream, responseType: 'text' } as const;
    try {
      return await Promise.race([
        awaited.standIn.promise,
        requestMedia(this.#authorizer, request, { signal }),
      ]);
    } finally {
      if (this.#awaited.get(key) === awaited) this.#awaited.delete(key);
    }
  }

  #keep(key: string, response: Promise<MediaResponse>, isPlaylist: boolean): Promise<MediaResponse> {
    // The code that takes the answer gets the error; until then it is not unhandled.
    response.catch(() => undefined);
    this.#requests.set(key, { response, madeAtMs: performance.now(), isPlaylist });
    return response;
  }
}

function keyOf(url: string, rangeStart: number): string {
  return `${String(rangeStart)} ${url}`;
}
