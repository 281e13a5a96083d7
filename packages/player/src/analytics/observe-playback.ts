import type { ErrorCode, TokenStatus } from '@gatecast/token';
import type { Rendition } from '../engine/engine.js';
import type { ObservedEvent, PlaybackObservation, ViewEndReason } from './playback-observation.js';
import { View } from './view.js';

/** The members of `<secure-player>` that are observed. */
export interface ObservedPlayer extends EventTarget {
  readonly isConnected: boolean;
  readonly autoplay: boolean;
  readonly paused: boolean;
  readonly seeking: boolean;
  readonly preload: string;
  readonly loading: string;
  readonly currentTime: number;
  readonly stream: string;
  readonly streamType: 'live' | 'on-demand' | 'unknown';
  readonly activeEntry: Rendition | null;
  readonly tokenStates: readonly TokenStatus[];
}

export interface ObserveOptions {
  /** Milliseconds of playback between two heartbeats, at least 1000. @defaultValue 30000 */
  readonly heartbeatMs?: number;
  /** Ends the observation. */
  readonly signal?: AbortSignal;
  /** A monotonic clock, in milliseconds. @defaultValue `performance.now` */
  readonly now?: () => number;
}

/** The members of the elements' events that are read. */
type GatecastEvent = Event & {
  readonly reason: string;
  readonly label: string;
  readonly durationMs: number;
  readonly willRetryInMs: number | null;
  readonly status: string;
  readonly changed: readonly string[];
  readonly error: { readonly code: ErrorCode; readonly retryable: boolean };
};

const DEFAULT_HEARTBEAT_MS = 30_000;
const LEAST_HEARTBEAT_MS = 1000;

/**
 * Observes what a viewer gets to see, for analytics: views with their start, stalls, renditions, tokens and errors. Sends
 * nothing. An error of the listener is reported as an uncaught error, and playback goes on.
 *
 * Call it before the player loads, or the time of its start is not known in full.
 *
 * @param listener - gets each observation at once. None has a token, an address or a text.
 * @returns a function that ends the observation, and a running view with it.
 * @example
 * ```ts
 * import { observePlayback } from '@gatecast/player/analytics';
 *
 * observePlayback(player, (event) => navigator.sendBeacon('/api/views', JSON.stringify(event)));
 * ```
 */
export function observePlayback(
  player: ObservedPlayer,
  listener: (observation: PlaybackObservation) => void,
  { heartbeatMs = DEFAULT_HEARTBEAT_MS, signal, now = () => performance.now() }: ObserveOptions = {},
): () => void {
  const life = new AbortController();
  let view: View | null = null;

  const start = (isAutoplay: boolean): void => {
    if (view || life.signal.aborted) return;
    const viewId = randomId();
    let sequence = 0;
    let stream = '';
    const tell = (event: ObservedEvent, atMs: number): void => {
      const { streamType, currentTime: positionS } = player;
      const { activeEntry, tokenStates } = player;
      // A player that is removed does not know it any more.
      stream = activeEntry?.stream ?? tokenStates[0]?.stream ?? (player.stream || stream);
      const context = { viewId, sequence, atMs, stream, streamType, positionS };
      sequence += 1;
      try {
        listener({ ...event, ...context });
      } catch (error) {
        reportError(error);
      }
    };
    view = new View(now(), isAutoplay, Math.max(LEAST_HEARTBEAT_MS, heartbeatMs || 0), tell);
  };
  const end = (reason: ViewEndReason): void => {
    view?.end(reason, now());
    view = null;
  };
  const add = (event: ObservedEvent): void => view?.add(event, now());
  const on = (type: string, run: (event: GatecastEvent) => void): void =>
    player.addEventListener(type, (event) => run(event as GatecastEvent), { signal: life.signal });

  on('loadstart', () => {
    if (player.autoplay || player.preload === 'none') start(player.autoplay);
  });
  on('play', () => start(player.autoplay));
  on('playing', () => view?.playing(now()));
  on('timeupdate', () => {
    if (!player.paused && !player.seeking) view?.moved(now());
  });
  on('waiting', () => {
    if (!player.paused && !player.seeking) view?.stalled(now());
  });
  on('seeking', () => view?.rests(now()));
  on('pause', () => view?.rests(now()));
  on('ended', () => end('ended'));
  on('emptied', () => {
    if (!player.isConnected) end('removed');
  });
  on('secure-source-updated', ({ status, changed }) => {
    const isOther = status === 'updated' && changed.some((part) => part !== 'security');
    if (!isOther || !view) return;
    end('source');
    start(false);
    if (!player.paused) view.playing(now());
  });
  on('secure-entry-changed', ({ label, reason }) => {
    const { bitrateKbps = null, width = null, height = null } = player.activeEntry ?? {};
    add({
      ...{ type: 'rendition', label, bitrateKbps, width, height },
      reason: reason as 'abr' | 'manual' | 'start',
    });
  });
  on('secure-token-refreshed', ({ reason, durationMs }) => {
    add({ type: 'token-refreshed', reason, durationMs });
  });
  on('secure-token-failed', ({ error: { code }, willRetryInMs }) => {
    add({ type: 'token-failed', code, willRetry: willRetryInMs !== null });
  });
  on('secure-error', ({ error: { code, retryable } }) => {
    add({ type: 'error', code, retryable });
  });
  const stop = (reason: ViewEndReason = 'stopped'): void => {
    end(reason);
    life.abort();
  };
  globalThis.addEventListener('pagehide', () => end('page'), { signal: life.signal });
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', () => stop(), { once: true, signal: life.signal });
  // One that is in the page already has begun, unless it waits until it comes into view.
  const isWanted = player.autoplay && player.loading !== 'lazy';
  if (player.isConnected && (isWanted || !player.paused)) start(player.autoplay);
  return () => stop();
}

/** Not `randomUUID`, which pages without https do not have. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
