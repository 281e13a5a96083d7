import {
  requestMedia,
  type AnsweredMedia,
  type Authorizer,
  type EditPlaylist,
  type MediaRequest,
  type MediaRequestOptions,
  type MediaResponse,
} from '@gatecast/token';
import { readsQuery, resolveUri, type PeekedResource } from './peek-playlist.js';
import type { ReadPlaylist } from './reread-playlist.js';
import { deferred, type Deferred } from '@gatecast/element';

/** A playlist older than this is requested again. */
const PLAYLIST_AGE_MS = 4000;

interface EarlyRequest {
  readonly response: Promise<MediaResponse>;
  readonly madeAtMs: number;
  readonly isPlaylist: boolean;
  isPinned?: boolean;
  /** Set by the code that takes a response which is still coming in. */
  onProgress?: OnProgress | undefined;
}

type OnProgress = NonNullable<MediaRequestOptions['onProgress']>;

/** A playlist request without a response yet; most of that time it waits for its token. */
interface AwaitedPlaylist {
  readonly offered: Deferred<MediaResponse>;
  readonly request: AbortController;
}

/**
 * Requests that are sent before the engine is loaded. The engine's loader takes each response once, instead of sending
 * the request itself. A failed or old response is not used, so that the engine sends its own request.
 */
export class EarlyRequests {
  readonly #authorizer: Authorizer;
  readonly #signal: AbortSignal;
  readonly #credentials: () => RequestCredentials | undefined;
  readonly #transport: typeof requestMedia;
  readonly #requests = new Map<string, EarlyRequest>();
  readonly #awaited = new Map<string, AwaitedPlaylist>();
  /** What the engine knows of playlists, by their address without delivery directives. */
  readonly playlists = new Map<string, ReadPlaylist>();

