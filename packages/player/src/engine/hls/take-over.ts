import type Hls from 'hls.js';
import type { LevelDetails } from 'hls.js';
import type { FirstSegments } from '../../loading/plan-start.js';
import type { EarlyBuffer } from './early-buffer.js';

export interface TakeOverOptions {
  readonly hls: Hls;
  readonly library: typeof Hls;
  readonly media: HTMLMediaElement;
  readonly early: EarlyBuffer;
  /** Does the engine still use this instance of hls.js? */
  readonly isCurrent: () => boolean;
}

/** Durations of segments have so much less precision in the sum of hls.js. */
const TOLERANCE_S = 0.05;

/**
 * Lets hls.js play on what was shown before it was loaded. If it has another timeline, as of a newer playlist, it begins
 * with a media source of its own.
 */
export async function takeOver({ hls, library, media, early, isCurrent }: TakeOverOptions): Promise<void> {
  const { Events } = library;
  const state = { hasMoved: false, isAttached: false };
  hls.once(Events.LEVEL_LOADED, (_, { details }) => {
    if (!early.shown || isWhereShown(details, early.shown)) return;
    state.hasMoved = true;
    hls.startLoad(-1);
    if (!state.isAttached) return;
    hls.detachMedia();
    hls.attachMedia(media);
  });
  const data = await early.handOver();
  if (!isCurrent()) {
    early.close();
    return;
  }
  state.isAttached = true;
  if (state.hasMoved) early.close();
  hls.attachMedia(state.hasMoved ? media : (data ?? media));
}

function isWhereShown({ fragments }: LevelDetails, { media, begin }: FirstSegments): boolean {
  return fragments.some(
    ({ url, start }) => url === media.url && Math.abs(start - begin.segmentS) < TOLERANCE_S,
  );
}
