import { GatecastError } from '@gatecast/token';
import type { MuteChange } from '../element/webcaster-options.js';
import {
  isSameTrack,
  originOf,
  TRACK_KINDS,
  type CaptureRequest,
  type TrackKind,
} from './capture-request.js';
import { openTracks, resizeTrack } from './open-track.js';

/** What a capture tells the broadcast that uses it. */
export interface CaptureEvents {
  /** All tracks are about to be stopped; `isOpen` is false already. */
  onClosing(): void;
  /** A kind of track was exchanged, added or dropped. */
  onTrackChanged(kind: TrackKind, track: MediaStreamTrack | null): void;
  /** The browser's own "stop sharing", or a device that was unplugged. */
  onTrackEnded(kind: TrackKind): void;
}

interface OpenTrack {
  readonly track: MediaStreamTrack;
  /** Tracks of the page's own stream are shown and sent, never stopped. */
  readonly isOurs: boolean;
  readonly listeners: AbortController;
}

/** Camera, microphone and screen in one MediaStream that stays the same while its tracks are exchanged. */
export class Capture {
  readonly media = new MediaStream();
  readonly #events: CaptureEvents;
  readonly #tracks = new Map<TrackKind, OpenTrack>();
  readonly #muted: Required<MuteChange> = { audio: false, video: false };
  #wish: CaptureRequest | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  /** The last switch under way: asking for the same again must not ask the user again. */
  #latest: { wish: CaptureRequest; turn: Promise<void> } | null = null;
  #closes = 0;

  constructor(events: CaptureEvents) {
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#wish !== null;
  }

  get muted(): Readonly<Required<MuteChange>> {
    return this.#muted;
  }

  /**
   * Opens what the wish asks for, or switches to it: one switch at a time, in the order they were asked for.
   *
   * @throws GatecastError what stands in the way; what was open stays open then.
   */
  open(wish: CaptureRequest, signal: AbortSignal): Promise<void> {
    const latest = this.#latest;
    if (latest && isSameWish(latest.wish, wish) && !signal.aborted) return latest.turn;
    const closes = this.#closes;
    const turn = this.#turn.then(async () => {
      signal.throwIfAborted();
      if (closes !== this.#closes) throw closed();
      await this.#switch(wish, signal);
    });
    this.#latest = { wish, turn };
    this.#turn = turn
      .catch(() => undefined)
      .finally(() => {
        if (this.#latest?.turn === turn) this.#latest = null;
      });
    return turn;
  }

  /** Muted stays muted through switches and through closing: nobody is put on air by surprise. */
  setMuted(change: MuteChange): void {
    for (const kind of TRACK_KINDS) {
      const isMuted = change[kind];
      if (isMuted === undefined) continue;
      this.#muted[kind] = isMuted;
      const open = this.#tracks.get(kind);
      if (open) open.track.enabled = !isMuted;
    }
  }

  close(): void {
    this.#closes += 1;
    this.#wish = null;
    this.#latest = null;
    this.#events.onClosing();
    for (const kind of TRACK_KINDS) this.#drop(kind);
  }

  async #switch(wish: CaptureRequest, signal: AbortSignal): Promise<void> {
    const closes = this.#closes;
    const before = this.#wish;
    const changed = TRACK_KINDS.filter((kind) => !this.#serves(before, wish, kind));
    const opened = await this.#openTracks(wish, changed);
    if (closes !== this.#closes || signal.aborted) {
      if (!wish.media) for (const track of opened) track.stop();
      signal.throwIfAborted();
      throw closed();
    }
    if (!before && opened.length === 0) throw nothingToShow();
    this.#wish = wish;
    for (const kind of changed) {
      this.#exchange(
        kind,
        opened.find((track) => track.kind === kind),
        !wish.media,
      );
    }
    const video = this.#tracks.get('video');
    if (video && before && !changed.includes('video')) await resizeTrack(video.track, wish);
  }

  #serves(before: CaptureRequest | null, wish: CaptureRequest, kind: TrackKind): boolean {
    if (!before || !isSameTrack(before, wish, kind)) return false;
    const track = this.#tracks.get(kind)?.track;
    return originOf(wish, kind) === null || track?.readyState === 'live';
  }

  async #openTracks(wish: CaptureRequest, kinds: readonly TrackKind[]): Promise<MediaStreamTrack[]> {
    if (kinds.length === 0) return [];
    try {
      return await openTracks(wish, kinds);
    } catch (error) {
      // Phones open one camera at a time: give the old one back, then ask again.
      const isHeldByUs = kinds.some((kind) => this.#tracks.get(kind)?.isOurs);
      if (!isHeldByUs || !(error instanceof GatecastError) || error.code !== 'device-in-use') throw error;
      for (const kind of kinds) this.#tracks.get(kind)?.track.stop();
      return openTracks(wish, kinds);
    }
  }

  #exchange(kind: TrackKind, track: MediaStreamTrack | undefined, isOurs: boolean): void {
    this.#drop(kind);
    if (track) {
      const listeners = new AbortController();
      track.enabled = !this.#muted[kind];
      // Not fired for our own stop(), so it always comes from outside.
      track.addEventListener('ended', () => this.#events.onTrackEnded(kind), { signal: listeners.signal });
      this.#tracks.set(kind, { track, isOurs, listeners });
      this.media.addTrack(track);
    }
    this.#events.onTrackChanged(kind, track ?? null);
  }

  #drop(kind: TrackKind): void {
    const open = this.#tracks.get(kind);
    if (!open) return;
    this.#tracks.delete(kind);
    open.listeners.abort();
    this.media.removeTrack(open.track);
    if (open.isOurs) open.track.stop();
    else if (this.#muted[kind]) open.track.enabled = true;
  }
}

function isSameWish(a: CaptureRequest, b: CaptureRequest): boolean {
  const { media: aMedia, ...aRest } = a;
  const { media: bMedia, ...bRest } = b;
  return aMedia === bMedia && JSON.stringify(aRest) === JSON.stringify(bRest);
}

function closed(): DOMException {
  return new DOMException('The preview was closed meanwhile.', 'AbortError');
}

function nothingToShow(): GatecastError {
  return new GatecastError('capture-unsupported', 'There is nothing to show or to send.', {
    hint: 'Set capture to camera, screen or audio, or give a mediaStream with at least one track.',
  });
}
