import { languageOf, WrongValueWarnings, type EventLog } from '@gatecast/element';
import type { Clock } from '@gatecast/token';
import type { TrackComposer } from '../capture/capture-events.js';
import { originOf, type CaptureRequest } from '../capture/capture-request.js';
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

  constructor(options: PictureControlOptions) {
    this.#options = options;
  }

  /**
   * The composer for the element's options; `null` if the camera or screen can be sent as it is.
   *
   * @throws GatecastError `settings-invalid`, `publisher-load-failed`; the signal's reason.
   */
  async get(request: CaptureRequest, signal: AbortSignal): Promise<TrackComposer | null> {
    const { host, clock, log } = this.#options;
    if (!isNeeded(host, request)) return null;
    const Picture = await picturePart({ signal, tries: 3, log });
    const options = readOptions(host, request);
    if (this.#picture) this.#picture.update(options);
    else
      this.#picture = new Picture(options, {
        clock,
        slateText: slateText(host),
        onImageFailed: (of, cause) => this.#onImageFailed(of, cause),
      });
    return this.#picture.composer;
  }

  /** The composer for what is captured, if the options need one now and it is loaded. */
  composerFor(request: CaptureRequest | null): TrackComposer | null {
    return request && isNeeded(this.#options.host, request) ? (this.#picture?.composer ?? null) : null;
  }

  /** Ends the picture. What captures must not use its composer any longer. */
  stop(): void {
    this.#picture?.stop();
    this.#picture = null;
  }

  #onImageFailed(of: 'slate' | 'overlay', cause: unknown): void {
    const reason = cause instanceof Error || cause instanceof DOMException ? cause.name : undefined;
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
  if (originOf(request, 'video') === null) return false;
  const hasOverlay = Array.isArray(overlay) ? overlay.length > 0 : Boolean(overlay);
  return hasOverlay || showSlate === true;
}

function readOptions(host: BroadcastHost, request: CaptureRequest): PictureOptions {
  const { layout = 'picture-in-picture', inset = 'bottom-right', overlay = null, showSlate, slate } = host;
  const { width, height, framerate } = request;
  return { layout, inset, overlay, showSlate: showSlate ?? false, slate, size: { width, height }, framerate };
}
