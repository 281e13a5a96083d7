import { LIVE_TOLERANCE_S } from '../../media/live-tolerance.js';
import type { MediaSamples } from './media-sampler.js';

type IntentMedia = Pick<HTMLMediaElement, 'currentTime' | 'paused'>;

export interface LiveIntentOptions {
  readonly sampler: MediaSamples<IntentMedia>;
  /** The live position in seconds of media time; `null` when the engine or the stream has none. */
  readonly livePosition: () => number | null;
  /** @defaultValue `document` */
  readonly page?: { readonly visibilityState: string };
}

/** Does the viewer watch at the live position, apart from delays of the network? */
export interface LiveIntent {
  readonly isFollowing: boolean;
}

/** A change of media time by more than this in one sample, in seconds, is a seek. */
const SEEK_S = 1.5;

/**
 * Finds out whether the viewer wants to watch live. Only a seek back and a pause end that: a player that stalls falls
 * behind against the viewer's will. A viewer who comes near the live position while playing follows it again.
 */
export function observeLiveIntent({ sampler, livePosition, page = document }: LiveIntentOptions): LiveIntent {
  let isFollowing: boolean | null = null;
  const update = (movedByS: number): void => {
    const { currentTime, paused } = sampler.media;
    const position = livePosition();
    if (position === null) return;
    const isNear = position - currentTime < LIVE_TOLERANCE_S;
    const isChoice = movedByS < -SEEK_S || (paused && page.visibilityState !== 'hidden');
    if (isNear) isFollowing = true;
    else if (isChoice || isFollowing === null) isFollowing = false;
  };
  update(0);
  sampler.onSample(({ movedByS }) => {
    update(movedByS);
  });
  return {
    get isFollowing() {
      return isFollowing ?? true;
    },
  };
}
