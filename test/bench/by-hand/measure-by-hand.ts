import { measured, type Play, type SchemeDescription } from '../../player/support/scheme-play.js';
import type { HandWrittenModule } from './hand-written-pages.js';
import { playByHand } from './play-by-hand.js';

export interface HandWrittenSource {
  readonly module: HandWrittenModule;
  /** Path of the first playlist, with `{stream}`. */
  readonly src: string;
}

/** Plays a stream with a scheme in the hand-written page, in a video as small as the player. */
export function measureByHand(
  origin: string,
  { tokenUrl }: Pick<SchemeDescription, 'tokenUrl'>,
  { module, src }: HandWrittenSource,
  { stream, ttlSeconds }: { readonly stream: string; readonly ttlSeconds: number },
): Play {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.style.width = '160px';
  document.body.append(video);
  const stop = playByHand[module](video, {
    src: origin + src.replace('{stream}', stream),
    tokenUrl: `${origin}${tokenUrl}?ttl=${ttlSeconds}`,
    stream,
  });
  return measured(video, [], () => {
    stop();
    video.remove();
  });
}
