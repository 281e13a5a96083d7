import { lazyPart } from '@gatecast/token';
import type Hls from 'hls.js';
import type { EngineHost, EngineReport } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { EncoderFollower } from './follow-encoder.js';

const followPart = lazyPart('followEncoder', async () => (await import('./follow-encoder.js')).followEncoder);

export interface FollowOptions {
  readonly host: EngineHost;
  readonly hls: Hls;
  readonly library: typeof Hls;
  /** Does the engine still use this instance of hls.js? */
  readonly isCurrent: () => boolean;
  readonly onFollower: (follower: EncoderFollower) => void;
}

/** Follows restarts of the encoder. The code for it is loaded after the first frame, because encoders restart later. */
export function followOncePlaying({ host, hls, library, isCurrent, onFollower }: FollowOptions): void {
  const { signal } = host;
  const media = host.output.video;
  const report = (each: EngineReport): void => {
    host.report(each);
  };
  const follow = async (): Promise<void> => {
    // Without a limit of attempts, only the end of the engine makes this fail.
    const followEncoder = await followPart({ ...partRequest(host), tries: Infinity }).catch(() => null);
    if (!followEncoder || signal.aborted || !isCurrent()) return;
    onFollower(followEncoder({ hls, library, media, signal, report }));
  };
  // It may play before hls.js is there.
  if (!media.paused && media.readyState > HTMLMediaElement.HAVE_CURRENT_DATA) void follow();
  else media.addEventListener('playing', () => void follow(), { once: true, signal });
}
