import type { Clock } from '@gatecast/token';
import { noTrack } from './capture-errors.js';
import type { CaptureEvents, TrackComposer } from './capture-events.js';
import {
  isSameRequest,
  originOf,
  SOURCE_KINDS,
  TRACK_KINDS,
  type CaptureRequest,
  type SourceKind,
  type TrackKind,
} from './capture-request.js';
import type { BroadcastDevice } from './device-list.js';
import { planSwitch } from './plan-switch.js';
import { openTracks, resizeTrack, type OpenedTracks } from './open-track.js';
import { closed, mutedWith, placeOf, stopAll, type OpenTrack } from './open-source.js';
import { watchSource, type SourceLoss } from './source-watch.js';
import type { Substitute } from './substitute.js';

/** `true` mutes. What is left out stays as it is. */
export interface MuteChange {
  audio?: boolean;
  video?: boolean;
}

/** Camera, microphone and screen in one MediaStream that stays the same while its tracks are exchanged. */
export class Capture {
  readonly media = new MediaStream();
  readonly #events: CaptureEvents;
  readonly #clock: Clock;
  readonly #tracks = new Map<SourceKind, OpenTrack>();
  readonly #shown: Record<TrackKind, MediaStreamTrack | null> = { audio: null, video: null };
  #composer: TrackComposer | null = null;
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

  /** What draws the picture that is shown and sent; `null` while the camera or screen is sent as it is. */
  get composer(): TrackComposer | null {
    return this.#composer;
  }

  get muted(): Readonly<Required<MuteChange>> {
    return this.#muted;
  }

