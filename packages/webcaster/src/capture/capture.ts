import { GatecastError, type Clock } from '@gatecast/token';
import {
  isSameTrack,
  originOf,
  TRACK_KINDS,
  type CaptureRequest,
  type TrackKind,
} from './capture-request.js';
import type { BroadcastDevice } from './device-list.js';
import { openTracks, resizeTrack } from './open-track.js';
import { watchSource, type SourceLoss } from './source-watch.js';
import type { Substitute } from './substitute.js';

/** `true` mutes. What is left out stays as it is. */
export interface MuteChange {
  audio?: boolean;
  video?: boolean;
}

/** Callbacks of a capture. */
export interface CaptureEvents {
  /** Called before all tracks are stopped. `isOpen` is already false. */
  onClosing(): void;
  /** What is shown and sent of a kind was replaced, added or removed. */
  onTrackChanged(kind: TrackKind, track: MediaStreamTrack | null): void;
  /** A source was opened by {@link Capture.open}, or closed without another. */
  onSourceChanged(kind: TrackKind, isOpen: boolean): void;
  /** The browser's own "stop sharing", a device that was unplugged, or one that is held back. */
  onSourceLost(kind: TrackKind, loss: SourceLoss): void;
  /** A device that was held back gives media again. */
  onSourceBack(kind: TrackKind): void;
}

interface OpenTrack {
  readonly track: MediaStreamTrack;
  /** Tracks of the page's own stream are shown and sent, never stopped. */
  readonly isOurs: boolean;
  /** Read while the track is live: browsers forget it with the device. */
  readonly device: BroadcastDevice;
  readonly listeners: AbortController;
  /** What is shown and sent instead, while the track gives no media. */
  substitute: Substitute | null;
}

/** Camera, microphone and screen in one MediaStream that stays the same while its tracks are exchanged. */
export class Capture {
  readonly media = new MediaStream();
  readonly #events: CaptureEvents;
  readonly #clock: Clock;
  readonly #tracks = new Map<TrackKind, OpenTrack>();
  readonly #muted: Required<MuteChange> = { audio: false, video: false };
  #request: CaptureRequest | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  /** The last switch in progress. The same request again must not ask the user again. */
  #latest: { request: CaptureRequest; turn: Promise<void> } | null = null;
  #closes = 0;

  constructor(clock: Clock, events: CaptureEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#request !== null;
  }

  /** What is captured; `null` when nothing is open. */
  get request(): CaptureRequest | null {
    return this.#request;
  }

  get muted(): Readonly<Required<MuteChange>> {
    return this.#muted;
  }

  /**
   * Opens what is requested, or switches to it. Switches run one at a time, in the order of the calls.
   *
   * @throws GatecastError why it failed; what was open stays open.
   */
  open(request: CaptureRequest, signal: AbortSignal): Promise<void> {
    const latest = this.#latest;
    if (latest && isSameRequest(latest.request, request) && !signal.aborted) return latest.turn;
    const closes = this.#closes;
    const turn = this.#turn.then(async () => {
      signal.throwIfAborted();
      if (closes !== this.#closes) throw closed();
      await this.#switch(request, signal);
    });
    this.#latest = { request, turn };
    this.#turn = turn
      .catch(() => undefined)
      .finally(() => {
        if (this.#latest?.turn === turn) this.#latest = null;
      });
    return turn;
  }

  /** Kept after switches and `close()`, so that a muted microphone is never sent without the user's knowledge. */
  setMuted(change: MuteChange): void {
    for (const kind of TRACK_KINDS) {
      const isMuted = change[kind];
      if (isMuted === undefined) continue;
      this.#muted[kind] = isMuted;
      const open = this.#tracks.get(kind);
      if (open) open.track.enabled = !isMuted;
      if (open?.substitute) open.substitute.track.enabled = !isMuted;
    }
  }

  /** The device that a kind was opened from, also after it was lost; `null` if there is none, or it is the page's. */
  deviceOf(kind: TrackKind): BroadcastDevice | null {
    const open = this.#tracks.get(kind);
    return open?.isOurs ? open.device : null;
  }

  /** Shows and sends something else in place of a lost source; `null` shows and sends the source again. */
  substitute(kind: TrackKind, substitute: Substitute | null): void {
    const open = this.#tracks.get(kind);
    if (!open) {
      substitute?.stop();
      return;
    }
    const before = open.substitute;
    this.media.removeTrack(before?.track ?? open.track);
    open.substitute = substitute;
    before?.stop();
    const shown = substitute?.track ?? open.track;
    shown.enabled = !this.#muted[kind];
    this.media.addTrack(shown);
    this.#events.onTrackChanged(kind, shown);
  }

