import type { ResolvedSource } from '../source/player-source.js';
import { isOtherSource } from './is-other-source.js';
import type { OverlayState } from './overlay-host.js';

/** What of the overlay's host the captions need. */
export interface CaptionsHost {
  readonly video: { readonly textTracks: TextTrackList };
  readonly state: () => Pick<OverlayState, 'source'>;
}

/** What the viewer has chosen; `off`: no captions. */
type Choice = Pick<TextTrack, 'kind' | 'label' | 'language'> | 'off';

/** Shows the captions that the viewer has chosen also when the engine is another one, which brings its own tracks for the same source. */
export class KeptCaptions {
  readonly #host: CaptionsHost;
  /** `null` before captions were shown. */
  #choice: Choice | null = null;
  /** The track of the choice: one that is not in the list is that of an engine that has ended. */
  #track: TextTrack | null = null;
  #source: ResolvedSource | null = null;

  constructor(host: CaptionsHost) {
    this.#host = host;
    // The video element has the same lifetime as the element.
    const { textTracks } = host.video;
    textTracks.addEventListener('change', this.#see);
    textTracks.addEventListener('addtrack', this.#restore);
    this.#see();
  }

  get #captions(): TextTrack[] {
    return Array.from(this.#host.video.textTracks).filter(({ kind }) =>
      /^(?:captions|subtitles)$/.test(kind),
    );
  }

  readonly #see = (): void => {
    const captions = this.#captions;
    const shown = captions.find(({ mode }) => mode === 'showing');
    if (shown) {
      const { kind, label, language } = shown;
      this.#choice = { kind, label, language };
      this.#track = shown;
      this.#source = this.#host.state().source;
    } else if (this.#track && captions.includes(this.#track)) this.#choice = 'off';
  };

  readonly #restore = (): void => {
    const choice = this.#choice;
    const captions = this.#captions;
    if (choice === null || isOtherSource(this.#source, this.#host.state().source)) return;
    if (this.#track && captions.includes(this.#track)) return;
    const chosen =
      choice === 'off'
        ? captions[0]
        : captions.find(
            ({ kind, label, language }) =>
              kind === choice.kind && label === choice.label && language === choice.language,
          );
    if (!chosen) return;
    this.#track = chosen;
    for (const track of captions) if (track.mode === 'showing') track.mode = 'disabled';
    if (choice !== 'off') chosen.mode = 'showing';
  };
}
