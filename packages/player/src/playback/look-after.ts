import type { Engine } from '../engine/engine.js';
import { easeStandStill, type StandStillRemedy } from './ease-stand-still.js';
import { returnToLive } from './return-to-live.js';

export interface LookAfterOptions {
  readonly media: () => HTMLMediaElement;
  readonly engine: () => Engine | null;
  readonly note: (
    name: 'returned-to-live' | 'eased',
    details: { behindS: number } | { remedy: StandStillRemedy },
  ) => void;
  readonly signal: AbortSignal;
}

/** What a player that has begun needs from then on; none of it is of use before there is a picture. */
export function lookAfter({ media, engine, note, signal }: LookAfterOptions): void {
  returnToLive({
    media,
    livePosition: () => engine()?.livePosition ?? null,
    onReturned: (behindS) => {
      note('returned-to-live', { behindS });
    },
    signal,
  });
  easeStandStill({
    media,
    // The others see to themselves: a watchdog of ours for native engines, the vendor’s own in its player.
    isNeeded: () => engine()?.name === 'hls',
    recover: () => engine()?.recover(),
    onEased: (remedy) => {
      note('eased', { remedy });
    },
    signal,
  });
}
