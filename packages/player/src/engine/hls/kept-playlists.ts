import { redactUrl, type GatecastError, type MediaResponse } from '@gatecast/token';
import { emptyPlaylist, notHls } from '../../source/source-errors.js';

/** How long the last good playlist of a live stream answers for failed reloads. */
const KEEP_MS = 15_000;
/** If another rendition can play, so many failed reloads in a row are answered. */
const KEPT_RELOADS_WITH_ALTERNATIVE = 1;
/** So many older or cut playlists in a row are ignored; then the stream is really like that, such as after a restart. */
const IGNORED_ANSWERS = 3;

interface KeptPlaylist {
  readonly response: MediaResponse;
  readonly shape: PlaylistShape;
  readonly atMs: number;
  failures: number;
  ignored: number;
}

/** What is compared between two versions of a live playlist. */
interface PlaylistShape {
  readonly isLive: boolean;
  readonly isDelta: boolean;
  readonly endsWithNewline: boolean;
  /** Media sequence number after the last segment. */
  readonly endSequence: number;
  readonly segments: ReadonlySet<string>;
}

/**
 * The last good playlist of each live rendition. It answers for a reload that fails, is not a playlist, is cut off, or is
 * older: the player then sees an unchanged playlist, reloads it at its usual pace and plays its buffer.
 */
export class KeptPlaylists {
  readonly #kept = new Map<string, KeptPlaylist>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Takes the response to a reload.
   *
   * @param key - address of the playlist without delivery directives (`_HLS_msn`, …).
   * @returns the response, or the kept one if this is older or cut off.
   * @throws GatecastError `source-not-hls`, `source-invalid` for a response that is not a media playlist.
   */
  take(key: string, response: MediaResponse, wantsDelta: boolean): MediaResponse {
    const text = String(response.data);
    const kept = this.#kept.get(key);
    const fault = faultOf(text, redactUrl(response.url));
    if (fault) throw fault;
    const shape = shapeOf(text);
    if (kept && kept.ignored < IGNORED_ANSWERS && (isOlder(shape, kept.shape) || isCut(shape, kept.shape))) {
      const old = this.#answer(kept, wantsDelta);
      if (old) {
        kept.ignored += 1;
        return old;
      }
    }
    if (shape.isLive) this.#kept.set(key, { response, shape, atMs: this.#now(), failures: 0, ignored: 0 });
    else this.#kept.delete(key);
    return response;
  }

  /** The response for a failed reload; `null` if the failure must be reported. */
  answerFor(key: string, wantsDelta: boolean, hasAlternative: boolean): MediaResponse | null {
    const kept = this.#kept.get(key);
    if (!kept || this.#now() - kept.atMs > KEEP_MS) return null;
    kept.failures += 1;
    if (hasAlternative && kept.failures > KEPT_RELOADS_WITH_ALTERNATIVE) return null;
    return this.#answer(kept, wantsDelta);
  }

  #answer({ response, shape }: KeptPlaylist, wantsDelta: boolean): MediaResponse | null {
    // A player that asks for a full playlist could not merge this one.
    if (shape.isDelta && !wantsDelta) return null;
    const nowMs = this.#now();
    // Without the headers: their Age was that of the first response.
    return {
      ...response,
      headers: new Headers(),
      timing: { startMs: nowMs, firstByteMs: nowMs, endMs: nowMs },
    };
  }
}

/** Why a text is not a media playlist; `null` if it is one. */
export function faultOf(text: string, name: string): GatecastError | null {
  if (text.trim() === '') return emptyPlaylist(name);
  if (!/^\uFEFF?#EXTM3U/.test(text)) return notHls(name);
  return /^#EXT(?:INF|-X-PART):/m.test(text) ? null : emptyPlaylist(name);
}

function shapeOf(text: string): PlaylistShape {
  const segments = text.split(/\r\n?|\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const skipped = number(/^#EXT-X-SKIP:.*SKIPPED-SEGMENTS=(\d+)/m);
  return {
    isLive: !/^#EXT-X-ENDLIST/m.test(text),
    isDelta: skipped > 0,
    endsWithNewline: /[\r\n]$/.test(text),
    endSequence: number(/^#EXT-X-MEDIA-SEQUENCE: *(\d+)/m) + skipped + segments.length,
    segments: new Set(segments),
  };
}

/** Is a playlist an earlier version of another one: does it end before it, with segments that the other one has? */
function isOlder(next: PlaylistShape, kept: PlaylistShape): boolean {
  if (!next.isLive || next.endSequence >= kept.endSequence) return false;
  return [...next.segments].some((segment) => kept.segments.has(segment));
}

/** Does a playlist end in the middle of a line? Its last address may be incomplete. */
function isCut(next: PlaylistShape, kept: PlaylistShape): boolean {
  return kept.endsWithNewline && !next.endsWithNewline;
}