  /**
   * Opens the device of one kind again, or another one, without a change of what was requested.
   *
   * @param deviceId - the empty string lets the browser choose.
   * @throws GatecastError why it failed.
   */
  reopen(kind: TrackKind, deviceId: string, signal: AbortSignal): Promise<void> {
    const turn = this.#turn.then(async () => {
      const request = this.#request;
      const closes = this.#closes;
      const replaced = this.#tracks.get(kind);
      const isOutdated = () =>
        signal.aborted || closes !== this.#closes || this.#tracks.get(kind) !== replaced;
      if (!request || isOutdated()) throw closed();
      const [track] = await openTracks({ ...request, [kind]: deviceId }, [kind]);
      if (track && isOutdated()) track.stop();
      if (isOutdated()) throw closed();
      if (track) this.#replace(kind, track, true);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.#closes += 1;
    this.#request = null;
    this.#latest = null;
    this.#events.onClosing();
    for (const kind of TRACK_KINDS) this.#drop(kind);
  }

  async #switch(request: CaptureRequest, signal: AbortSignal): Promise<void> {
    const closes = this.#closes;
    const before = this.#request;
    const changed = TRACK_KINDS.filter((kind) => !this.#canReuse(before, request, kind));
    const opened = await this.#openTracks(request, changed);
    if (closes !== this.#closes || signal.aborted) {
      if (!request.media) for (const track of opened) track.stop();
      signal.throwIfAborted();
      throw closed();
    }
    if (!before && opened.length === 0) throw noTrack();
    this.#request = request;
    for (const kind of changed) {
      this.#replace(
        kind,
        opened.find((track) => track.kind === kind),
        !request.media,
      );
      this.#events.onSourceChanged(kind, this.#tracks.has(kind));
    }
    const video = this.#tracks.get('video');
    if (video && before && !changed.includes('video')) await resizeTrack(video.track, request);
  }

  #canReuse(before: CaptureRequest | null, request: CaptureRequest, kind: TrackKind): boolean {
    if (!before || !isSameTrack(before, request, kind)) return false;
    const track = this.#tracks.get(kind)?.track;
    return originOf(request, kind) === null || track?.readyState === 'live';
  }

  async #openTracks(request: CaptureRequest, kinds: readonly TrackKind[]): Promise<MediaStreamTrack[]> {
    if (kinds.length === 0) return [];
    try {
      return await openTracks(request, kinds);
    } catch (error) {
      // Phones open one camera at a time: release the old one, then try again.
      const isHeldByUs = kinds.some((kind) => this.#tracks.get(kind)?.isOurs);
      if (!isHeldByUs || !(error instanceof GatecastError) || error.code !== 'device-in-use') throw error;
      for (const kind of kinds) this.#tracks.get(kind)?.track.stop();
      return openTracks(request, kinds);
    }
  }

  #replace(kind: TrackKind, track: MediaStreamTrack | undefined, isOurs: boolean): void {
    this.#drop(kind);
    if (track) {
      const listeners = new AbortController();
      track.enabled = !this.#muted[kind];
      watchSource(
        track,
        {
          onLost: (loss) => this.#events.onSourceLost(kind, loss),
          onBack: () => this.#events.onSourceBack(kind),
        },
        { clock: this.#clock, signal: listeners.signal },
      );
      const device = { id: track.getSettings().deviceId ?? '', label: track.label };
      this.#tracks.set(kind, { track, isOurs, device, listeners, substitute: null });
      this.media.addTrack(track);
    }
    this.#events.onTrackChanged(kind, track ?? null);
  }

  #drop(kind: TrackKind): void {
    const open = this.#tracks.get(kind);
    if (!open) return;
    this.#tracks.delete(kind);
    open.listeners.abort();
    this.media.removeTrack(open.substitute?.track ?? open.track);
    open.substitute?.stop();
    if (open.isOurs) open.track.stop();
    else if (this.#muted[kind]) open.track.enabled = true;
  }
}

function isSameRequest(a: CaptureRequest, b: CaptureRequest): boolean {
  const { media: aMedia, ...aRest } = a;
  const { media: bMedia, ...bRest } = b;
  return aMedia === bMedia && JSON.stringify(aRest) === JSON.stringify(bRest);
}

function closed(): DOMException {
  return new DOMException('The preview was closed.', 'AbortError');
}

function noTrack(): GatecastError {
  return new GatecastError(
    'capture-unsupported',
    'The webcaster has neither a video nor an audio track to capture.',
    {
      hint: 'Set capture to camera, screen or audio, or set mediaStream to a stream with at least one track.',
    },
  );
}
