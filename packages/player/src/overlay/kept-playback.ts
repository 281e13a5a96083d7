import { readPosition, restorePosition, type PlaybackPosition } from '../media/playback-position.js';
import type { ResolvedSource } from '../source/player-source.js';
import { isOtherSource } from './is-other-source.js';
import type { OverlayHost } from './overlay-host.js';

/** What a source continues with when it is loaded again. */
interface KeptState {
  readonly source: ResolvedSource;
  readonly position: PlaybackPosition;
  readonly rate: number;
  readonly isMuted: boolean;
  /** Rendition that the viewer or the page chose. */
  readonly chosen: number | 'auto';
}

/** Events after which the state of the media may be another one. */
const EVENTS = [
  'loadedmetadata',
  'timeupdate',
  'seeked',
  'ratechange',
  'play',
  'pause',
  'volumechange',
] as const;

/** Continues where the viewer was when the element is put back into the page, or into another document. */
export class KeptPlayback {
  readonly #host: OverlayHost;
  /** The last state of the media: in another document, a browser may have emptied it without notice. */
  #last: KeptState | null = null;
  /** The state to continue with. */
  #kept: KeptState | null = null;

  constructor(host: OverlayHost) {
    this.#host = host;
    const { video } = host;
    // The video element has the same lifetime as the element.
    video.addEventListener('loadstart', this.#holdPause);
    video.addEventListener('loadedmetadata', this.#restore);
    for (const type of EVENTS) video.addEventListener(type, this.#see);
    this.#see();
  }

  /** The element leaves the page. */
  remember(): void {
    this.#see();
    this.#kept ??= this.#last;
  }

  /** The element is in the page again. */
  resume(): void {
    const { player, video, state } = this.#host;
    if (!this.#kept) return;
    if (state().playback === null) {
      // It loads with the next update; with preload="none", only when it is to play.
      const { wasPlaying } = this.#kept.position;
      if (wasPlaying && player.preload === 'none') void player.updateComplete.then(() => this.#play());
    } else if (video.readyState === HTMLMediaElement.HAVE_NOTHING) {
      // The browser has taken away what the engine gave it.
      player.load();
    } else {
      this.#kept = null;
    }
  }

  /** Where the browser refuses autoplay, the viewer sees the play button. */
  #play(): void {
    this.#host.player.play().catch(() => undefined);
  }

  /** Does the source that loads continue with the state? Another one starts as a new source does. */
  #takesKept(): KeptState | null {
    const { source } = this.#host.state();
    const isSame = this.#kept && source && !isOtherSource(this.#kept.source, source);
    if (!isSame) this.#kept = null;
    return this.#kept;
  }

  /** `autoplay` does not start what the viewer has paused. */
  readonly #holdPause = (): void => {
    const kept = this.#takesKept();
    if (!kept) return;
    const { player, video } = this.#host;
    video.muted = kept.isMuted;
    if (!kept.position.wasPlaying) player.pause();
  };

  readonly #restore = (): void => {
    const kept = this.#takesKept();
    this.#kept = null;
    if (!kept) return;
    const { player, video, state } = this.#host;
    const { position, rate, chosen } = kept;
    const { playback } = state();
    if (playback) restorePosition(video, playback.run, position);
    // A browser sets the default with each new source. Live streams set their own speed.
    if (position.time !== null) video.playbackRate = rate;
    if (player.entries.some(({ index }) => index === chosen)) player.switchEntry(chosen);
  };

  readonly #see = (): void => {
    const { player, video, state } = this.#host;
    const { source, playback, chosen } = state();
    // The media of a vendor's player is its own matter.
    const isUsed = player.media === video && video.readyState > HTMLMediaElement.HAVE_NOTHING && !this.#kept;
    if (!source || !isUsed) return;
    const { muted: isMuted, playbackRate: rate } = video;
    this.#last = {
      source,
      chosen,
      isMuted,
      rate,
      position: playback?.position() ?? readPosition(video, null),
    };
  };
}
