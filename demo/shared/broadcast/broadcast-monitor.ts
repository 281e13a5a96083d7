import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { findElement } from '../find-element.js';
import { EventList } from '../record/event-list.js';
import { plotBroadcast } from './plot-broadcast.js';
import { followRequests } from '../record/request-feed.js';
import { StreamTimeline } from '../stream-timeline.js';
import { logBroadcast } from '../record/log-broadcast.js';
import { logPlayback } from '../record/log-playback.js';
import { logTokens } from '../record/log-tokens.js';
import { TimelineRecord } from '../record/timeline-record.js';
import { playBroadcast } from './play-broadcast.js';
import { watchPlayback } from '../record/watch-playback.js';
import { watchTokens } from '../record/watch-tokens.js';

export interface BroadcastMonitorOptions {
  /** Name of the stream that is broadcast. */
  readonly stream: () => string;
  /** How far the backend's clock is ahead of this page's. @defaultValue 0 */
  readonly serverOffsetMs?: () => number;
  readonly signal: AbortSignal;
}

/** A broadcast and the player that watches it, with all that draws and tells what they do. */
export class BroadcastMonitor {
  readonly webcaster: SecureWebcaster;
  readonly player: SecurePlayer;
  readonly events = findElement('events', EventList);
  readonly #timeline = findElement('timeline', StreamTimeline);
  readonly #record = new TimelineRecord();
  readonly #options: BroadcastMonitorOptions;

  constructor(options: BroadcastMonitorOptions) {
    this.#options = options;
    this.webcaster = findWebcaster();
    this.player = createPlayer();
    this.#timeline.record = this.#record;
    this.#timeline.requests = ['tokens', 'ingest', 'playlists', 'media'];
    this.nameLanes();
    this.#watchTokens();
    void this.#start();
  }

  /** To be called when the stream has another name. */
  nameLanes(): void {
    const stream = this.#options.stream();
    this.#timeline.streams = [sendLane(stream), watchLane(stream)];
  }

  #watchTokens(): void {
    const { signal, serverOffsetMs = () => 0 } = this.#options;
    const { webcaster, player, events: list } = this;
    const shared = { record: this.#record, serverOffsetMs, signal };
    watchTokens(webcaster, { ...shared, laneOf: sendLane });
    watchTokens(player, { ...shared, laneOf: watchLane });
    logTokens(webcaster, { list, purpose: 'Broadcast', signal });
    logTokens(player, { list, purpose: 'Playback', signal });
  }

  /** The tags may be defined after this module has run: until then they are elements without members. */
  async #start(): Promise<void> {
    const { signal, stream } = this.#options;
    const { webcaster, player, events: list } = this;
    await Promise.all(['secure-webcaster', 'secure-player'].map((tag) => customElements.whenDefined(tag)));
    if (signal.aborted) return;
    logBroadcast(webcaster, { record: this.#record, list, signal });
    logPlayback(player, list, signal);
    plotBroadcast(webcaster, signal);
    playBroadcast(webcaster, player, { screen: findElement('screen', HTMLElement), stream, signal });
    watchPlayback(player, this.#record, signal);
    followRequests({
      streams: () => new Set([stream()]),
      onRequests: (marks) => this.#record.addRequests(marks),
      signal,
    });
  }
}

function sendLane(stream: string): string {
  return `${stream}, to broadcast`;
}

function watchLane(stream: string): string {
  return `${stream}, to watch`;
}

function findWebcaster(): SecureWebcaster {
  const element = document.querySelector('secure-webcaster');
  if (!element) throw new TypeError('The page has no <secure-webcaster>.');
  return element;
}

function createPlayer(): SecurePlayer {
  const player = document.createElement('secure-player');
  for (const flag of ['controls', 'autoplay', 'muted', 'playsinline']) player.setAttribute(flag, '');
  player.setAttribute('token-url', '/api/tokens');
  return player;
}
