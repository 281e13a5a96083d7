import { GatecastError } from '@gatecast/token';
import type { OverlayHost, OverlayPlayback } from './overlay-host.js';
import { requestSideFile } from './request-side-file.js';

/** The copy of a `<track>` child in the video element. */
interface Copy {
  /** The child as it was copied. */
  readonly original: HTMLTrackElement;
  readonly element: HTMLTrackElement;
  /** The request with a token; `null` before it, and after it has failed. */
  request: AbortController | null;
  /** Its `blob:` address. */
  objectUrl: string;
  /** The playback of the last request. */
  requestedFor: OverlayPlayback | null;
}

/**
 * Copies the `<track>` children of an element into its video element, and keeps the copies up to date. A file on an origin
 * that may have the token is requested with it when the track is switched on, and the copy gets a `blob:` address. The
 * browser itself loads all others. The observer has the same lifetime as the element.
 */
export class TrackCopies {
  readonly #host: OverlayHost;
  readonly #copies = new Map<HTMLTrackElement, Copy>();

  constructor(host: OverlayHost) {
    this.#host = host;
    const { player, video } = host;
    const update = (): void => {
      this.update();
    };
    new MutationObserver(update).observe(player, { childList: true, subtree: true, attributes: true });
    // The video element has the same lifetime as the element.
    video.textTracks.addEventListener('change', update);
    update();
  }

  /** Follows the children, the source, and which tracks are on. */
  update(): void {
    const { player, video } = this.#host;
    const tracks = Array.from(player.querySelectorAll<HTMLTrackElement>(':scope > track'));
    for (const [track, copy] of this.#copies) {
      if (!tracks.includes(track) || !track.isEqualNode(copy.original)) this.#remove(track, copy);
    }
    for (const track of tracks) {
      if (!this.#copies.has(track)) this.#copy(track, video);
    }
    for (const [track, copy] of this.#copies) this.#load(track, copy);
  }

  /** Removes all copies, until the next `update()`. */
  clear(): void {
    for (const [track, copy] of this.#copies) this.#remove(track, copy);
  }

  #copy(track: HTMLTrackElement, video: HTMLVideoElement): void {
    const original = track.cloneNode() as HTMLTrackElement;
    const element = track.cloneNode() as HTMLTrackElement;
    element.removeAttribute('src');
    this.#copies.set(track, { original, element, request: null, objectUrl: '', requestedFor: null });
    video.append(element);
    // Nobody switches these on; the seek bar reads their cues.
    if (/^(?:chapters|metadata)$/.test(element.track.kind)) element.track.mode = 'hidden';
  }

  #load(track: HTMLTrackElement, copy: Copy): void {
    const { isProtected, playback } = this.#host.state();
    const { element } = copy;
    if (element.src !== '' || track.src === '') return;
    if (!isProtected || playback?.authorizer.isAllowed(track.src) === false) {
      element.src = track.src;
      return;
    }
    if (!playback || copy.request) return;
    if (element.track.mode === 'disabled') copy.requestedFor = null;
    // After a failure it is requested again for another source, or when the viewer switches it on again.
    else if (copy.requestedFor !== playback) void this.#request(track, copy, playback);
  }

  async #request(track: HTMLTrackElement, copy: Copy, playback: OverlayPlayback): Promise<void> {
    const { signal } = (copy.request = new AbortController());
    copy.requestedFor = playback;
    try {
      const url = await requestSideFile(this.#host, playback, { url: track.src, track }, signal);
      if (signal.aborted) {
        URL.revokeObjectURL(url);
        return;
      }
      copy.objectUrl = copy.element.src = url;
    } catch (error) {
      if (signal.aborted) return;
      copy.request = null;
      const code = error instanceof GatecastError ? error.code : 'timeout';
      this.#host.log.add('track-failed', { kind: track.kind, label: track.label, code });
    }
  }

  #remove(track: HTMLTrackElement, copy: Copy): void {
    copy.request?.abort();
    copy.element.remove();
    if (copy.objectUrl !== '') URL.revokeObjectURL(copy.objectUrl);
    this.#copies.delete(track);
  }
}
