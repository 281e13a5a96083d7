import { GatecastError, type Clock } from '@gatecast/token';
import type { CodecChoice } from '../choose-codecs.js';

/** The video codecs of an offer. */
export interface OfferedCodecs {
  /** Names, such as `h264`, by preference. */
  readonly names: readonly string[];
  /** Those that are wanted, whether the ingest and the browser have them or not. */
  readonly wanted: readonly string[];
  /** Is there another offer to make if the ingest does not take this one? */
  readonly hasFloor: boolean;
}

export interface CodecFloorOptions {
  readonly clock: Clock;
  readonly log: (type: string, details: Record<string, unknown>) => void;
}

/** So long an ingest that has refused an offer gets only the floor. */
const FLOOR_MS = 10 * 60_000;
/** Statuses of an ingest that does not take what an offer contains; without a status, its answer does not fit the offer. */
const OFFER_REFUSED: readonly unknown[] = [400, 406, 415, 422, 488, undefined];

/** Makes a second offer, with the floor alone, to an ingest that does not take the codecs that are preferred. */
export class CodecFloor {
  readonly #options: CodecFloorOptions;
  #refusal: { readonly by: string; readonly untilMs: number } | null = null;
  /** Is the refusal only a guess, which the next session has to show? */
  #isGuess = false;

  constructor(options: CodecFloorOptions) {
    this.#options = options;
  }

  /**
   * Opens a session with the codecs of a choice, or with its floor.
   *
   * @param by - names the ingest and the choice: a refusal is remembered for them.
   * @throws what `open` throws for the last offer.
   */
  async open<Session>(
    { names, wanted, floor }: CodecChoice,
    by: string,
    open: (codecs: OfferedCodecs) => Promise<Session>,
  ): Promise<Session> {
    const { clock, log } = this.#options;
    if (floor === null) return open({ names, wanted, hasFloor: false });
    const withFloor = (): Promise<Session> => open({ names: [floor], wanted, hasFloor: false });
    const untilMs = clock.now() + FLOOR_MS;
    if (this.#refusal?.by === by && clock.now() < this.#refusal.untilMs) {
      try {
        const opened = await withFloor();
        this.#isGuess = false;
        return opened;
      } catch (error) {
        const isOther = isOfferRefused(error) || (this.#isGuess && isMediaStopped(error));
        if (isOther) this.#refusal = null;
        throw error;
      }
    }
    try {
      return await open({ names, wanted, hasFloor: true });
    } catch (error) {
      const isStopped = isMediaStopped(error);
      if (!isStopped && !isOfferRefused(error)) throw error;
      log('codecs-refused', { offered: names, next: floor, error });
      if (isStopped) {
        // It has taken its time, and the broadcast makes another attempt anyway. A slow camera looks the same.
        this.#refusal = { by, untilMs };
        this.#isGuess = true;
        throw error;
      }
    }
    const session = await withFloor();
    // Only now: an ingest that refuses the floor, too, has another reason.
    this.#refusal = { by, untilMs };
    this.#isGuess = false;
    return session;
  }
}

function isMediaStopped(error: unknown): boolean {
  return error instanceof GatecastError && error.code === 'media-stopped';
}

function isOfferRefused(error: unknown): boolean {
  if (!(error instanceof GatecastError)) return false;
  const { code, status } = error;
  return code === 'codec-unavailable' || (code === 'ingest-refused' && OFFER_REFUSED.includes(status));
}
