import { languageOf, WrongValueWarnings, type EventLog } from '@gatecast/element';
import type { Clock, GatecastError } from '@gatecast/token';
import type { TrackComposer } from '../capture/capture-events.js';
import { originOf, type CaptureRequest } from '../capture/capture-request.js';
import { markComposed } from '../capture/composed-tracks.js';
import { createSlate, type Substitute } from '../capture/substitute.js';
import { picturePart } from '../composition/composition-part.js';
import type { Picture, PictureOptions } from '../composition/picture.js';
import { loadMessages, messagesWithoutLoading } from '../messages/load-messages.js';
import type { BroadcastHost } from './broadcast-host.js';

export interface PictureControlOptions {
  readonly host: BroadcastHost;
  readonly clock: Clock;
  readonly log: EventLog;
}

/** The text of the slate in the page's language. */
export function slateText(host: HTMLElement): Promise<string> {
  const language = languageOf(host);
  return loadMessages(language, { tries: 1 }).then(
    ({ slate }) => slate,
    () => messagesWithoutLoading(language).slate,
  );
}

/** The composed picture, while the element's options need one. Its code is loaded then. */
export class PictureControl {
  readonly #options: PictureControlOptions;
  readonly #warnings = new WrongValueWarnings();
  #picture: Picture | null = null;
  /** Shown while the slate is wanted and the code of the picture is not there. */
  #cover: (TrackComposer & { stop(): void }) | null = null;

  constructor(options: PictureControlOptions) {
    this.#options = options;
  }

  /** Do viewers get the slate of `show-slate`? */
  get isSlateShown(): boolean {
    return this.#cover !== null || (this.#picture?.isSlateShown ?? false);
  }

  /** Of the options of the picture, the first that is invalid; `null` without one, or without a picture. */
  get problem(): GatecastError | null {
    return this.#picture?.problem ?? null;
  }

  /** Does the picture need code that is not loaded yet? */
  isMissingFor(request: CaptureRequest): boolean {
    return !this.#picture && isNeeded(this.#options.host, request);
  }

  /**
   * Loads what the picture needs, and draws it as the element's options say. An invalid option keeps its last valid value.
   *
   * @throws GatecastError `publisher-load-failed`; DOMException `NotSupportedError`; the signal's reason.
   */
  async prepare(request: CaptureRequest, signal: AbortSignal): Promise<void> {
    const { host, clock, log } = this.#options;
    if (!isNeeded(host, request)) return;
    const Picture = await picturePart({ signal, tries: 3, log });
    signal.throwIfAborted();
    if (this.#picture) {
      this.update(request);
      return;
    }
    this.#picture = new Picture(readOptions(host, request), {
      clock,
      slateText: slateText(host),
      onImageFailed: (of, cause) => this.#onImageFailed(of, cause),
      onDrawFailed: (cause) => log.add('picture-draw-failed', { reason: nameOf(cause) }),
    });
  }

  /** Draws the picture as the element's options say, at once, if its code is loaded. */
  update(request: CaptureRequest): void {
    this.#picture?.update(readOptions(this.#options.host, request));
  }

  /**
   * What draws the picture for what is captured, if the options need one now. While its code is not loaded, the camera is
   * sent as it is, unless the slate is wanted: then a simple slate is sent instead.
   */
  composerFor(request: CaptureRequest | null): TrackComposer | null {
    const { host } = this.#options;
    if (!request || !isNeeded(host, request)) return null;
    if (this.#picture) return this.#picture.composer;
    if (host.showSlate !== true) return null;
    this.#cover ??= coverOf(
      createHostSlate(this.#options, request, (cause) => this.#onImageFailed('slate', cause)),
    );
    return this.#cover;
  }

  /** Ends what is not used to draw what is sent. */
  stopUnused(composer: TrackComposer | null, keepsPicture: boolean): void {
    if (this.#cover && composer !== this.#cover) {
      this.#cover.stop();
      this.#cover = null;
    }
    if (this.#picture && composer !== this.#picture.composer && !keepsPicture) {
      this.#picture.stop();
      this.#picture = null;
    }
  }

  /** Ends the picture. What captures must not use its composer any longer. */
  stop(): void {
    this.stopUnused(null, false);
  }

  #onImageFailed(of: 'slate' | 'overlay', cause: unknown): void {
    const reason = nameOf(cause);
    this.#options.log.add(`${of}-image-failed`, { reason });
    // The address may be signed, so it is not in the message.
    this.#warnings.add({
      message: `The image of the ${of} could not be used (${reason ?? 'unknown'}).`,
      hint: 'Check its address. An image of another origin needs the header Access-Control-Allow-Origin.',
    });
  }
}

function isNeeded({ overlay, showSlate }: BroadcastHost, request: CaptureRequest): boolean {
  if (originOf(request, 'screen') !== null) return true;
  if (originOf(request, 'video') === null || request.media?.getVideoTracks().length === 0) return false;
  const hasOverlay = Array.isArray(overlay) ? overlay.length > 0 : Boolean(overlay);
  return hasOverlay || showSlate === true;
}

/** A removed attribute is `null`. */
function readOptions(host: BroadcastHost, request: CaptureRequest): PictureOptions {
  const { showSlate, slate, overlay } = host;
  const { width, height, framerate } = request;
  return {
    layout: host.layout ?? 'picture-in-picture',
    inset: host.inset ?? 'bottom-right',
    overlay: overlay ?? null,
    showSlate: showSlate === true,
    slate,
    size: { width, height },
    framerate,
  };
}

/** The slate as the element's options say it. @throws DOMException `NotSupportedError` */
export function createHostSlate(
  { host, clock }: Pick<PictureControlOptions, 'host' | 'clock'>,
  { width, height }: Pick<CaptureRequest, 'width' | 'height'>,
  onImageFailed: (cause: unknown) => void,
): Substitute {
  return createSlate({
    width,
    height,
    clock,
    text: slateText(host),
    // An invalid address fails as an image that cannot be loaded.
    imageUrl: host.slate === null || host.slate === '' ? null : host.slate,
    onImageFailed: () => onImageFailed(undefined),
  });
}

/** A composer that shows no source. */
function coverOf(slate: Substitute): TrackComposer & { stop(): void } {
  const { track } = slate;
  markComposed(track);
  return { track, setSource: () => undefined, stop: () => slate.stop() };
}

function nameOf(cause: unknown): string | undefined {
  return cause instanceof Error || cause instanceof DOMException ? cause.name : undefined;
}
