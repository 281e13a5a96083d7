import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { TimeAxis } from '../axis/time-axis.js';
import { findElement } from '../find-element.js';
import { EventList } from '../panels/event-list.js';
import { logBroadcast } from '../record/log-broadcast.js';
import { logPlayback } from '../record/log-playback.js';
import { logTokens } from '../record/log-tokens.js';
import { followRequests } from '../record/request-feed.js';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { ingestLane, watchSession } from '@gatecast/qa/internal/record/watch-session';
import { BroadcastPlots } from './broadcast-plots.js';
import { playBroadcast } from './play-broadcast.js';

export interface BroadcastMonitorOptions {
  /** Name of the stream that is broadcast. */
  readonly stream: () => string;
  /** How far the backend's clock is ahead of this page's, in milliseconds. @defaultValue 0 */
  readonly serverOffsetMs?: () => number;
  readonly signal: AbortSignal;
}

/** Connects a broadcast, the player that plays it, and the panels that show their state. */
export class BroadcastMonitor {
  readonly webcaster: SecureWebcaster;
  readonly player: SecurePlayer;
  readonly events = findElement('events', EventList);
  readonly record = new TimelineRecord();
  readonly #axis = findElement('axis', TimeAxis);
  readonly #plots = findElement('plots', BroadcastPlots);
  readonly #options: BroadcastMonitorOptions;

  constructor(options: BroadcastMonitorOptions) {
    this.#options = options;
    this.webcaster = findWebcaster();
    this.player = createPlayer();
    this.#axis.record = this.record;
    this.nameLanes();
    void this.#start();
  }

  /** Updates the lanes of the time axis. Call it when the stream name has changed. */
  nameLanes(): void {
    const stream = this.#options.stream();
    this.#axis.streams = [ingestLane(stream), stream];
  }

  /** Waits for both elements to be defined: before that, they have no properties and methods. */
  async #start(): Promise<void> {
    const { signal, stream, serverOffsetMs = () => 0 } = this.#options;
    const { webcaster, player, record, events: log } = this;
    await Promise.all(['secure-webcaster', 'secure-player'].map((tag) => customElements.whenDefined(tag)));
    if (signal.aborted) return;
    watchSession({ player, webcaster, record, serverOffsetMs, signal });
    logTokens(webcaster, { log, purpose: 'Broadcast', signal });
    logTokens(player, { log, purpose: 'Playback', signal });
    logBroadcast(webcaster, { log, signal });
    logPlayback(player, log, signal);
    webcaster.addEventListener('secure-broadcast-stats', ({ stats }) => this.#plots.add(stats), { signal });
    playBroadcast(webcaster, player, { screen: findElement('screen', HTMLElement), stream, signal });
    followRequests({
      streams: () => new Set([stream()]),
      onRequests: (marks) => record.addRequests(marks),
      signal,
    });
  }
}

function findWebcaster(): SecureWebcaster {
  const element = document.querySelector('secure-webcaster');
  if (!element) throw new TypeError('The page has no <secure-webcaster>.');
  return element;
}

/** A muted player with controls, as the pages show it. */
export function createPlayer(): SecurePlayer {
  const player = document.createElement('secure-player');
  for (const flag of ['controls', 'autoplay', 'muted', 'playsinline']) player.setAttribute(flag, '');
  player.setAttribute('token-url', '/api/tokens');
  return player;
}
