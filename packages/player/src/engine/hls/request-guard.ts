import { delay, GatecastError, systemClock, type Clock, type MediaResponse } from '@gatecast/token';
import type {
  Fragment,
  KeyLoaderContext,
  LoaderConfiguration,
  LoaderContext,
  PlaylistLoaderContext,
} from 'hls.js';
import { invalidSource } from '../../source/source-errors.js';
import { KeptPlaylists } from './kept-playlists.js';
import { isTimeout, manifestRetryMs } from './manifest-retries.js';
import { RequestPace } from './request-pace.js';

export interface GuardOptions {
  /** Can another rendition play at once? */
  readonly hasAlternative: () => boolean;
  /** Called with the error of a failed request if no other rendition can play. */
  readonly onTrouble?: (error: GatecastError) => void;
  readonly clock?: Clock;
  readonly pace?: RequestPace;
  readonly kept?: KeptPlaylists;
}

/** Bytes of a key, by the METHOD of EXT-X-KEY (RFC 8216bis, 4.4.4.4). */
const KEY_BYTES: ReadonlyMap<string, number> = new Map([
  ['AES-128', 16],
  ['AES-256', 32],
  ['AES-256-CTR', 32],
]);
/** Addresses that are remembered of segments that have come and are not in the buffer. */
const MAX_DELIVERED = 64;

/** Stands between hls.js and the network: paces requests after failures, and answers failed reloads of live playlists. */
export class RequestGuard {
  readonly #options: GuardOptions;
  readonly #clock: Clock;
  readonly #pace: RequestPace;
  readonly #kept: KeptPlaylists;
  /** The typed error of a request, by the segment or the playlist request that hls.js reports it for. */
  readonly #errors = new WeakMap<object, GatecastError>();
  /** When segments have come since one was last buffered, by type. */
  readonly #delivered = new Map<string, Map<string, number>>();

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pace = options.pace ?? new RequestPace();
    this.#kept = options.kept ?? new KeptPlaylists();
  }

  /**
   * Sends a request, after a wait if it follows failures.
   *
   * @param send - sends the request and checks its response.
   * @throws GatecastError, DOMException as `send` does.
   */
  async run(
    context: LoaderContext,
    config: Pick<LoaderConfiguration, 'loadPolicy'>,
    signal: AbortSignal,
    send: () => Promise<MediaResponse>,
  ): Promise<MediaResponse> {
    const kind = kindOf(context);
    const address = addressOf(context);
    this.#noteRepetition(context);
    for (let attempt = 0; ; attempt += 1) {
      const waitMs = this.#pace.waitMs(kind, address);
      if (waitMs > 0) await delay(this.#clock, waitMs, signal);
      try {
        return this.#accept(context, await send());
      } catch (error) {
        if (signal.aborted) throw error;
        this.#noteFailure(context, error);
        const kept = isTimeout(error) ? null : this.#keptAnswer(context);
        if (kept) return kept;
        const retryMs = isFirstPlaylist(context) ? manifestRetryMs(config.loadPolicy, error, attempt) : null;
        if (retryMs === null) throw error;
        await delay(this.#clock, retryMs, signal);
      }
    }
  }

  /** The typed error of the request that an error of hls.js is about; `null` if no request failed. */
  errorOf({
    frag,
    context,
  }: {
    frag?: object | undefined;
    context?: object | undefined;
  }): GatecastError | null {
    const subject = frag ?? context;
    return (subject && this.#errors.get(subject)) ?? null;
  }

  /** Called when hls.js could not use the content of a segment. */
  unusable(fragment: Pick<Fragment, 'type' | 'url'>): void {
    this.#delivered.delete(fragment.type);
    this.#pace.failed(fragment.type, fragment.url, null);
  }

  /** Called when a segment is in the buffer. */
  used(fragment: { readonly type: string }): void {
    this.#delivered.delete(fragment.type);
    this.#pace.succeeded(fragment.type);
  }

  #accept(context: LoaderContext, response: MediaResponse): MediaResponse {
    checkKey(context, response);
    this.#noteDelivery(context);
    const answer = isSegment(context) ? response : this.#take(context, response);
    this.#errors.delete(subjectOf(context));
    // The content of a segment may still be unusable.
    if (!isSegment(context)) this.#pace.succeeded(kindOf(context));
    return answer;
  }

  #noteDelivery(context: LoaderContext): void {
    const segment = segmentKey(context);
    if (segment === null) return;
    const kind = kindOf(context);
    const before = this.#delivered.get(kind);
    const delivered = before && before.size < MAX_DELIVERED ? before : new Map<string, number>();
    this.#delivered.set(kind, delivered.set(segment, this.#pace.nowMs));
  }

  /** hls.js may load a segment that it cannot use again and again, without an error. */
  #noteRepetition(context: LoaderContext): void {
    const kind = kindOf(context);
    const delivered = this.#delivered.get(kind);
    const segment = segmentKey(context) ?? '';
    const atMs = delivered?.get(segment);
    if (atMs === undefined) return;
    delivered?.delete(segment);
    this.#pace.repeated(kind, atMs);
  }

  #take(context: LoaderContext, response: MediaResponse): MediaResponse {
    const { data, url } = response;
    if (typeof data !== 'string') return response;
    if (isMediaPlaylistRequest(context))
      return this.#kept.take(addressOf(context), response, wantsDelta(context));
    // The only playlist of a stream, whose reloads are those of a level.
    return isFirstPlaylist(context) && data.includes('#EXTINF:')
      ? this.#kept.take(url, response, false)
      : response;
  }

  #keptAnswer(context: LoaderContext): MediaResponse | null {
    if (!isMediaPlaylistRequest(context)) return null;
    return this.#kept.answerFor(addressOf(context), wantsDelta(context), this.#options.hasAlternative());
  }

  #noteFailure(context: LoaderContext, error: unknown): void {
    const typed = error instanceof GatecastError ? error : null;
    if (typed) this.#errors.set(subjectOf(context), typed);
    else this.#errors.delete(subjectOf(context));
    this.#pace.failed(kindOf(context), addressOf(context), typed);
    if (typed && !this.#options.hasAlternative()) this.#options.onTrouble?.(typed);
  }
}

