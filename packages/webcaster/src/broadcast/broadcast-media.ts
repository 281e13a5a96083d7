import type { EventLog } from '@gatecast/element';
import { TRACK_KINDS, type TrackKind } from '../capture/capture-request.js';
import { SecureBroadcastMediaEvent, type MediaReason, type MediaStatus } from './broadcast-events.js';
import type { BroadcastHost } from './broadcast-host.js';

/** The status of sound and video. Each change is logged and dispatched as an event. */
export class BroadcastMedia {
  readonly #host: BroadcastHost;
  readonly #log: EventLog;
  readonly #captured: Record<TrackKind, MediaStatus> = { audio: 'off', video: 'off' };
  #shown: Readonly<Record<TrackKind, MediaStatus>> = { audio: 'off', video: 'off' };
  #refused: readonly TrackKind[] = [];

  constructor(host: BroadcastHost, log: EventLog) {
    this.#host = host;
    this.#log = log;
  }

  get status(): Readonly<Record<TrackKind, MediaStatus>> {
    return this.#shown;
  }

  /** Sets what the capture of a kind does. */
  set(kind: TrackKind, status: Exclude<MediaStatus, 'refused'>, reason: MediaReason): void {
    this.#captured[kind] = status;
    this.#show(reason);
  }

  /** Sets what the ingest does not receive; an empty list when the broadcast ends. */
  setRefused(kinds: readonly TrackKind[]): void {
    this.#refused = kinds;
    this.#show(kinds.length > 0 ? 'ingest-refused' : 'ended');
  }

  #show(reason: MediaReason): void {
    const before = this.#shown;
    const statusOf = (kind: TrackKind): MediaStatus =>
      this.#captured[kind] !== 'off' && this.#refused.includes(kind) ? 'refused' : this.#captured[kind];
    this.#shown = { audio: statusOf('audio'), video: statusOf('video') };
    for (const kind of TRACK_KINDS) {
      const [previous, status] = [before[kind], this.#shown[kind]];
      if (status === previous) continue;
      const change = { kind, status, previous, reason };
      this.#log.add(SecureBroadcastMediaEvent.type, change);
      this.#host.requestUpdate();
      this.#host.dispatchEvent(new SecureBroadcastMediaEvent(change));
    }
  }
}
