import type HlsClass from 'hls.js';
import type { Fragment, FragBufferedData } from 'hls.js';
import type { LicenceContext, LicenceHls } from './licence-host.js';

/** Tells whether a key is still needed: by a segment of a playlist, or by media that is buffered and has not played. */
export class KeyUse {
  readonly #hls: LicenceHls;
  readonly #uri: string;
  /** End of the last buffered segment with this key, in seconds of the media. */
  #bufferedToS = -Infinity;

  constructor(hls: LicenceHls, { decryptdata }: LicenceContext, signal: AbortSignal) {
    this.#hls = hls;
    this.#uri = decryptdata.uri;
    const { FRAG_BUFFERED } = (hls.constructor as typeof HlsClass).Events;
    const onBuffered = (_event: unknown, { frag }: Pick<FragBufferedData, 'frag'>): void => {
      if (this.#hasKey(frag, null)) this.#bufferedToS = Math.max(this.#bufferedToS, frag.end);
    };
    hls.on(FRAG_BUFFERED, onBuffered);
    signal.addEventListener('abort', () => {
      hls.off(FRAG_BUFFERED, onBuffered);
    });
  }

  /** @param session - its licence may have keys of other segments. */
  isNeeded(session: MediaKeySession): boolean {
    const { levels, audioTracks, media } = this.#hls;
    if (media && media.currentTime < this.#bufferedToS) return true;
    return [...levels, ...audioTracks].some(({ details }) => {
      // A live playlist that is not loaded any longer has lost all its segments when its whole window has passed.
      if (!details || (details.live && details.age > details.totalduration)) return false;
      const { fragments, fragmentHint } = details;
      return [...fragments, ...(fragmentHint ? [fragmentHint] : [])].some((frag) =>
        this.#hasKey(frag, session),
      );
    });
  }

  #hasKey({ levelkeys }: Pick<Fragment, 'levelkeys'>, session: MediaKeySession | null): boolean {
    return Object.values(levelkeys ?? {}).some(
      (key) => key && (key.uri === this.#uri || (key.keyId && session?.keyStatuses.has(key.keyId))),
    );
  }
}