function isSegment(context: LoaderContext): context is LoaderContext & { frag: Fragment } {
  return 'frag' in context;
}

/** Identifies a segment of media; `null` for its parts, init segment and key, and for everything else. */
function segmentKey(context: LoaderContext): string | null {
  if (!isSegment(context) || context.frag.sn === 'initSegment' || context.frag.url !== context.url)
    return null;
  return `${context.url} ${context.rangeStart ?? 0}`;
}

/** @throws GatecastError `source-invalid` if a key has another length than its method needs: it would spoil the segments. */
function checkKey(context: LoaderContext, { data }: MediaResponse): void {
  const method = (context as Partial<KeyLoaderContext>).keyInfo?.decryptdata.method;
  const bytes = method === undefined ? undefined : KEY_BYTES.get(method);
  if (bytes === undefined || !(data instanceof ArrayBuffer) || data.byteLength === bytes) return;
  throw invalidSource('The key', `it has ${data.byteLength} bytes instead of ${bytes}`);
}

function subjectOf(context: LoaderContext): object {
  return isSegment(context) ? context.frag : context;
}

function kindOf(context: LoaderContext): string {
  if (isSegment(context)) return context.frag.type;
  return `${typeOf(context)} playlist`;
}

function typeOf(context: LoaderContext): string {
  return (context as Partial<PlaylistLoaderContext>).type ?? '';
}

function isFirstPlaylist(context: LoaderContext): boolean {
  return typeOf(context) === 'manifest';
}

function isMediaPlaylistRequest(context: LoaderContext): context is PlaylistLoaderContext {
  return ['level', 'audioTrack', 'subtitleTrack'].includes(typeOf(context));
}

/** The address without delivery directives (`_HLS_msn`, …), which differ from one reload to the next. */
function addressOf(context: LoaderContext): string {
  const { levelOrTrack } = context as Partial<PlaylistLoaderContext>;
  if (!levelOrTrack) return context.url;
  return 'uri' in levelOrTrack ? levelOrTrack.uri : levelOrTrack.url;
}

function wantsDelta({ deliveryDirectives }: PlaylistLoaderContext): boolean {
  return Boolean(deliveryDirectives?.skip);
}
