import type { Engine } from '../../engine/engine.js';
import type { PlaybackHost } from '../playback-host.js';
import type { MediaSamples } from './media-sampler.js';
import { returnToLive } from './return-to-live.js';
import { unstick } from './unstick.js';

export interface WatchPlaybackOptions {
  readonly log: PlaybackHost['log'];
  readonly engine: () => Engine | null;
  readonly sampler: MediaSamples<HTMLMediaElement>;
}

/** Watches playback that has started. Not needed before the first frame. */
export function watchPlayback({ log, engine, sampler }: WatchPlaybackOptions): void {
  returnToLive({
    sampler,
    livePosition: () => engine()?.livePosition ?? null,
    onReturned: (behindS) => {
      log.add('returned-to-live', { behindS });
    },
  });
  unstick({
    sampler,
    isNeeded: () => engine()?.unsticksItself === false,
    end: () => engine()?.endHere?.(),
    onUnstuck: (remedy) => {
      log.add('unstuck', { remedy });
    },
  });
}