  /**
   * Opens what is requested, or switches to it. Switches run one at a time, in the order of the calls.
   *
   * @param preparing - resolves when `composerFor` can be asked about this request.
   * @throws GatecastError why it failed; what was open stays open.
   */
  open(request: CaptureRequest, signal: AbortSignal, preparing: Promise<void>): Promise<void> {
    const latest = this.#latest;
    if (latest && isSameRequest(latest.request, request) && !signal.aborted) return latest.turn;
    const closes = this.#closes;
    const turn = this.#turn.then(async () => {
      signal.throwIfAborted();
      if (closes !== this.#closes) throw closed();
      await this.#switch(request, signal, preparing);
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
      const shown = this.#shown[kind];
      if (shown) shown.enabled = !isMuted;
    }
    for (const kind of SOURCE_KINDS) {
      const isMuted = change[mutedWith(kind)];
      const open = this.#tracks.get(kind);
      if (isMuted === undefined || !open) continue;
      open.track.enabled = !isMuted;
      if (open.substitute) open.substitute.track.enabled = !isMuted;
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
    if (before) this.media.removeTrack(before.track);
    open.substitute = substitute;
    before?.stop();
    this.#publish(kind);
  }

  /** Shows and sends a composed picture instead of the camera or screen; `null` ends that. A closed capture ignores it. */
  compose(composer: TrackComposer | null): void {
    if (composer === this.#composer || (composer && !this.isOpen)) return;
    this.#composer = composer;
    this.#publish('screen');
    this.#publish('video');
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
      const opened = await openTracks({ ...request, [kind]: deviceId }, [kind]);
      const track = opened.get(kind);
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
    this.#composer = null;
    for (const kind of SOURCE_KINDS) this.#drop(kind);
    for (const kind of TRACK_KINDS) {
      const shown = this.#shown[kind];
      if (shown) this.media.removeTrack(shown);
      this.#shown[kind] = null;
    }
  }

  async #switch(request: CaptureRequest, signal: AbortSignal, preparing: Promise<void>): Promise<void> {
    const closes = this.#closes;
    const before = this.#request;
    const isLive = (kind: SourceKind): boolean => this.#tracks.get(kind)?.track.readyState === 'live';
    const { changed, moved, from } = planSwitch(before, request, isLive);
    const missing = changed.filter((kind) => kind !== moved);
    const released: TrackKind[] = [];
    const opened = await openTracks(request, missing, async () => {
      released.push(...(await this.#release(missing, preparing)));
      return released.length > 0;
    }).catch((error: unknown) => {
      // What was released for nothing is looked for, like a device that was unplugged.
      if (closes === this.#closes) for (const kind of released) this.#events.onSourceLost(kind, 'ended');
      throw error;
    });
    await preparing.catch((error: unknown) => {
      stopAll(request, opened);
      throw error;
    });
    if (closes !== this.#closes || signal.aborted) {
      stopAll(request, opened);
      signal.throwIfAborted();
      throw closed();
    }
    if (!before && opened.size === 0) throw noTrack();
    // Not earlier: the slate may have been asked for while a dialog was open.
    this.#composer = this.#composerFor(request, opened);
    this.#request = request;
    const screen = from && this.#take(from);
    for (const kind of changed) {
      this.#replace(kind, kind === moved ? screen : opened.get(kind), !request.media);
      if (kind !== 'screen') this.#events.onSourceChanged(kind, this.#tracks.has(kind));
    }
    this.#publish('screen');
    this.#publish('video');
    const video = this.#tracks.get('video');
    if (video && before && !changed.includes('video')) await resizeTrack(video.track, request);
  }

  /** @throws DOMException if the browser cannot draw; nothing that was opened stays open. */
  #composerFor(request: CaptureRequest, opened: OpenedTracks): TrackComposer | null {
    try {
      return this.#events.composerFor(request);
    } catch (error) {
      stopAll(request, opened);
      throw error;
    }
  }

  /** Phones open one camera at a time: the old ones are released for those. Resolves with the kinds of them. */
  async #release(kinds: readonly SourceKind[], preparing: Promise<void>): Promise<TrackKind[]> {
    const isHeld = (kind: TrackKind): boolean =>
      this.#tracks.get(kind)?.isOurs === true && this.#originOf(kind) !== 'screen';
    const held = TRACK_KINDS.filter((kind) => kinds.includes(kind) && isHeld(kind));
    if (held.length === 0) return held;
    // A picture that cannot be drawn must not cost the camera.
    await preparing;
    for (const kind of held) {
      this.#events.onGap(kind);
      this.#tracks.get(kind)?.track.stop();
    }
    return held;
  }

  #replace(kind: SourceKind, track: MediaStreamTrack | null | undefined, isOurs: boolean): void {
    this.#drop(kind);
    if (track) {
      const listeners = new AbortController();
      track.enabled = !this.#muted[mutedWith(kind)];
      watchSource(
        track,
        {
          onLost: (loss) => this.#onLost(kind, loss),
          onBack: () => this.#events.onSourceBack(kind),
        },
        { clock: this.#clock, signal: listeners.signal },
      );
      const device = { id: track.getSettings().deviceId ?? '', label: track.label };
      this.#tracks.set(kind, { track, isOurs, device, listeners, substitute: null });
    }
    this.#publish(kind);
  }

  /** A screen that the user has stopped sharing is not shown on as a still, whatever comes next. */
  #onLost(kind: SourceKind, loss: SourceLoss): void {
    if (loss === 'ended' && this.#originOf(kind) === 'screen') this.#composer?.setSource(placeOf(kind), null);
    this.#events.onSourceLost(kind, loss);
  }

  #originOf(kind: SourceKind): string | undefined {
    return (this.#request && originOf(this.#request, kind)) ?? undefined;
  }

  /** Shows and sends what a source gives, through the composer if there is one. */
  #publish(kind: SourceKind): void {
    const open = this.#tracks.get(kind);
    const own = open ? (open.substitute?.track ?? open.track) : null;
    if (kind !== 'audio') this.#composer?.setSource(placeOf(kind), own, this.#originOf(kind));
    if (kind === 'screen') return;
    const track = kind === 'video' && this.#composer ? this.#composer.track : own;
    const shown = this.#shown[kind];
    if (shown && shown !== track) this.media.removeTrack(shown);
    for (const each of [own, track]) if (each) each.enabled = !this.#muted[kind];
    // A track that is there already stays as it is.
    if (track) this.media.addTrack(track);
    this.#shown[kind] = track;
    if (track !== shown) this.#events.onTrackChanged(kind, track);
  }

  /** Gives up a source without stopping its track. */
  #take(kind: SourceKind): MediaStreamTrack | null {
    const open = this.#tracks.get(kind);
    this.#tracks.delete(kind);
    open?.listeners.abort();
    open?.substitute?.stop();
    return open?.track ?? null;
  }

  #drop(kind: SourceKind): void {
    const open = this.#tracks.get(kind);
    if (!open) return;
    this.#tracks.delete(kind);
    open.listeners.abort();
    this.media.removeTrack(open.substitute?.track ?? open.track);
    open.substitute?.stop();
    if (open.isOurs) open.track.stop();
    else if (this.#muted[mutedWith(kind)]) open.track.enabled = true;
  }
}
