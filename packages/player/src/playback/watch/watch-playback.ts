import type { TokenSession } from '@gatecast/element';
import type { Engine } from '../../engine/engine.js';
import type { PlaybackHost } from '../playback-host.js';
import { awaitsAutoplay } from '../standing-still.js';
import { checkLiveLatency, limitLiveLatency } from './limit-live-latency.js';
import { observeLiveIntent } from './live-intent.js';
import type { MediaSamples } from './media-sampler.js';
import { restWhilePaused } from './rest-while-paused.js';
import { returnToLive } from './return-to-live.js';
import { unstick } from './unstick.js';

export interface WatchPlaybackOptions {
  readonly host: Pick<PlaybackHost, 'log' | 'element' | 'output'>;
  readonly engine: () => Engine | null;
  readonly tokens: Pick<TokenSession, 'rest' | 'resume'>;
  readonly sampler: MediaSamples<HTMLMediaElement>;
}

/** Watches playback that has started. Not needed before the first frame. */
export function watchPlayback({ host, engine, tokens, sampler }: WatchPlaybackOptions): void {
  const { log, element, output } = host;
  const livePosition = (): number | null => engine()?.livePosition ?? null;
  const intent = observeLiveIntent({ sampler, livePosition });
  returnToLive({
    sampler,
    livePosition,
    intent,
    onReturned: (behindS) => {
      log.add('returned-to-live', { behindS });
    },
  });
  const warning = checkLiveLatency(element);
  if (warning !== null) log.add('warning', { warning });
  limitLiveLatency({
    sampler,
    livePosition,
    intent,
    options: element,
    onReturn: (how, behindS) => {
      log.add('caught-up', { how, behindS });
    },
  });
  let isStopped = false;
  restWhilePaused({
    sampler,
    awaitsAutoplay: () => awaitsAutoplay(output),
    rest: () => {
      const current = engine();
      if (!current?.stopLoading) return false;
      tokens.rest();
      // A recording ends by itself when the buffer is full.
      isStopped = current.livePosition !== null;
      if (isStopped) current.stopLoading();
      log.add('rests', { isStopped });
      return true;
    },
    resume: () => {
      tokens.resume();
      if (isStopped) engine()?.recover();
    },
  });
  unstick({
    sampler,
    isNeeded: () => engine()?.unsticksItself === false,
    end: () => engine()?.endHere?.(),
    reattach: () => engine()?.reattach?.(),
    onUnstuck: (remedy) => {
      log.add('unstuck', { remedy });
    },
  });
}