  /**
   * @param credentials - the same as for the engine's own requests.
   * @param transport - sends all requests, of the engine too.
   */
  constructor(
    authorizer: Authorizer,
    signal: AbortSignal,
    credentials: () => RequestCredentials | undefined = () => undefined,
    transport: typeof requestMedia = requestMedia,
  ) {
    this.#authorizer = authorizer;
    this.#signal = signal;
    this.#credentials = credentials;
    this.#transport = transport;
    signal.addEventListener(
      'abort',
      () => {
        for (const { request } of this.#awaited.values()) request.abort(signal.reason);
      },
      { once: true },
    );
  }

  /**
   * Playlists that came with the token response answer the first requests for them. One whose address is not a URL answers
   * none; nor does one that reads the query of its address, which is that of a real request.
   *
   * @param edit - changes them first. @defaultValue not at all
   */
  offerPlaylists(
    playlists: Readonly<Record<string, string>>,
    baseUrl: string,
    edit: EditPlaylist = (text) => text,
  ): void {
    for (const [address, text] of Object.entries(playlists)) {
      // A playlist may name another one with a token of this page.
      const url = this.#authorizer.withoutTokens(resolveUri(address, baseUrl) ?? '');
      if (!url || readsQuery(text)) continue;
      const nowMs = performance.now();
      const timing = { startMs: nowMs, firstByteMs: nowMs, endMs: nowMs };
      const key = keyOf(url, 0);
      const data = edit(this.#authorizer.withoutTokens(text, url));
      const response = { url, status: 200, data, headers: new Headers(), timing };
      this.#keep(key, Promise.resolve(response), true);
      // The token response also has the token for which this playlist's own request waits. Unless that request is
      // aborted now, it is sent, and the following requests wait a round trip for a playlist that is already here.
      const awaited = this.#awaited.get(key);
      awaited?.offered.resolve(response);
      awaited?.request.abort();
    }
  }

  /** Segments that come after the token response answer the first requests for them. What does not come is requested. */
  offerMedia(media: readonly AnsweredMedia[], baseUrl: string): void {
    for (const { url: address, rangeStart, data, sentAtMs } of media) {
      const url = this.#authorizer.withoutTokens(resolveUri(address, baseUrl) ?? '');
      // From when the response was asked for: its bytes may wait for the page, and would look faster than they were.
      const startMs = sentAtMs - performance.timeOrigin;
      const response = data.then((bytes) => ({
        url,
        status: 200,
        data: bytes,
        headers: new Headers(),
        timing: { startMs, firstByteMs: startMs, endMs: performance.now() },
      }));
      this.#keep(keyOf(url, rangeStart), response, false);
    }
  }

  /** Requests a playlist, unless that was done before. */
  async playlist(url: string, stream: string): Promise<MediaResponse> {
    const key = keyOf(url, 0);
    const request = { url, stream, responseType: 'text' } as const;
    const known = this.#requests.get(key) ?? this.#keep(key, this.#awaitPlaylist(key, request), true);
    const response = await known.response;
    this.playlists.set(url, { request, response });
    return response;
  }

  /** Requests an init or media segment, unless that was done before. */
  segment({ url, range }: PeekedResource, stream: string): void {
    const key = keyOf(url, range?.start ?? 0);
    if (this.#requests.has(key)) return;
    const request = { url, stream, range, responseType: 'arraybuffer' } as const;
    const onProgress: OnProgress = (...progress) => early.onProgress?.(...progress);
    const response = this.send(request, { signal: this.#signal, onProgress });
    const early = this.#keep(key, response, false);
  }

  /** The response to a request that the engine has not taken yet; it stays for the engine. */
  find({ url, range }: PeekedResource): Promise<MediaResponse> | null {
    return this.#requests.get(keyOf(url, range?.start ?? 0))?.response ?? null;
  }

  /** Lets a playlist answer the engine's first request for it however old it is: its segments are shown already. */
  pin(url: string): void {
    const early = this.#requests.get(keyOf(url, 0));
    if (early) early.isPinned = true;
  }

  /**
   * The response to an early request; `null` if there is none, or an old one.
   *
   * @param onProgress - called with the bytes that arrive from now on.
   */
  take(url: string, rangeStart = 0, onProgress?: OnProgress): Promise<MediaResponse> | null {
    const key = keyOf(url, rangeStart);
    const early = this.#requests.get(key);
    if (!early) return null;
    this.#requests.delete(key);
    early.onProgress = onProgress;
    const isStale =
      early.isPlaylist && !early.isPinned && performance.now() - early.madeAtMs > PLAYLIST_AGE_MS;
    return isStale ? null : early.response;
  }

  /** Discards responses that the engine has not taken. */
  clear(): void {
    this.#requests.clear();
  }

  async #awaitPlaylist(key: string, request: MediaRequest): Promise<MediaResponse> {
    this.#signal.throwIfAborted();
    const awaited = { offered: deferred<MediaResponse>(), request: new AbortController() };
    const { signal } = awaited.request;
    this.#awaited.set(key, awaited);
    try {
      return await Promise.race([
        awaited.offered.promise,
        // As in hls.js, the first playlist has no limit of its own for the first byte.
        this.send(request, { signal, firstByteTimeoutMs: Infinity }),
      ]);
    } finally {
      if (this.#awaited.get(key) === awaited) this.#awaited.delete(key);
    }
  }

  /** Sends a request now, with its stream's token. */
  send(request: MediaRequest, options: MediaRequestOptions): Promise<MediaResponse> {
    const credentials = this.#credentials();
    return this.#transport(this.#authorizer, { ...request, ...(credentials && { credentials }) }, options);
  }

  #keep(key: string, response: Promise<MediaResponse>, isPlaylist: boolean): EarlyRequest {
    // The code that takes the response gets the error; until then it must not count as unhandled.
    response.catch(() => {
      if (this.#requests.get(key) === early) this.#requests.delete(key);
    });
    const early: EarlyRequest = { response, madeAtMs: performance.now(), isPlaylist };
    this.#requests.set(key, early);
    return early;
  }
}

function keyOf(url: string, rangeStart: number): string {
  return `${String(rangeStart)} ${url}`;
}
