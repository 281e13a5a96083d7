import { GatecastError, systemClock, type Cancel } from '@gatecast/token';
import type Hls from 'hls.js';

export interface OpeningOptions {
  readonly hls: Hls;
  readonly library: Pick<typeof Hls, 'Events'>;
  readonly media: HTMLMediaElement;
  readonly onFailed: (error: GatecastError) => void;
}

/** A media source opens within milliseconds. It does not while the page is hidden. */
const OPENING_MS = 8000;

/**
 * Watches that the media source opens. Where the page's policy forbids its `blob:` address it never does, and hls.js waits
 * for it without an end.
 */
export function watchOpening({ hls, library, media, onFailed }: OpeningOptions): void {
  const { Events } = library;
  const fail = (): void => {
    end();
    onFailed(neverOpened(media.error));
  };
  const failLater = (): Cancel =>
    systemClock.at(systemClock.now() + OPENING_MS, () => {
      if (document.hidden) cancel = failLater();
      else fail();
    });
  let cancel = failLater();
  const end = (): void => {
    cancel();
    media.removeEventListener('error', fail);
  };
  media.addEventListener('error', fail);
  hls.once(Events.MEDIA_ATTACHED, end);
  hls.once(Events.DESTROYING, end);
}

function neverOpened(cause: MediaError | null): GatecastError {
  return new GatecastError('media-failed', 'The media source of the player could not be opened.', {
    hint: 'Allow blob: in media-src of the page’s Content-Security-Policy.',
    cause: cause?.message,
  });
}
