import type { Authorizer } from '@gatecast/token';
import type { PeekedResource } from './peek-playlist.js';
import { requestMedia, type MediaResponse } from './request-media.js';

/** A live playlist older than this says less than a new request. */
const PLAYLIST_AGE_MS = 4000;

interface EarlyRequest {
  readonly response: Promise<MediaResponse>;
  readonly madeAtMs: number;
  readonly isPlaylist: boolean;
}

/**
 * Requests made before the engine is there to make them. The engine's loader takes each answer once, in place of a
 * request of its own; one that failed or grew old is not taken, so that the engine asks again in its own way.
 */
export class EarlyRequests {
  readonly #authorizer: Authorizer;
  readonly #signal: AbortSignal;
  readonly #requests = new Map<string, EarlyRequest>();

  constructor(authorizer: Authorizer, signal: AbortSignal) {
    this.#authorizer = authorizer;
    this.#signal = signal;
  }

  /** Playlists that came with the token answer stand in for the first requests of them. */
  offerPlaylists(playlists: Readonly<Record<string, string>>, baseUrl: string): void {
    for (const [key, text] of Object.entries(playlists)) {
      const url = new URL(key, baseUrl).href;
      const nowMs = performance.now();
      const timing = { startMs: nowMs, firstByteMs: nowMs, endMs: nowMs };
      void this.#keep(
        keyOf(url, 0),
        Promise.resolve({ url, status: 200, data: text, headers: new Headers(), timing }),
        true,
      );
    }
  }

  /** Requests a playlist unless it is here already. */
  playlist(url: string, stream: string): Promise<MediaResponse> {
    const key = keyOf(url, 0);
    const known = this.#requests.get(key);
    if (known) return known.response;
    const request = { url, stream, responseType: 'text' } as const;
    return this.#keep(key, requestMedia(this.#authorizer, request, { signal: this.#signal }), true);
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

  #keep(key: string, response: Promise<MediaResponse>, isPlaylist: boolean): Promise<MediaResponse> {
    // Whoever takes the answer meets the error; until then it is nobody's.
    response.catch(() => undefined);
    this.#requests.set(key, { response, madeAtMs: performance.now(), isPlaylist });
    return response;
  }
}

function keyOf(url: string, rangeStart: number): string {
  return `${String(rangeStart)} ${url}`;
}
