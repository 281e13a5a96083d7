import { delay, type Clock } from '@gatecast/token';
import type { CreatedSession } from '@gatecast/webrtc';
import { noMedia } from './whep-errors.js';
import type { WhepSession } from './whep-session.js';

export interface NextSessionOptions {
  readonly clock: Clock;
  /** @throws GatecastError for options that cannot be used. */
  create(): WhepSession;
  /** Is a picture shown that another session would replace? */
  isReplacing(): boolean;
  /** Called when the session can be shown. From then on it belongs to the callee. */
  show(session: WhepSession, created: CreatedSession): void;
}

interface Attempt {
  readonly controller: AbortController;
  readonly isRepair: boolean;
  /** `null` while it waits to begin. */
  session: WhepSession | null;
}

/** The session that is opened beside the one that is shown, until it can take its place. There is one at a time. */
export class NextSession {
  readonly #options: NextSessionOptions;
  #attempt: Attempt | null = null;

  constructor(options: NextSessionOptions) {
    this.#options = options;
  }

  /** Is one opened, or does it wait to be? */
  get isPending(): boolean {
    return this.#attempt !== null;
  }

  /** Is one opened? One that waits is not: what is needed at once takes its place. */
  get isOpening(): boolean {
    return Boolean(this.#attempt?.session);
  }

  /**
   * Opens a session after `waitMs`. Resolves when it is shown, or is not needed.
   *
   * @param isRepair - is it needed only until the session that is shown works again?
   * @throws GatecastError why it cannot be shown.
   */
  async open(waitMs: number, isRepair: boolean): Promise<void> {
    this.stop();
    const options = this.#options;
    const controller = new AbortController();
    const { signal } = controller;
    const attempt: Attempt = (this.#attempt = { controller, isRepair, session: null });
    try {
      if (waitMs > 0) await delay(options.clock, waitMs, signal);
      const session = (attempt.session = options.create());
      const created = await session.open(signal);
      await session.whenPicture(options.isReplacing(), signal);
      signal.throwIfAborted();
      if (session.tracks.length === 0 && options.isReplacing()) throw noMedia();
      this.#attempt = null;
      options.show(session, created);
    } catch (error) {
      if (this.#attempt === attempt) this.#attempt = null;
      void attempt.session?.close();
      if (!signal.aborted) throw error;
    }
  }

  /** The session that is shown works again. */
  stopRepair(): void {
    if (this.#attempt?.isRepair) this.stop();
  }

  stop(): void {
    const attempt = this.#attempt;
    this.#attempt = null;
    attempt?.controller.abort();
    void attempt?.session?.close();
  }
}
