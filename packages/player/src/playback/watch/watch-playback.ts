import type { Engine } from '../../engine/engine.js';
import { unstick } from './unstick.js';
import type { PlaybackHost } from '../playback-host.js';
import { returnToLive } from './return-to-live.js';

export interface WatchPlaybackOptions {
  readonly host: Pick<PlaybackHost, 'output' | 'log'>;
  readonly engine: () => Engine | null;
  readonly signal: AbortSignal;
}

/** What a player that has begun needs from then on; none of it is of use before there is a picture. */
export function watchPlayback({ host, engine, signal }: WatchPlaybackOptions): void {
  const media = (): HTMLMediaElement => host.output.media;
  returnToLive({
    media,
    livePosition: () => engine()?.livePosition ?? null,
    onReturned: (behindS) => {
      host.log.add('returned-to-live', { behindS });
    },
    signal,
  });
  unstick({
    media,
    isNeeded: () => engine()?.unsticksItself === false,
    end: () => engine()?.endHere?.(),
    onUnstuck: (remedy) => {
      host.log.add('unstuck', { remedy });
    },
    signal,
  });
}
