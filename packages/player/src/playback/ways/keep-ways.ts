import { systemClock } from '@gatecast/token';
import type { ResolvedSource } from '../../source/player-source.js';
import type { PlaybackHost, WayOptions } from '../playback-host.js';
import { awaitsAutoplay } from '../standing-still.js';
import { SecureEngineChangedEvent, type EngineChangeReason } from './engine-changed-event.js';
import { keepPause } from './keep-pause.js';
import type { WayHost, WayPage, WayPlayback } from './way-host.js';
import { WayKeeper } from './way-keeper.js';

/** Network Information API, where there is one. */
interface NetworkNavigator {
  readonly connection?: EventTarget;
}

const page: WayPage = {
  isHidden: () => document.hidden,
  isOffline: () => !navigator.onLine,
  onNetworkChange: (callback, signal) => {
    const { connection }: NetworkNavigator = navigator as NetworkNavigator;
    connection?.addEventListener('change', callback, { signal });
  },
};

/** The player whose engine changes. */
export interface WayPlayer {
  playback: WayPlayback | null;
  create(source: ResolvedSource, more: WayOptions): WayPlayback;
}

/**
 * Keeps the best engine playing that a source with several can have, until the signal aborts.
 *
 * @param reason - see {@link WayKeeper.start}
 */
export function keepWays(
  player: WayPlayer,
  core: PlaybackHost,
  signal: AbortSignal,
  reason?: EngineChangeReason | null,
): void {
  const { element, output, log } = core;
  const host: WayHost = {
    get playback() {
      return player.playback;
    },
    media: output.video,
    isWanted: () => {
      const isWaiting = output.intent === 'play' && player.playback?.state !== 'playing';
      return !output.video.paused || isWaiting || awaitsAutoplay(output);
    },
    hasPicture: () => {
      const { srcObject, videoWidth } = output.video;
      return srcObject instanceof MediaStream ? srcObject.getVideoTracks().length > 0 : videoWidth > 0;
    },
    create: (source, way) => player.create(source, { way, keepsTokens: true }),
    replace: (next) => {
      player.playback = next;
      // After its start, which comes in the same task.
      queueMicrotask(() => keepPause(output, signal));
    },
    onError: (error) => core.onError(error),
    onEngine: (engine, reason) => {
      log.add(SecureEngineChangedEvent.type, { engine, reason });
      element.dispatchEvent(new SecureEngineChangedEvent(engine, reason));
    },
    note: (name, details) => log.add(name, details),
  };
  new WayKeeper({ host, page, clock: systemClock, random: Math.random, signal }).start(reason);
}
